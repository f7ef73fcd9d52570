"""A parsed telegram to plain values: everything that does not change every second."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any, Final
from zoneinfo import ZoneInfo

from ...reading import MeterPeak

BELGIUM: Final = ZoneInfo("Europe/Brussels")
"""A Fluvius meter knows Belgian time only, wherever Home Assistant stands."""

# M-Bus device types (EN 13757-3) that hang on a Belgian meter -> what they measure.
_MEDIA: Final = {3: "gas", 4: "heat", 7: "water", 12: "heat"}
_MEDIA_UNITS: Final = {"gas": "m3", "water": "m3", "heat": "GJ"}
_BREAKER: Final = {0: "disconnected", 1: "connected", 2: "ready"}
# What the meter sends for "no limit" before and from e-MUCS 2.1.
_NO_LIMIT_KW: Final = (999.9, 99.999)
_NO_FUSE_A: Final = (999.0, 999.99)


@dataclass(frozen=True, slots=True)
class MonthPeak:
    """The highest quarter of one month."""

    month: str
    """`YYYY-MM`, Belgian time."""
    power_w: float
    at: datetime | None
    """The end of that quarter (UTC); None where the meter does not say."""


@dataclass(frozen=True, slots=True)
class MbusMeter:
    """A gas, water or heat meter behind the electricity meter."""

    serial: str
    medium: str
    value: float | None
    """m3, or GJ for heat; None while the meter was never read."""
    at: datetime | None
    valve: str | None


@dataclass(frozen=True)
class Details:
    """The slow part of a telegram."""

    meter_id: str | None
    edition: str | None
    ean: str | None = None
    grid_type: str | None = None
    breaker: str | None = None
    limiter_w: float | None = None
    fuse_a: float | None = None
    message: str | None = None
    message_code: str | None = None
    relays: tuple[bool | None, ...] = (None, None, None, None)
    peak: MonthPeak | None = None
    history: tuple[MonthPeak, ...] = ()
    """Finished months, oldest first."""
    mbus: tuple[MbusMeter, ...] = ()

    @cached_property
    def months(self) -> Sequence[Mapping[str, Any]]:
        """The history in kW, as an attribute shows it: made once, looked at every second."""
        return [
            {"month": peak.month, "peak_kw": round(peak.power_w / 1000, 3), "time": peak.at}
            for peak in self.history
        ]

    @cached_property
    def peaks(self) -> Sequence[MeterPeak]:
        """The peaks of the months, the running one last; an end that is not said is the month's."""
        months = (*self.history, *filter(None, (self.peak,)))
        return tuple(
            MeterPeak(
                peak.power_w,
                peak.at.astimezone(UTC)
                if peak.at and month_of(peak.at) == peak.month
                else _end_of(peak.month),
            )
            for peak in months
        )


def read_details(telegram: Any, at: datetime) -> Details:
    """Return the slow values of a telegram parsed by dsmr-parser; `at` is its time."""
    limiter_kw = _number(telegram, "ACTUAL_TRESHOLD_ELECTRICITY", "kW")
    fuse_a = _number(telegram, "FUSE_THRESHOLD_L1", "A")
    return Details(
        meter_id=_text(telegram, "BELGIUM_EQUIPMENT_IDENTIFIER"),
        edition=_raw(telegram, "BELGIUM_VERSION_INFORMATION"),
        ean=_text(telegram, "EAN"),
        grid_type=_raw(telegram, "GRID"),
        breaker=_BREAKER.get(_raw(telegram, "ACTUAL_SWITCH_POSITION")),
        limiter_w=None if limiter_kw is None or limiter_kw in _NO_LIMIT_KW else limiter_kw * 1000,
        fuse_a=None if fuse_a in _NO_FUSE_A else fuse_a,
        message=_text(telegram, "TEXT_MESSAGE"),
        message_code=_text(telegram, "CODE"),
        relays=tuple(_relay(telegram, channel) for channel in range(1, 5)),
        peak=_peak(telegram, at),
        history=_history(telegram),
        mbus=_mbus(telegram),
    )


