"""The micro-inverters and batteries of one gateway: what each reported last, and when."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from .client import EnvoyData, EnvoyInverter

# Reports come every 5, 15 or 60 minutes, as the owner and the firmware have it; some gateways
# say which. What is older than two of them is not the present.
_USUAL: Final = timedelta(minutes=75)
_MARGIN: Final = timedelta(minutes=5)
_PERIODS: Final = 2
# A gateway forgets an inverter for a moment now and then, and all of them in some nights.
_GONE_AFTER: Final = timedelta(hours=24)
# A gateway that has not heard of one since it started gives the first days of its epoch.
_NEVER: Final = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Inverter:
    """The last report of a micro-inverter."""

    serial: str
    watts: float | None
    at: datetime
    """When it reported, by the gateway's clock."""
    limit: timedelta
    most_w: float
    lifetime_wh: float | None
    listed: datetime
    """When the gateway last had it on its list, by ours."""

    def is_stale(self, now: datetime) -> bool:
        """Return whether the report is too old at this time of the gateway's clock."""
        return now - self.at > self.limit


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of a micro-inverter: None is unknown."""

    power_w: float | None
    last_report: datetime | None
    """By the gateway's clock."""
    energy_kwh: float | None
    stale: bool


class Fleet:
    """The micro-inverters; `skew` is how far the gateway's clock is ahead of ours."""

    def __init__(self) -> None:
        """Start without any."""
        self._inverters: dict[str, Inverter] = {}
        self.skew = timedelta(0)
        self.most_kw = 0.0
        """The most that they have given together, by their own account; 0 when unknown."""

    def update(self, data: EnvoyData, now: datetime) -> None:
        """Take over a list of the gateway; what is not on it keeps its last report."""
        for inverter in data.inverters.values():
            self._inverters[inverter.serial_number] = _inverter(inverter, now)
        for serial, one in list(self._inverters.items()):
            if now - one.listed > _GONE_AFTER:
                del self._inverters[serial]
        self.most_kw = sum(one.most_w for one in self._inverters.values()) / 1000

    def __iter__(self) -> Iterator[Inverter]:
        return iter(self._inverters.values())

    def shown(
        self, energies: Mapping[str, float | None], now: datetime, *, dark: bool
    ) -> dict[str, Shown]:
        """Return what to show of each by serial number, with its believed energy (kWh).

        In the dark inverters are silent, and give nothing.
        """
        found = {}
        for serial, one in self._inverters.items():
            stale = one.is_stale(now + self.skew)
            power = one.watts if not stale else 0.0 if dark else None
            found[serial] = Shown(power, _reported(one.at), energies.get(serial), stale)
        return found


def _inverter(said: EnvoyInverter, now: datetime) -> Inverter:
    seconds = said.last_report_duration
    limit = _PERIODS * timedelta(seconds=seconds) + _MARGIN if seconds else _USUAL
    return Inverter(
        serial=said.serial_number,
        watts=said.last_report_watts,
        at=datetime.fromtimestamp(said.last_report_date, UTC),
        limit=limit,
        most_w=max(0, said.max_report_watts or 0),
        lifetime_wh=said.lifetime_energy,
        listed=now,
    )


def _reported(at: datetime) -> datetime | None:
    """Return when something reported, None while it never did."""
    return at if at > _NEVER else None


@dataclass(frozen=True, slots=True)
class Unit:
    """What is shown of one battery."""

    power_w: float | None
    soc: float | None
    temperature_c: float | None
    last_report: datetime | None


def units(data: EnvoyData, *, fresh: bool) -> dict[str, Unit]:
    """Return the batteries by serial number; their power is unknown unless it is fresh."""
    powers = (data.encharge_power or {}) if fresh else {}
    return {
        serial: Unit(
            power_w=powers[serial].real_power_mw / 1000 if serial in powers else None,
            soc=powers[serial].soc if serial in powers else None,
            temperature_c=one.temperature,
            last_report=_reported(datetime.fromtimestamp(one.last_report_date, UTC)),
        )
        for serial, one in (data.encharge_inventory or {}).items()
        if one.communicating
    }
