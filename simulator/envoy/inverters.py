"""The micro-inverters: each reports by itself every few minutes, and only while the sun shines.

`/api/v1/production/inverters` lists their last reports, `/ivp/pdm/device_data` tells more.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from simulator.world import House
from simulator.world.sun import sun_position

from .config import DEVICE_LIMIT, EnvoyConfig
from .moment import Moment

WRAP_J = 1 << 32
OLD = timedelta(hours=5)
_MOST_W = 366
_SPREAD_S = 47
"""How far apart two inverters report."""
_MOST_KEPT = 4096


class _Instant(NamedTuple):
    """What the house was like at one moment."""

    energy_j: float
    voltage_v: float
    frequency_hz: float
    temperature_c: float


class Report(NamedTuple):
    """A report of an inverter: when it ended, its W, the J of its life and period."""

    end_s: int
    power_w: int
    life_j: int
    period_j: int
    then: _Instant


class Fleet:
    """The inverters of a gateway; what they have reported stays true."""

    def __init__(self, house: House, config: EnvoyConfig) -> None:
        """Make the fleet of an array; raises KeyError when the house does not have it."""
        self._house = house
        self._config = config
        array = {one.id: one for one in house.config.arrays}[config.array]
        self.shares = array.shares(house.config.seed)
        self._phase = array.phases[0] if house.config.phases > 1 else 1
        self._known: dict[int, _Instant] = {}

    def serial(self, index: int) -> str:
        """Return the made-up serial number of an inverter."""
        return f"{482_990_000_000 + index}"

    def reports(self, at: datetime) -> list[Report]:
        """Return the last report of each inverter at a moment."""
        return [self._report(index, share, at) for index, share in enumerate(self.shares)]

    def production_wh(self, at: datetime) -> float:
        """Return the energy that the inverters have reported up to a moment."""
        return sum(one.life_j for one in self.reports(at)) / 3600

    def _report(self, index: int, share: float, at: datetime) -> Report:
        period_s = self._config.report_s
        offset_s = index * _SPREAD_S % period_s
        end_s = (int(at.timestamp()) - offset_s) // period_s * period_s + offset_s
        begin_s = int(self._house.begin.timestamp())
        while end_s - period_s > begin_s and not self._light(end_s):
            end_s -= period_s
        end_s = max(end_s, begin_s)
        start_s = max(begin_s, end_s - period_s)
        then = self._instant(end_s)
        life_j, before_j = share * then.energy_j, share * self._instant(start_s).energy_j
        power_w = (life_j - before_j) / (end_s - start_s) if end_s > start_s else 0.0
        return Report(end_s, round(power_w), round(life_j), round(life_j - before_j), then)

    def _instant(self, at_s: int) -> _Instant:
        known = self._known.get(at_s)
        if known is None:
            if len(self._known) >= _MOST_KEPT:
                del self._known[next(iter(self._known))]
            truth = self._house.truth(datetime.fromtimestamp(at_s, UTC))
            known = self._known[at_s] = _Instant(
                truth.arrays[self._config.array].energy_kwh * 3_600_000,
                truth.phases[self._phase - 1].voltage_v,
                truth.frequency_hz,
                truth.temperature_c,
            )
        return known

    def _light(self, at_s: int) -> bool:
        return sun_position(self._house.config.place, at_s).elevation > 0


def listed(now: Moment, fleet: Fleet, *, old: bool) -> list[dict[str, Any]]:
    """Return the body of `/api/v1/production/inverters`."""
    reports = fleet.reports(now.at - OLD if old else now.at)
    return [
        {
            "serialNumber": fleet.serial(index),
            "lastReportDate": one.end_s,
            "devType": 1,
            "lastReportWatts": one.power_w,
            "maxReportWatts": _MOST_W,
        }
        for index, one in enumerate(reports)
    ]


def device_data(now: Moment, fleet: Fleet, *, old: bool) -> dict[str, Any]:
    """Return the body of `/ivp/pdm/device_data`: inverters, and what else is on the gateway."""
    at = now.at - OLD if old else now.at
    today = fleet.reports(now.day.at)
    reports = fleet.reports(at)[: DEVICE_LIMIT - 2]
    found: dict[str, Any] = {
        "deviceCount": min(DEVICE_LIMIT, len(fleet.shares) + 2),
        "deviceDataLimit": DEVICE_LIMIT,
    }
    for index, one in enumerate(reports):
        found[str(553_648_384 + 256 * index)] = _device(
            now, fleet.serial(index), one, today[index].life_j
        )
    found["1627390225"] = {"devName": "nsrb", "sn": "482990099998", "active": True, "channels": []}
    gone = _device(now, "482990099999", reports[0], reports[0].life_j)
    found["553699999"] = gone | {"active": False, "modGone": True}
    return found


def _device(now: Moment, serial: str, report: Report, day_j: int) -> dict[str, Any]:
    then = report.then
    dc_v = 32.5 if report.power_w else 0.0
    reading = {
        "eid": 1,
        "endDate": report.end_s,
        "duration": now.config.report_s,
        "flags": 0,
        "flagsVal": 0,
        "joulesProduced": report.period_j,
        "acVoltageINmV": round(1000 * then.voltage_v),
        "acFrequencyINmHz": round(1000 * then.frequency_hz),
        "dcVoltageINmV": round(1000 * dc_v),
        "dcCurrentINmA": round(1000 * report.power_w / dc_v) if dc_v else 0,
        "acCurrentInmA": round(1000 * report.power_w / then.voltage_v),
        "channelTemp": round(then.temperature_c + 12),
        "issi": 0,
    }
    channel = {
        "chanEid": 1,
        "created": report.end_s,
        "wattHours": {
            "today": round((report.life_j - day_j) / 3600),
            "yesterday": 0,
            "week": 0,
        },
        "watts": {"now": report.power_w, "nowUsed": report.power_w, "max": _MOST_W},
        "lastReading": reading,
        # The inverter counts in 32 bits.
        "lifetime": {"createdTime": 1, "duration": 1, "joulesProduced": report.life_j % WRAP_J},
    }
    return {
        "devName": "pcu",
        "sn": serial,
        "active": True,
        "modGone": False,
        "channels": [channel],
    }
