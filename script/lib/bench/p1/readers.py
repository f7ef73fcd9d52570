"""The two that read the stream: our entry and that of Home Assistant's own `dsmr`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from custom_components.energy_hub.const import DOMAIN
from custom_components.energy_hub.devices.fluvius.metrics import MBUS_METRICS, METRICS
from custom_components.energy_hub.metric import Metric
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform

from ..case import Side
from ..entry import new_entry
from .telegram import GAS, METER, WATER

# Our key -> the key of `dsmr`. First what `dsmr` enables by itself.
_DEFAULT: Final[Mapping[str, str]] = {
    "import_power": "current_electricity_usage",
    "export_power": "current_electricity_delivery",
    "tariff": "electricity_active_tariff",
    "import_day": "electricity_used_tariff_1",
    "import_night": "electricity_used_tariff_2",
    "export_day": "electricity_delivered_tariff_1",
    "export_night": "electricity_delivered_tariff_2",
    "quarter_power": "belgium_current_average_demand",
    "month_peak": "belgium_maximum_demand_current_month",
}
_MORE: Final[Mapping[str, str]] = {
    "power_l1": "instantaneous_active_power_l1_positive",
    "power_l2": "instantaneous_active_power_l2_positive",
    "power_l3": "instantaneous_active_power_l3_positive",
    "voltage_l1": "instantaneous_voltage_l1",
    "voltage_l2": "instantaneous_voltage_l2",
    "voltage_l3": "instantaneous_voltage_l3",
    "current_l1": "instantaneous_current_l1",
    "current_l2": "instantaneous_current_l2",
    "current_l3": "instantaneous_current_l3",
    "limiter": "belgium_max_power_per_phase",
    "fuse": "belgium_max_current_per_phase",
}
_MBUS: Final[Mapping[str, str]] = {"gas": GAS, "water": WATER}
FEW: Final = len(_DEFAULT) + len(_MBUS)
"""How many entities are compared: what `dsmr` enables by itself..."""
MANY: Final = FEW + len(_MORE)
"""...or all that both have."""


@dataclass(frozen=True, slots=True)
class Wish:
    """An entity as it shall be when the entry is set up."""

    platform: Platform
    unique_id: str
    enabled: bool


class Reader(Protocol):
    """Who reads the stream."""

    domain: str
    power: str
    """The unique ids of the sensors that show the import and the running quarter."""
    quarter: str

    def entry(self, port: int, interval: int | None) -> ConfigEntry[Any]:
        """Return an entry that reads the stream; without an interval it has its defaults."""

    def wishes(self, entities: int) -> Iterator[Wish]:
        """Yield the entities that must be chosen, so that `entities` of them are enabled."""


class _Ours:
    domain = DOMAIN
    _meter = bytes.fromhex(METER).decode("ascii")
    power = f"{_meter}_import_power"
    quarter = f"{_meter}_quarter_power"

    def entry(self, port: int, interval: int | None) -> ConfigEntry[Any]:
        groups = ("power", "energy", "electrical")
        return new_entry(
            self.domain,
            METER,
            {"type": "fluvius", "device_id": self._meter, "host": "127.0.0.1", "port": port},
            {} if interval is None else {f"{group}_interval": interval for group in groups},
        )

    def wishes(self, entities: int) -> Iterator[Wish]:
        wanted = _wanted(entities)
        for metric in METRICS:
            platform = Platform.SENSOR if isinstance(metric, Metric) else Platform.BINARY_SENSOR
            yield Wish(platform, f"{self._meter}_{metric.key}", metric.key in wanted)
        for medium, serial in _MBUS.items():
            for metric in MBUS_METRICS[medium]:
                uid = f"{bytes.fromhex(serial).decode('ascii')}_{metric.key}"
                yield Wish(Platform.SENSOR, uid, metric.key in _MBUS)


class _Dsmr:
    domain = "dsmr"
    power = f"{METER}_current_electricity_usage"
    quarter = f"{METER}_belgium_current_average_demand"

    def entry(self, port: int, interval: int | None) -> ConfigEntry[Any]:
        return new_entry(
            self.domain,
            METER,
            {
                "port": f"socket://127.0.0.1:{port}",
                "protocol": "dsmr_protocol",
                "dsmr_version": "5B",
                "serial_id": METER,
                "serial_id_gas": GAS,
            },
            # It publishes after more than this has passed: 30 would give every 31st telegram.
            {} if interval is None else {"time_between_update": interval - 1},
        )

    def wishes(self, entities: int) -> Iterator[Wish]:
        for key in _wanted(entities).values():
            yield Wish(Platform.SENSOR, f"{METER}_{key}", enabled=True)


def reader(side: Side) -> Reader:
    """Return the reader of a side."""
    return _Ours() if side is Side.OURS else _Dsmr()


def _wanted(entities: int) -> Mapping[str, str]:
    return {**_DEFAULT, **_MORE} if entities == MANY else _DEFAULT
