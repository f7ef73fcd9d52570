"""Messages about inverters, meters and batteries, from what a site says as a slot ends."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from custom_components.energy_hub.export.form import Choice, Form, TimeMode, Unknown
from custom_components.energy_hub.export.kinds import DeviceKind, Seen, Span, build_kinds
from custom_components.energy_hub.reading import Demand, Flow, MeterPeak, Reading
from simulator.enrg.fields import SHAPES, check as simulator_check

from ..openapi import check
from .plants import BRUSSELS, at

PLANT = 7
END = at(13, zone=BRUSSELS)
SPAN = Span(begin=at(12, zone=BRUSSELS), end=END, zone=BRUSSELS)
LISTS = {
    "inverter": ("PlantInverter", "INFORMATION_INVERTERS"),
    "meter": ("PlantMeter", "INFORMATION_METERS"),
    "battery": ("PlantBattery", "INFORMATION_BATTERIES"),
}


def seen(
    flow: Flow,
    source: str = "S1",
    soc: float | None = None,
    told: dict[str, Any] | None = None,
    **said: Any,
) -> Seen:
    """Return what a device says, ten seconds before the slot ends."""
    before = {"at": END - timedelta(seconds=10), "valid_for": timedelta(minutes=1)}
    reading = Reading(source=source, flow=flow, **{**before, **said})
    return Seen(reading=reading, soc=soc, told=told or {})


def devices(
    *said: Seen, choice: Choice | None = None, form: Form | None = None
) -> dict[str, list[dict[str, Any]]]:
    """Return the devices of each message, held against document and platform."""
    form = form or Form()
    messages = build_kinds(said, DeviceKind, choice or Choice(id=PLANT), form, SPAN)
    found = {}
    for message in messages:
        schema, name = LISTS[message.slot.kind]
        if form.unknown is not Unknown.ZERO:  # no grid has 0 Hz
            check(message.payload, schema)
        shape = SHAPES[message.slot.kind]
        simulator_check(message.payload, shape, all_keys=False, new_keys=False, nulls=True)
        assert (message.slot.plant, message.slot.at) == (PLANT, SPAN.begin)
        assert message.payload["DATE_GENERATION"] == "2026-06-17 12:00:00"
        found[message.slot.kind] = message.payload[name]
    return found


def test_signs_and_wh() -> None:
    found = devices(
        seen(Flow.SOLAR, "S", power_w=4200.5, to_house_kwh=1234.5678),
        seen(Flow.GRID, "M", power_w=-800.0, to_house_kwh=10.0, from_house_kwh=20.25),
        seen(Flow.BATTERY, "B", 61.5, power_w=-1500.0, to_house_kwh=3.0, from_house_kwh=4.0),
        seen(Flow.LOAD, "L", power_w=1.0),
    )
    ((inverter,), (meter,), (battery,)) = (found[kind] for kind in LISTS)
    assert (inverter["ID_DEVICE"], inverter["TYPE_DEVICE"]) == ("S", 1)
    assert (inverter["POWER_SNAPSHOT"], inverter["ENERGY_TOTAL"]) == (4200.5, 1_234_567.8)
    assert (meter["TYPE_DEVICE"], meter["ROLE"], meter["POWER_SNAPSHOT"]) == (11, "grid", -800.0)
    assert (meter["POWER_IMPORT"], meter["POWER_EXPORT"]) == (0.0, 800.0)
    assert (meter["ENERGY_IMPORT"], meter["ENERGY_EXPORT"]) == (10_000.0, 20_250.0)
    # Only in this message charging is positive.
    assert (battery["TYPE_DEVICE"], battery["POWER_SNAPSHOT"]) == (20, 1500.0)
    assert (battery["ENERGY_CHARGED"], battery["ENERGY_DISCHARGED"]) == (4000.0, 3000.0)
    assert battery["SOC"] == 61.5


def test_what_sensors_say_is_said_too_where_it_can_be_true() -> None:
    inverter = {
        "voltage_l1": 231.4,
        "frequency": 500.0,
        "energy_today": 12.3456,
        "pv2_current": 8.1,
    }
    found = devices(
        seen(Flow.SOLAR, told=inverter | {"pv25_current": 1.0, "capacity": 5.0}),
        seen(Flow.GRID, told={"import_day": 8.5, "export_night": 0.25, "tariff": "night"}),
        seen(Flow.BATTERY, told={"capacity": 13.304, "mode": "idle", "temperature": 21.0}),
    )
    said = {
        kind: {name: value for name, value in one.items() if value is not None}
        for kind, (one,) in found.items()
    }
    known = {"DATE", "ID_DEVICE", "TYPE_DEVICE", "ROLE"}
    assert {
        kind: {n: v for n, v in one.items() if n not in known} for kind, one in said.items()
    } == {
        "inverter": {"VOLTAGE_1_AC": 231.4, "ENERGY_TODAY": 12345.6, "CURRENT_2_DC": 8.1},
        "meter": {"ENERGY_IMPORT_T1": 8500.0, "ENERGY_EXPORT_T2": 250.0, "TARIFF": 2.0},
        "battery": {"CAPACITY": 13304.0, "MODE": "idle"},
    }


@pytest.mark.parametrize(
    ("unknown", "values"),
    [(Unknown.NULL, {None}), (Unknown.ZERO, {None, 0.0}), (Unknown.OMIT, set())],
)
def test_what_is_not_said_is_not_known(unknown: Unknown, values: set[float | None]) -> None:
    said = (
        seen(Flow.SOLAR, power_w=float("nan"), to_house_kwh=-1.0),
        seen(Flow.GRID),
        seen(Flow.BATTERY, soc=101.0),
    )
    found = devices(*said, form=Form(unknown=unknown))
    known = {"DATE", "ID_DEVICE", "TYPE_DEVICE", "ROLE"}
    told = {value for (one,) in found.values() for name, value in one.items() if name not in known}
    assert len(found) == 3
    assert told == values


def test_only_the_newest_valid_reading_of_a_device_counts() -> None:
    found = devices(
        seen(Flow.GRID, "old", at=END - timedelta(seconds=61), power_w=1.0),
        seen(Flow.GRID, "new", power_w=3.0),
        seen(Flow.GRID, "new", at=END - timedelta(seconds=30), power_w=2.0),
        seen(Flow.GRID, "out", power_w=4.0),
        seen(Flow.BATTERY, "old", at=END - timedelta(hours=1)),
        choice=Choice(id=PLANT, left_out=["out"], types={"new": (9, 13)}),
        form=Form(time_mode=TimeMode.SAMPLE),
    )
    ((meter,),) = found.values()
    assert (meter["ID_DEVICE"], meter["POWER_SNAPSHOT"]) == ("new", 3.0)
    assert (meter["DATE"], meter["TYPE_DEVICE"]) == ("2026-06-17 12:59:50", 13)


@pytest.mark.parametrize(
    ("end", "text"),
    [
        (at(8, 15, day=3, zone=BRUSSELS), "2026-06-03 08:15:00"),
        (datetime(2026, 6, 1, tzinfo=BRUSSELS), None),
    ],
)
def test_the_peak_is_that_of_this_month(end: datetime, text: str | None) -> None:
    demand = Demand(END, None, [MeterPeak(4321.0, end)])
    ((meter,),) = devices(seen(Flow.GRID, demand=demand)).values()
    assert meter["PEAK_MONTH_AT"] == text
    assert meter["PEAK_MONTH"] == (None if text is None else 4321.0)
