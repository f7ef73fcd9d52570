"""Messages about the balance of a house: what flowed in a slot, and what it cost. Pure."""

from typing import Any, Final

from ..reading import Balance
from .device import filled
from .fields import WATTS, possible
from .form import Choice, Form, Unknown
from .kind_fields import COUNTED_WH
from .kinds import ELECTRICAL, DeviceKind, Span, about_plant
from .record import Message, Origin, Slot
from .slots import clock_text

OBJECT: Final = "INFORMATION_HOUSE"
_TYPE: Final = 12


def house_id(plant: int) -> str:
    """Return what a house goes by: its own name stays at home."""
    return f"HOUSE_{plant}"


def build_house(balance: Balance, choice: Choice, form: Form, span: Span) -> Message:
    """Return the message of a slot; a house is one object, not a list."""
    one, values = house_id(choice.id), {**dict.fromkeys(ELECTRICAL), **_said(balance)}
    money = balance.import_cost is not None or balance.export_revenue is not None
    texts = {"CURRENCY": balance.currency if money else None}
    if form.unknown is Unknown.OMIT:
        texts = {name: text for name, text in texts.items() if text is not None}
    types = choice.types.get(one)
    house = {
        "DATE": clock_text(span.begin, span.zone),
        "ID_DEVICE": one,
        **filled(values, form.unknown),
        **texts,
        "TYPE_DEVICE": _TYPE if types is None else types[1],
    }
    payload: dict[str, Any] = about_plant(choice, form, span) | {OBJECT: house}
    return Message(Slot(DeviceKind.HOUSE, choice.id, span.begin), payload, Origin.LIVE)


def _said(balance: Balance) -> dict[str, float | None]:
    """Return energies in Wh and money in the currency of the house."""
    solar, exported = balance.solar_kwh, balance.export_kwh
    direct = None if solar is None or exported is None else max(0.0, solar - exported)
    cost, revenue = balance.import_cost, balance.export_revenue
    kwh = {
        "PV": solar,
        "IMPORT": balance.import_kwh,
        "EXPORT": exported,
        "CHARGE": balance.charged_kwh,
        "DISCHARGE": balance.discharged_kwh,
        "CONSUMPTION": balance.house_kwh,
        "SELF_CONSUMPTION": direct,
        "FORECAST_PV": balance.forecast_kwh,
    }
    money = {
        "COST": cost,
        "REVENUE": revenue,
        "PROFIT": None if cost is None or revenue is None else revenue - cost,
    }
    return {
        **{name: _wh(one) for name, one in kwh.items()},
        **{name: possible(one, WATTS) for name, one in money.items()},
    }


def _wh(kwh: float | None) -> float | None:
    return None if kwh is None else possible(kwh * 1000, COUNTED_WH)
