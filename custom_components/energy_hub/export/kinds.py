"""Messages about other devices than micro-inverters: what a site says as a slot ends. Pure.

The platform is not known to take any of them, so nothing is built that was not asked for.
Energies are counters in Wh and never negative; what a reading does not say is not known.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Any, Final

from ..reading import Flow, MeterPeak, Reading
from .device import filled
from .fields import FLAGS, PHASES, WATTS, possible
from .form import Choice, Form, TimeMode, Unknown
from .kind_fields import COUNTED_WH, MODE, PERCENT, measured
from .record import Message, Slot
from .slots import clock_text

_LONGEST_ID: Final = 32
_MOMENT: Final = timedelta(microseconds=1)


class DeviceKind(StrEnum):
    """A kind of device, as it stands in the path of its messages."""

    INVERTER = "inverter"
    METER = "meter"
    BATTERY = "battery"
    HOUSE = "house"
    """Not looked at as a slot ends, but counted: see `house.py`."""


_FLOWS: Final[Mapping[DeviceKind, Flow]] = {
    DeviceKind.INVERTER: Flow.SOLAR,
    DeviceKind.METER: Flow.GRID,
    DeviceKind.BATTERY: Flow.BATTERY,
}
_LISTS: Final[Mapping[DeviceKind, str]] = {
    DeviceKind.INVERTER: "INFORMATION_INVERTERS",
    DeviceKind.METER: "INFORMATION_METERS",
    DeviceKind.BATTERY: "INFORMATION_BATTERIES",
}
_TYPES: Final[Mapping[DeviceKind, int]] = {
    DeviceKind.INVERTER: 1,
    DeviceKind.METER: 11,
    DeviceKind.BATTERY: 20,
}
ELECTRICAL: Final = (
    *(f"{what}_{phase}_AC" for what in ("VOLTAGE", "CURRENT") for phase in PHASES),
    "GRID_FREQUENCY",
    "POWER_SNAPSHOT",
    "APPARENT_POWER",
    "REACTIVE_POWER",
    "POWER_FACTOR",
    "TEMPERATURE_INVERTER",
    "TEMPERATURE_PANEL",
    "TEMPERATURE_ENVIRONMENT",
    "TEMPERATURE_PCB",
    "HEATSINK_TEMPERATURE",
)
_MORE: Final[Mapping[DeviceKind, tuple[str, ...]]] = {
    DeviceKind.INVERTER: ("POWER_DC", "EFFICIENCY", "ENERGY_TODAY", "ENERGY_TOTAL", "STATUS_CODE"),
    DeviceKind.METER: (
        "POWER_IMPORT",
        "POWER_EXPORT",
        "ENERGY_IMPORT",
        "ENERGY_EXPORT",
        *(f"ENERGY_{way}_{rate}" for way in ("IMPORT", "EXPORT") for rate in ("T1", "T2")),
        "TARIFF",
        "PEAK_MONTH",
        "GAS",
        "WATER",
    ),
    DeviceKind.BATTERY: (
        "SOC",
        "SOH",
        "ENERGY_CHARGED",
        "ENERGY_DISCHARGED",
        "CAPACITY",
        "TEMPERATURE_CELL_MIN",
        "TEMPERATURE_CELL_MAX",
        "CYCLES",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a device says as a slot ends."""

    reading: Reading
    soc: float | None = None
    """Of a battery, in percent."""
    told: Mapping[str, Any] = field(default_factory=dict)
    """What its sensors say, by their keys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A slot that has ended, on the clock of the house."""

    begin: datetime
    end: datetime
    zone: tzinfo


def build_kinds(
    seen: Iterable[Seen], kinds: Iterable[DeviceKind], choice: Choice, form: Form, span: Span
) -> list[Message]:
    """Return one message for each of these kinds of which somebody speaks at the end of a slot."""
    present = [
        one
        for one in seen
        if span.end - one.reading.at <= one.reading.valid_for
        and one.reading.source not in choice.left_out
    ]
    messages = []
    for kind in kinds:
        if kind not in _FLOWS:
            continue
        devices = {
            one.reading.source: one
            for one in sorted(present, key=lambda one: one.reading.at)
            if one.reading.flow is _FLOWS[kind]
        }
        if devices:
            rows = [_device(kind, devices[name], choice, form, span) for name in sorted(devices)]
            payload = about_plant(choice, form, span) | {_LISTS[kind]: rows}
            messages.append(Message(Slot(kind, choice.id, span.begin), payload))
    return messages


