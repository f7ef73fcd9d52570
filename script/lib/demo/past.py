"""The past of the demo's house: its energy by the hour, as the simulated world knows it."""

from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Final

from aiohttp import ClientSession

from simulator.envoy.config import EnvoyConfig
from simulator.homevolt.config import EcuConfig
from simulator.hoymiles.config import HOUSE as PLANT
from simulator.huawei.config import InverterConfig
from simulator.p1.config import P1Config

from .api import HomeAssistant
from .wait import until

type Truth = Mapping[str, Any]
type Read = Callable[[Truth], float]

_HOUR: Final = timedelta(hours=1)
_WRITE_SECONDS: Final = 60
_METER: Final = P1Config().serial
_INVERTER: Final = InverterConfig().serial
_ECU: Final = str(EcuConfig().ecu_id)
SOURCES: Final[Mapping[str, tuple[str, ...]]] = {
    "grid": (f"grid/{_METER}",),
    "solar": (f"solar/{_INVERTER}", f"solar/{EnvoyConfig().serial}", f"solar/{PLANT.id}"),
    "battery": (f"battery/{_INVERTER}_battery", f"battery/{_ECU}"),
}
"""What the simulated house is made of; other plants of its cloud belong to neighbours."""


def _array(name: str) -> Read:
    return lambda truth: float(truth["arrays"][name]["energy_kwh"])


def _battery(name: str, key: str) -> Read:
    return lambda truth: float(truth["batteries"][name][key])


def _batteries(key: str) -> Read:
    return lambda truth: sum(float(one[key]) for one in truth["batteries"].values())


_COUNTERS: Final[Mapping[str, Read]] = {
    "solar": lambda truth: float(truth["solar_kwh"]),
    "import": lambda truth: float(truth["import_kwh"]),
    "export": lambda truth: float(truth["export_kwh"]),
    "house": lambda truth: float(truth["load_kwh"]),
    "battery_in": _batteries("charged_kwh"),
    "battery_out": _batteries("discharged_kwh"),
    f"import_{_METER}": lambda truth: float(truth["import_kwh"]),
    f"export_{_METER}": lambda truth: float(truth["export_kwh"]),
    f"solar_{_INVERTER}": _array("huawei"),
    f"solar_{EnvoyConfig().serial}": _array("enphase"),
    f"solar_{PLANT.id}": _array("hoymiles"),
    f"battery_in_{_INVERTER}_battery": _battery("luna", "charged_kwh"),
    f"battery_out_{_INVERTER}_battery": _battery("luna", "discharged_kwh"),
    f"battery_in_{_ECU}": _battery("homevolt", "charged_kwh"),
    f"battery_out_{_ECU}": _battery("homevolt", "discharged_kwh"),
}


async def remember(
    home: HomeAssistant, house_id: str, name: str, control: str, begin: datetime, now: datetime
) -> None:
    """Write the full hours since `begin` into the statistics of the house."""
    first = begin.replace(minute=0, second=0, microsecond=0) + _HOUR
    hours = [first + count * _HOUR for count in range((now - first) // _HOUR + 1)]
    truths = [truth async for truth in _truths(control, hours)]
    for key, read in _COUNTERS.items():
        await home.command(
            "recorder/import_statistics",
            metadata={
                "statistic_id": f"energy_hub:{house_id}_{key.lower()}",
                "source": "energy_hub",
                "name": f"{name} {key.replace('_', ' ')}",
                "unit_of_measurement": "kWh",
                "unit_class": "energy",
                "has_sum": True,
                "mean_type": 0,
            },
            stats=rows(hours, [read(truth) for truth in truths]),
        )
    # It is only queued: what comes next reads it.
    await until(lambda: _backlog(home), lambda waiting: waiting == 0, _WRITE_SECONDS)


def rows(hours: list[datetime], counter: list[float]) -> list[dict[str, Any]]:
    """Return the statistics of a counter that stood so at the beginning of each hour."""
    found: list[dict[str, Any]] = []
    total = 0.0
    for hour, (before, after) in zip(hours, pairwise(counter), strict=False):
        total = round(total + after - before, 6)
        found.append({"start": hour.isoformat(), "state": total, "sum": total})
    return found


async def _backlog(home: HomeAssistant) -> int:
    return int((await home.command("recorder/info"))["backlog"])


async def _truths(control: str, hours: list[datetime]) -> AsyncIterator[Truth]:
    async with ClientSession() as session:
        for hour in hours:
            async with session.get(f"{control}/truth", params={"at": hour.isoformat()}) as answer:
                answer.raise_for_status()
                yield await answer.json()
