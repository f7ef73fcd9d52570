"""What the meter knows at one moment, in the units of its registers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from simulator.world import House, MonthPeak, Truth

from .config import MbusKind, P1Config

_MBUS_PERIOD_S = 300
_LATE_S = {MbusKind.GAS: 0, MbusKind.WATER: 163, MbusKind.HEAT: 41}
"""Each device reports every five minutes, in its own rhythm."""
_SERIALS = {
    MbusKind.GAS: "7FLO9900000002",
    MbusKind.WATER: "8SAG9900000003",
    MbusKind.HEAT: "6KAM9900000004",
}
_VOLUME: dict[MbusKind, Callable[[Truth], float]] = {
    MbusKind.GAS: lambda truth: truth.gas_m3,
    MbusKind.WATER: lambda truth: truth.water_m3,
    MbusKind.HEAT: lambda truth: truth.heat_gj,
}


@dataclass(frozen=True, slots=True)
class MbusReading:
    """The last reading of a device, in thousandths of its unit; `at` None: never read."""

    channel: int
    kind: MbusKind
    serial: str
    at: datetime | None
    amount: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One moment at the meter; energies in whole Wh as its display cuts them off.

    `at` is the meter's own clock (None: not set); `months` are the closed ones, oldest first.
    """

    serial: str
    at: datetime | None
    truth: Truth
    second: Truth
    """The second that ends now: a meter shows the power of what it has just measured."""
    import_day_wh: int
    import_night_wh: int
    export_day_wh: int
    export_night_wh: int
    months: tuple[MonthPeak, ...]
    mbus: tuple[MbusReading, ...]


def snapshot(house: House, config: P1Config, at: datetime) -> Snapshot:
    """Return what the meter shows at this whole second."""
    truth = house.truth(at)
    second = house.truth(max(house.begin, at - timedelta(seconds=1)))
    return Snapshot(
        serial=config.serial,
        at=truth.time,
        truth=truth,
        second=second,
        import_day_wh=_wh(truth.import_day_kwh),
        import_night_wh=_wh(truth.import_night_kwh),
        export_day_wh=_wh(truth.export_day_kwh),
        export_night_wh=_wh(truth.export_night_kwh),
        months=truth.month_peaks,
        mbus=tuple(
            _reading(house, channel, kind, at) for channel, kind in enumerate(config.mbus, start=1)
        ),
    )


def _wh(kwh: float) -> int:
    # Back to whole joules first: 12.345 kWh must not become 12.344 by way of a float.
    return round(kwh * 3_600_000) // 3600


def _reading(house: House, channel: int, kind: MbusKind, at: datetime) -> MbusReading:
    late_s = _LATE_S[kind]
    since_s = (int(at.timestamp()) - late_s) % _MBUS_PERIOD_S
    read_at = max(house.begin, at - timedelta(seconds=since_s))
    amount = round(_VOLUME[kind](house.truth(read_at)) * 1e6) // 1000
    return MbusReading(channel, kind, _SERIALS[kind], read_at, amount)
