"""What a house did in any span: from long-term statistics alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType, JsonValueType

from ..ledger.days import day_of, midnight, months_later
from ..ledger.source import Total
from ..periods import Period
from ..statistics import HOUR, async_read_changes, async_read_means
from .series import MONEY, QUARTERS, HouseSeries

type _Changes = Mapping[str, Mapping[datetime, float]]
type _Means = Mapping[str, Mapping[datetime, tuple[float, float, float]]]

_ENERGY: Final[Mapping[str, Total]] = {
    "solar": Total.SOLAR,
    "import": Total.IMPORT,
    "export": Total.EXPORT,
    "house": Total.HOUSE,
    "battery_in": Total.BATTERY_IN,
    "battery_out": Total.BATTERY_OUT,
}
_DAYS: Final[Mapping[Period, int]] = {"day": 1, "week": 7}
_MONTHS: Final[Mapping[Period, int]] = {"month": 1, "year": 12}


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """What is asked for; the instants are UTC."""

    start: datetime
    end: datetime
    period: Period


async def async_totals(
    hass: HomeAssistant,
    series: HouseSeries,
    powers: Mapping[str, str],
    span: Span,
    settled: datetime | None,
) -> list[JsonValueType]:
    """Return one row for each whole period that the span touches and of which anything is known.

    Energies in kWh, powers in W (mean, least and greatest of each entity in `powers`, by
    flow), shares in %, money in the currency of the house. What ended before `settled` does
    not change any more.
    """
    ids = {name: series.total(total).id for name, total in _ENERGY.items()}
    money = {name: series.money(name).id for name in MONEY}
    quarters = {name: series.quarters(name).id for name in QUARTERS}
    wanted = [*ids.values(), *money.values(), *quarters.values()]
    changes = await async_read_changes(hass, wanted, span.start, span.end, span.period)
    means = await async_read_means(hass, powers.values(), span.start, span.end, span.period)
    starts = sorted({start for rows in changes.values() for start in rows})
    return [
        {
            "start": dt_util.as_local(start).isoformat(),
            **_energy(ids, changes, start),
            **_power(powers, means, start),
            **_money(money, changes, start),
            **_quarters(quarters, changes, start),
            "settled": settled is not None and _end(start, span.period) <= settled,
        }
        for start in starts
    ]


def _energy(ids: Mapping[str, str], changes: _Changes, start: datetime) -> JsonObjectType:
    kwh = {name: changes.get(one, {}).get(start) for name, one in ids.items()}
    solar, exported, used, imported = (kwh[name] for name in ("solar", "export", "house", "import"))
    direct = None if solar is None or exported is None else max(0.0, solar - exported)
    own = None if used is None or imported is None else max(0.0, used - imported)
    return {
        **{name: None if value is None else round(value, 6) for name, value in kwh.items()},
        "direct_use": None if direct is None else round(direct, 6),
        "self_consumption": _percent(direct, solar),
        "self_sufficiency": _percent(own, used),
    }


def _power(powers: Mapping[str, str], means: _Means, start: datetime) -> JsonObjectType:
    found: JsonObjectType = {}
    for flow, entity_id in powers.items():
        row = means.get(entity_id, {}).get(start)
        found[f"{flow}_power"] = (
            None if row is None else dict(zip(("mean", "min", "max"), row, strict=True))
        )
    return found


def _money(ids: Mapping[str, str], changes: _Changes, start: datetime) -> JsonObjectType:
    """Return cost (of it fixed: `fixed_cost`), revenue and saving; None is unknown."""
    amounts = {name: changes.get(one, {}).get(start) for name, one in ids.items()}
    imported, fixed = amounts["import_cost"], amounts["fixed_cost"]
    cost = None if imported is None or fixed is None else imported + fixed
    shown = {
        "cost": cost,
        "fixed_cost": fixed,
        "revenue": amounts["export_revenue"],
        "saving": amounts["saving"],
    }
    return {name: None if value is None else round(value, 6) for name, value in shown.items()}


def _quarters(ids: Mapping[str, str], changes: _Changes, start: datetime) -> JsonObjectType:
    """Return how many quarters are not as measured; None where nobody counted them."""
    counts = {name: changes.get(one, {}).get(start) for name, one in ids.items()}
    return {name: None if count is None else round(count) for name, count in counts.items()}


def _end(start: datetime, period: Period) -> datetime:
    """Return where a period ends that begins at `start`."""
    if period == "hour":
        return start + HOUR
    zone = dt_util.get_default_time_zone()
    day = day_of(start, zone)
    if period in _MONTHS:
        return midnight(months_later(day, _MONTHS[period]), zone)
    return midnight(day + timedelta(days=_DAYS[period]), zone)


def _percent(part: float | None, whole: float | None) -> float | None:
    return None if part is None or not whole else round(min(100.0, 100 * part / whole), 1)