def about_plant(choice: Choice, form: Form, span: Span) -> dict[str, Any]:
    """Return what every such message says of its plant; of its day and its flags nothing is known."""
    zero = form.unknown is Unknown.ZERO
    text = clock_text(span.begin, span.zone)
    return {
        "GENERATION": 0.0 if zero else None,
        "ID_PLANT": choice.id,
        "DATE_GENERATION": text,
        "STATE_OPERATION": dict.fromkeys(FLAGS, False if zero else None) | {"LAST_AT": text},
    }


def _device(kind: DeviceKind, one: Seen, choice: Choice, form: Form, span: Span) -> dict[str, Any]:
    source, at = one.reading.source, one.reading.at
    shown = at if form.time_mode is TimeMode.SAMPLE else span.begin
    peak = _peak(one.reading, span)
    said = measured(one.reading.flow, one.told) | _said(one)
    said |= {"PEAK_MONTH": peak.power_w} if peak else {}
    values = dict.fromkeys((*ELECTRICAL, *_MORE[kind])) | said
    texts = _texts(one, None if peak is None else clock_text(peak.end, span.zone))
    if form.unknown is Unknown.OMIT:
        texts = {name: text for name, text in texts.items() if text is not None}
    types = choice.types.get(source)
    return {
        "DATE": clock_text(shown, span.zone),
        # What tells two devices of one serial number apart stands at the end.
        "ID_DEVICE": source[-_LONGEST_ID:],
        **filled(values, form.unknown),
        **texts,
        "TYPE_DEVICE": _TYPES[kind] if types is None else types[1],
    }


def _said(one: Seen) -> dict[str, float | None]:
    """Return what a reading says; powers are positive for generation, import and charging."""
    reading = one.reading
    power = possible(reading.power_w, WATTS)
    to_house, from_house = _wh(reading.to_house_kwh), _wh(reading.from_house_kwh)
    match reading.flow:
        case Flow.SOLAR:
            return {"POWER_SNAPSHOT": power, "ENERGY_TOTAL": to_house}
        case Flow.GRID:
            return {
                "POWER_SNAPSHOT": power,
                "POWER_IMPORT": None if power is None else max(power, 0.0),
                "POWER_EXPORT": None if power is None else max(0.0 - power, 0.0),
                "ENERGY_IMPORT": to_house,
                "ENERGY_EXPORT": from_house,
            }
        case Flow.BATTERY:
            return {
                "POWER_SNAPSHOT": None if power is None else 0.0 - power,
                "ENERGY_CHARGED": from_house,
                "ENERGY_DISCHARGED": to_house,
                "SOC": possible(one.soc, PERCENT),
            }
        case Flow.LOAD:
            return {}


def _texts(one: Seen, peak_at: str | None) -> dict[str, str | None]:
    match one.reading.flow:
        case Flow.SOLAR | Flow.LOAD:
            return {}
        case Flow.GRID:
            return {"ROLE": "grid", "PEAK_MONTH_AT": peak_at}
        case Flow.BATTERY:
            return {"MODE": one.told.get(MODE)}


def _peak(reading: Reading, span: Span) -> MeterPeak | None:
    """Return the highest quarter of the month that a slot lies in, as far as a meter says it."""
    if reading.flow is not Flow.GRID or reading.demand is None or not reading.demand.peaks:
        return None
    peak = reading.demand.peaks[-1]
    # A quarter that ends at midnight belongs to the day before.
    month, present = ((one - _MOMENT).astimezone(span.zone) for one in (peak.end, span.end))
    return peak if (month.year, month.month) == (present.year, present.month) else None


def _wh(kwh: float | None) -> float | None:
    return None if kwh is None else possible(kwh * 1000, COUNTED_WH)
