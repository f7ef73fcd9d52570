"""The forms of a contract, and how their fields become what the ledger reads."""

from collections.abc import Mapping
from typing import Any, Final

import voluptuous as vol

from homeassistant.const import UnitOfPower
from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import (
    EntitySelector,
    EntitySelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TimeSelector,
)

from ..ledger.capacity import FloorOf
from ..ledger.price import BELGIAN_DAY, Kind

_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WINDOW: Final = BELGIAN_DAY[0].as_dict()
_DAYS: Final = SelectSelector(
    SelectSelectorConfig(
        options=list(_WEEKDAYS),
        multiple=True,
        mode=SelectSelectorMode.LIST,
        translation_key="weekday",
    )
)
_FLOOR_OF: Final = SelectSelector(
    SelectSelectorConfig(options=list(FloorOf), translation_key="floor_of")
)
_PRICES: Final = EntitySelector(EntitySelectorConfig(domain=["sensor", "input_number", "number"]))


def per_kwh(hass: HomeAssistant) -> str:
    """Return the unit of a price."""
    return f"{hass.config.currency}/kWh"


def price_schema(hass: HomeAssistant, kind: Kind) -> vol.Schema:
    """Return the form of a price of this kind."""
    price = _number(per_kwh(hass))
    if kind is Kind.FLAT:
        return vol.Schema({vol.Required("price"): price})
    if kind is Kind.SERIES:
        return vol.Schema(
            {
                vol.Required("source"): _PRICES,
                vol.Required("factor", default=1.0): _number(),
                vol.Required("surcharge", default=0.0): price,
                vol.Required("tax_percent", default=0.0): _number("%"),
            }
        )
    return vol.Schema(
        {
            vol.Required("day"): price,
            vol.Required("night"): price,
            vol.Required("days", default=_window_shown(_WINDOW)["days"]): _DAYS,
            vol.Required("from", default=_WINDOW["from"]): TimeSelector(),
            vol.Required("to", default=_WINDOW["to"]): TimeSelector(),
        }
    )


def entered_price(kind: Kind, form: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `price_from` reads of a form."""
    entered = {"kind": kind.value, **form}
    if kind is Kind.DAY_NIGHT:
        window = {key: entered.pop(key) for key in ("days", "from", "to")}
        window["days"] = [_WEEKDAYS.index(day) for day in window["days"]]
        entered["windows"] = [window]
    return entered


def shown_price(known: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the form shows of a price that is known."""
    windows = known.get("windows")
    return {**known, **_window_shown(windows[0])} if windows else dict(known)


def fees_schema(hass: HomeAssistant) -> vol.Schema:
    """Return the form of the fees."""
    amount = _number(hass.config.currency)
    return vol.Schema(
        {
            vol.Required("day", default=0.0): amount,
            vol.Required("month", default=0.0): amount,
            vol.Required("year", default=0.0): amount,
            vol.Required("capacity", default=False): bool,
        }
    )


def capacity_schema(hass: HomeAssistant) -> vol.Schema:
    """Return the form of the capacity tariff."""
    return vol.Schema(
        {
            vol.Required("rate"): _number(f"{hass.config.currency}/kW"),
            vol.Required("floor_kw", default=2.5): _number(UnitOfPower.KILO_WATT),
            vol.Required("floor_of", default=FloorOf.MONTH.value): _FLOOR_OF,
            vol.Optional("max_per_kwh"): _number(per_kwh(hass)),
        }
    )


def _window_shown(window: Mapping[str, Any]) -> dict[str, Any]:
    return {**window, "days": [_WEEKDAYS[day] for day in window["days"]]}


def _number(unit: str | None = None) -> NumberSelector:
    config = NumberSelectorConfig(mode=NumberSelectorMode.BOX, step="any")
    if unit:
        config["unit_of_measurement"] = unit
    return NumberSelector(config)
