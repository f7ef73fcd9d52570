"""Which plants the S-Miles cloud knows, and how it lets clients in."""

from dataclasses import dataclass, field
from enum import Enum
from typing import Final, Literal

KEY_CALLS_PER_MINUTE: Final = 10
KEY_CALLS_PER_MONTH: Final = 10_000
"""What plan A of the key API allows."""


class Password(Enum):
    """Which hash of the password the cloud wants at log-in."""

    ARGON2 = "argon2"
    """Argon2id with the salt that it gives; every account since 2026."""
    DOTTED = "dotted"
    """MD5 in hex, a dot, SHA-256 in base64."""
    SHA256 = "sha256"
    """SHA-256 in hex."""
    LEGACY = "legacy"
    """MD5 in hex, at the log-in of the years before."""


class Surface(Enum):
    """Which paths an account may use."""

    FULL = "full"
    HOME = "home"
    """S-Miles Home: only `/pvmc` paths, and only for clients that call themselves the app."""


@dataclass(frozen=True, slots=True)
class MicroConfig:
    """One micro-inverter. `id` is its number in the cloud, `ports` the ports with a panel.

    `efficiency` is AC over DC power: at 1 the DC figures equal the world's, which are AC.
    Serials are made up.
    """

    serial: str
    id: int
    ports: tuple[int, ...]
    model: str = "HM-1500"
    efficiency: float = 1.0
    phases: Literal[1, 3] = 1


@dataclass(frozen=True, slots=True)
class PlantConfig:
    """A plant; it gives `scale` times what the house's own Hoymiles array gives.

    At 1 it is the house's own, panel by panel. A plant without `zone` stands in that of the
    house.
    """

    id: int
    name: str
    micros: tuple[MicroConfig, ...]
    scale: float = 1.0
    zone: str | None = None


HOUSE: Final = PlantConfig(
    3_187_654,
    "Rooftop",
    (
        MicroConfig("116099000101", 40_101, (1, 2, 3, 4)),
        MicroConfig("114099000102", 40_102, (1, 2), "HM-800"),
    ),
)
NEIGHBOUR: Final = PlantConfig(
    3_187_702,
    "Barn",
    (
        MicroConfig("10F899000201", 40_201, (3, 4), "HMS-1600-4T", efficiency=0.95),
        MicroConfig("161099000202", 40_202, (1, 2, 3, 4, 5, 6, 7, 8), "MIT-5000-8T", phases=3),
    ),
    scale=1.7,
)
EMPTY: Final = PlantConfig(3_187_911, "Carport", (), scale=0.0)


@dataclass(frozen=True, slots=True)
class CloudConfig:
    """The cloud: its plants, and who may ask what how often.

    Charts have a label every `step_min` minutes, of the key API every 15; a sample is shown
    `lag_s` after it was taken. Credentials open nothing.
    """

    plants: tuple[PlantConfig, ...] = (HOUSE, NEIGHBOUR, EMPTY)
    username: str = "owner@example.org"
    password: str = "example-password"  # noqa: S105 - opens nothing
    api_key: str = "Zm9v+YmFy/made=up"
    hash: Password = Password.ARGON2
    surface: Surface = Surface.FULL
    salt: bytes = field(default=bytes(range(16)))
    token_s: int = 7200
    step_min: int = 5
    lag_s: int = 60
    calls_per_minute: int = KEY_CALLS_PER_MINUTE
    calls_per_month: int = KEY_CALLS_PER_MONTH


def fleet(plants: int = 50, micros: int = 20) -> CloudConfig:
    """Return a cloud of many alike plants, four panels on every micro-inverter."""
    return CloudConfig(plants=tuple(_fleet_plant(number, micros) for number in range(plants)))


def _fleet_plant(number: int, micros: int) -> PlantConfig:
    first = number * micros
    return PlantConfig(
        4_000_000 + number,
        f"Plant {number + 1}",
        tuple(
            MicroConfig(f"1160{99_000_000 + one}", 100_000 + one, (1, 2, 3, 4))
            for one in range(first, first + micros)
        ),
        scale=micros * 0.6,
    )
