"""What the user chose for a destination: the options of its entry, understood."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from .client import TOKEN_PATH, VALUES_PATH
from .form import Choice, Compatibility, Form, TimeMode, Unknown
from .kinds import DeviceKind

CONF_PLANTS: Final = "plants"
CONF_OFFERED: Final = "offered"
CONF_INTERVAL: Final = "interval"
CONF_DRY_RUN: Final = "dry_run"
CONF_TIME_MODE: Final = "time_mode"
CONF_COMPATIBILITY: Final = "compatibility"
CONF_UNKNOWN: Final = "unknown"
CONF_DECIMALS: Final = "decimals"
CONF_TYPE_INVERTER: Final = "type_inverter"
CONF_TYPE_DEVICE: Final = "type_device"
CONF_DEVICE_TYPES: Final = "device_types"
CONF_LEFT_OUT: Final = "left_out"
CONF_KINDS: Final = "kinds"
CONF_KINDS_PLANT: Final = "kinds_plant"
CONF_KINDS_SINCE: Final = "kinds_since"
CONF_HOUSE: Final = "kinds_house"
CONF_RETENTION: Final = "retention"
CONF_TOKEN_PATH: Final = "token_path"  # noqa: S105 - the name of an option
CONF_VALUES_PATH: Final = "values_path"

INTERVALS: Final = ("5", "15", "30", "60")
"""Minutes of a slot."""
DEFAULTS: Final[Mapping[str, Any]] = {
    CONF_INTERVAL: "60",
    CONF_DRY_RUN: False,
    CONF_TIME_MODE: TimeMode.SLOT.value,
    CONF_COMPATIBILITY: Compatibility.STRICT.value,
    CONF_UNKNOWN: Unknown.NULL.value,
    CONF_DECIMALS: 3,
    CONF_TYPE_INVERTER: 9,
    CONF_TYPE_DEVICE: 0,
    CONF_DEVICE_TYPES: [],
    CONF_LEFT_OUT: [],
    CONF_KINDS: [],
    CONF_KINDS_PLANT: 0,
    CONF_HOUSE: "",
    CONF_RETENTION: 30,
    CONF_TOKEN_PATH: TOKEN_PATH,
    CONF_VALUES_PATH: VALUES_PATH,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """A plant that is delivered: how, and from which moment on by itself."""

    choice: Choice
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The options of a destination."""

    aims: Mapping[str, Aim]
    """By the source that measures the plant."""
    offered: frozenset[str]
    """The plants that the user has seen, chosen or not."""
    form: Form
    kinds: tuple[DeviceKind, ...]
    """Of devices that are delivered beside micro-inverters."""
    kinds_aim: Aim | None
    """The plant that they belong to; None if none was named."""
    house: str
    """The entry of the house that is delivered; empty if none is."""
    retention: timedelta
    dry_run: bool
    token_path: str
    values_path: str

    @property
    def sends(self) -> bool:
        """Whether anything may leave: plants were chosen, and it is not only tried."""
        return bool(self.plants) and not self.dry_run

    @property
    def plants(self) -> frozenset[int]:
        """The numbers of all plants of which anything is delivered."""
        others = {self.kinds_aim.choice.id} if self.kinds and self.kinds_aim else set()
        return frozenset({aim.choice.id for aim in self.aims.values()} | others)


def settings_of(options: Mapping[str, Any]) -> Settings:
    """Return what options say; what they do not say is the default."""
    said = {**DEFAULTS, **options}
    types = device_types(said[CONF_DEVICE_TYPES])
    left_out = frozenset(said[CONF_LEFT_OUT])
    plants: Mapping[str, Mapping[str, Any]] = said.get(CONF_PLANTS, {})
    aims = {
        source: Aim(
            choice=Choice(id=int(plant["id"]), left_out=left_out, types=types),
            since=datetime.fromisoformat(plant["since"]),
        )
        for source, plant in plants.items()
    }
    return Settings(
        aims=aims,
        offered=frozenset(said.get(CONF_OFFERED, ())),
        form=Form(
            interval=timedelta(minutes=int(said[CONF_INTERVAL])),
            time_mode=TimeMode(said[CONF_TIME_MODE]),
            compatibility=Compatibility(said[CONF_COMPATIBILITY]),
            unknown=Unknown(said[CONF_UNKNOWN]),
            decimals=int(said[CONF_DECIMALS]),
            type_inverter=int(said[CONF_TYPE_INVERTER]),
            type_device=int(said[CONF_TYPE_DEVICE]),
        ),
        kinds=tuple(kind for kind in DeviceKind if kind in said[CONF_KINDS]),
        kinds_aim=_kinds_aim(said, aims, Choice(id=0, left_out=left_out, types=types)),
        house=said[CONF_HOUSE],
        retention=timedelta(days=int(said[CONF_RETENTION])),
        dry_run=said[CONF_DRY_RUN],
        token_path=said[CONF_TOKEN_PATH],
        values_path=said[CONF_VALUES_PATH],
    )


def _kinds_aim(said: Mapping[str, Any], aims: Mapping[str, Aim], choice: Choice) -> Aim | None:
    """Return the plant of the other kinds: the one that is named, chosen or not, else the first."""
    number, since = int(said[CONF_KINDS_PLANT]), said.get(CONF_KINDS_SINCE)
    chosen = [aim for aim in aims.values() if number in (0, aim.choice.id)]
    if chosen or not number or since is None:
        return next(iter(chosen), None)
    return Aim(choice=replace(choice, id=number), since=datetime.fromisoformat(since))


def device_types(lines: list[str]) -> dict[str, tuple[int, int]]:
    """Return inverter and device code by serial number; raises ValueError.

    A line says `serial: inverter code, device code`.
    """
    found = {}
    for line in lines:
        serial, _, codes = line.partition(":")
        inverter, device = codes.split(",")
        found[serial.strip()] = (int(inverter), int(device))
    return found
