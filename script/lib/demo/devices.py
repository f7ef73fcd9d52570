"""The devices that the demo adds: one line each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

type Listens = Mapping[str, str | int]
"""Where a simulated device listens, as the simulator says it."""


@dataclass(frozen=True, slots=True)
class Source:
    """A source of the Energy dashboard: its fields and the keys of the entities in them."""

    type: str
    entities: Mapping[str, str]
    settings: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Device:
    """A device: its name in the simulator, what the config flow is told, its energy sources."""

    name: str
    title: str
    menu: tuple[str, ...]
    form: Callable[[Listens], dict[str, Any]]
    sources: tuple[Source, ...] = ()


def _address(listens: Listens) -> dict[str, Any]:
    return {"host": listens["host"], "port": listens["port"]}


def _unit_address(listens: Listens) -> dict[str, Any]:
    return {**_address(listens), "unit_id": listens["unit_id"]}


def _web_address(listens: Listens) -> dict[str, Any]:
    return {"host": f"{listens['host']}:{listens['port']}"}


def _token(listens: Listens) -> dict[str, Any]:
    return {**_web_address(listens), "token": listens["token"]}


def _account(listens: Listens) -> dict[str, Any]:
    return {name: listens[name] for name in ("username", "password", "url")}


def _credential(listens: Listens) -> dict[str, Any]:
    return {name: listens[name] for name in ("url", "credential")}


_GRID: Final = Source(
    "grid",
    {
        "stat_energy_from": "import_total",
        "stat_energy_to": "export_total",
        "stat_rate": "grid_power",
    },
    {"cost_adjustment_day": 0},
)
_SOLAR: Final = Source(
    "solar", {"stat_energy_from": "pv_energy_total", "stat_rate": "pv_power"}, {}
)
_BATTERY: Final = Source(
    "battery",
    {
        "stat_energy_from": "battery_discharged_total",
        "stat_energy_to": "battery_charged_total",
        "stat_rate": "battery_power",
        "stat_soc": "battery_soc",
    },
    {},
)
_GAS: Final = Source("gas", {"stat_energy_from": "gas"}, {})
_WATER: Final = Source("water", {"stat_energy_from": "water"}, {})

METER: Final = Device(
    "p1", "P1 meter", ("fluvius", "fluvius_network"), _address, (_GRID, _GAS, _WATER)
)
INVERTER: Final = Device(
    "huawei", "Huawei inverter", ("huawei",), _unit_address, (_SOLAR, _BATTERY)
)
HOMEVOLT: Final = Device("homevolt", "Homevolt battery", ("homevolt",), _web_address, (_BATTERY,))
HOYMILES: Final = Device("hoymiles", "Hoymiles plants", ("hoymiles", "hoymiles_account"), _account)
ENVOY: Final = Device("envoy", "Envoy", ("enphase",), _token)
ENRG: Final = Device("enrg", "delivery to ENRG", ("enrg",), _credential)
DEVICES: Final = (METER, INVERTER, HOMEVOLT, ENVOY, HOYMILES, ENRG)