def month_of(end: datetime) -> str:
    """Return the Belgian month, `YYYY-MM`, of a quarter that ended at `end`.

    A quarter that ends at midnight of the first belongs to the month before.
    """
    return (end - timedelta(seconds=1)).astimezone(BELGIUM).strftime("%Y-%m")


def _end_of(month: str) -> datetime:
    """Return when a month was over (UTC)."""
    later = datetime.strptime(month, "%Y-%m").replace(tzinfo=BELGIUM) + timedelta(days=31)
    return later.replace(day=1).astimezone(UTC)


def _object(telegram: Any, name: str) -> Any:
    return getattr(telegram, name, None)


def _raw(telegram: Any, name: str) -> Any:
    found = _object(telegram, name)
    return None if found is None else found.value


def _number(telegram: Any, name: str, unit: str) -> float | None:
    found = _object(telegram, name)
    return None if found is None else _finite(found.value, found.unit, unit)


def _finite(value: Any, unit: str | None, expected: str) -> float | None:
    if not isinstance(value, Decimal) or not value.is_finite() or unit != expected:
        return None
    return float(value) if value >= 0 else None


def _text(telegram: Any, name: str) -> str | None:
    """Return a text that the meter writes as pairs of hexadecimal digits."""
    raw = _raw(telegram, name)
    if not raw:
        return None
    try:
        return bytes.fromhex(raw).decode("latin-1").strip("\x00 ") or None
    except ValueError:
        return None


def _relay(telegram: Any, channel: int) -> bool | None:
    return {0: False, 1: True}.get(_raw(telegram, f"RELAY_{channel}"))


def _peak(telegram: Any, at: datetime) -> MonthPeak | None:
    """Return the peak of the running month; None until its first quarter is over.

    For some minutes of a new month the meter still shows the old one.
    """
    found = _object(telegram, "BELGIUM_MAXIMUM_DEMAND_MONTH")
    power = None if found is None else _finite(found.value, found.unit, "kW")
    if power is None or found.datetime is None or month_of(found.datetime) != month_of(at):
        return None
    return MonthPeak(month_of(found.datetime), power * 1000, found.datetime.astimezone(UTC))


def _history(telegram: Any) -> tuple[MonthPeak, ...]:
    """Return the finished months. The order in a telegram is not fixed."""
    months = []
    for found in _object(telegram, "BELGIUM_MAXIMUM_DEMAND_13_MONTHS") or ():
        power = _finite(found.value, found.unit, "kW")
        if power is None or found.datetime is None:
            continue
        # Without a time of the peak a zero is no measured zero but no measurement.
        if found.occurred is None and power == 0:
            continue
        months.append(
            (found.datetime, MonthPeak(month_of(found.datetime), power * 1000, found.occurred))
        )
    return tuple(peak for _, peak in sorted(months, key=lambda month: month[0]))


def _mbus(telegram: Any) -> tuple[MbusMeter, ...]:
    """Return the meters on the M-Bus; a channel without a device type has none."""
    meters = []
    for device in _object(telegram, "MBUS_DEVICES") or ():
        medium = _MEDIA.get(_raw(device, "MBUS_DEVICE_TYPE"))
        serial = _text(device, "MBUS_EQUIPMENT_IDENTIFIER")
        if medium is None or serial is None:
            continue
        reading = _object(device, "MBUS_METER_READING")
        value = at = None
        if reading is not None and reading.datetime is not None:
            value = _finite(reading.value, reading.unit, _MEDIA_UNITS[medium])
            at = reading.datetime
        valve = _BREAKER.get(_raw(device, "MBUS_VALVE_POSITION"))
        meters.append(MbusMeter(serial, medium, value, at, valve))
    return tuple(meters)
