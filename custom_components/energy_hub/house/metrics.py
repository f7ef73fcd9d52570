"""The sensors of a house, one line each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from homeassistant.helpers.device_registry import DeviceInfo

from ..const import DOMAIN
from ..coordinator import Part
from ..ledger.account import Money
from ..ledger.source import Grade, Total
from ..metric import DEMAND, ENERGY_SO_FAR, MONEY, POWER, PRICE, SHARE, STATE, AnyMetric, Metric
from .moment import Moment


def _total(total: Total) -> Callable[[Moment], float | None]:
    return lambda moment: moment.total(total)


def _today(total: Total) -> Callable[[Moment], float | None]:
    return lambda moment: moment.day(total)


def _reasons(moment: Moment) -> Mapping[str, Any]:
    return moment.reasons


def _money(read: Callable[[Money], float | None]) -> Callable[[Moment], float | None]:
    return lambda moment: None if moment.money is None else read(moment.money)


def _midnight(moment: Moment) -> datetime | None:
    return None if moment.money is None else moment.money.midnight


def _peak(moment: Moment) -> float | None:
    return None if moment.peak is None else moment.peak.power_w


METRICS: Final[tuple[AnyMetric, ...]] = (
    Metric[Moment]("solar_power", POWER, lambda m: m.picture.solar_w),
    Metric[Moment]("grid_power", POWER, lambda m: m.picture.grid_w),
    Metric[Moment](
        "battery_power", POWER, lambda m: m.picture.battery_w, name="house_battery_power"
    ),
    Metric[Moment]("house_power", POWER, lambda m: m.picture.house_w, always=True),
    Metric[Moment]("solar_total", ENERGY_SO_FAR, _total(Total.SOLAR)),
    Metric[Moment]("import_total", ENERGY_SO_FAR, _total(Total.IMPORT)),
    Metric[Moment]("export_total", ENERGY_SO_FAR, _total(Total.EXPORT)),
    Metric[Moment]("house_total", ENERGY_SO_FAR, _total(Total.HOUSE), always=True),
    Metric[Moment](
        "battery_charged_total",
        ENERGY_SO_FAR,
        _total(Total.BATTERY_IN),
        name="house_battery_charged_total",
    ),
    Metric[Moment](
        "battery_discharged_total",
        ENERGY_SO_FAR,
        _total(Total.BATTERY_OUT),
        name="house_battery_discharged_total",
    ),
    Metric[Moment]("solar_today", ENERGY_SO_FAR, _today(Total.SOLAR)),
    Metric[Moment]("import_today", ENERGY_SO_FAR, _today(Total.IMPORT)),
    Metric[Moment]("export_today", ENERGY_SO_FAR, _today(Total.EXPORT)),
    Metric[Moment]("house_today", ENERGY_SO_FAR, _today(Total.HOUSE), always=True),
    Metric[Moment]("direct_use_today", ENERGY_SO_FAR, lambda m: m.direct_use_today),
    Metric[Moment]("quarter_power", DEMAND, lambda m: m.quarter.so_far_w),
    Metric[Moment]("quarter_projection", DEMAND, lambda m: m.quarter.projected_w),
    Metric[Moment]("month_peak", DEMAND, _peak),
    Metric[Moment]("self_consumption", SHARE, lambda m: m.self_consumption),
    Metric[Moment]("self_sufficiency", SHARE, lambda m: m.self_sufficiency),
    Metric[Moment](
        "data_quality",
        STATE,
        lambda m: m.quality,
        options=tuple(Grade),
        diagnostic=True,
        always=True,
        attributes=_reasons,
    ),
)


def money_metrics(currency: str) -> tuple[AnyMetric, ...]:
    """Return the sensors of a house that has a contract."""
    money, price = replace(MONEY, unit=currency), replace(PRICE, unit=f"{currency}/kWh")
    return (
        Metric[Moment]("import_price", price, lambda m: m.import_price, always=True),
        Metric[Moment]("export_price", price, lambda m: m.export_price, always=True),
        Metric[Moment]("import_cost_total", money, _money(lambda m: m.import_cost), always=True),
        Metric[Moment](
            "export_revenue_total", money, _money(lambda m: m.export_revenue), always=True
        ),
        Metric[Moment]("fixed_cost_total", money, _money(lambda m: m.fixed_cost), always=True),
        Metric[Moment](
            "cost_today",
            money,
            _money(lambda m: m.cost_today),
            always=True,
            last_reset=_midnight,
        ),
        Metric[Moment](
            "saving_today",
            money,
            _money(lambda m: m.saving_today),
            always=True,
            last_reset=_midnight,
        ),
    )


def house_part(house_id: str, title: str, more: Sequence[AnyMetric]) -> Part:
    """Return the one device page of a house, with the sensors that not every house has."""
    info = DeviceInfo(
        identifiers={(DOMAIN, f"house_{house_id}")}, name=title, manufacturer="Energy Hub"
    )
    return Part(f"house_{house_id}", info, (*METRICS, *more))
