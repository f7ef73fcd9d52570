"""Messages: the right values of the right plant, with the right times, and nothing invented."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
import json
import math
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.energy_hub.export.enrg import Built, build, preview
from custom_components.energy_hub.export.fields import MEASURED, UNMEASURED
from custom_components.energy_hub.export.form import (
    Choice,
    Compatibility,
    Form,
    TimeMode,
    Unknown,
)
from custom_components.energy_hub.export.record import Message, Origin, to_text
from custom_components.energy_hub.reading import Flags, Flow, History, PortSample, Reading, Sample
from simulator.enrg.fields import DEVICE_KEYS

from ..openapi import check, resolve
from .plants import BOGOTA, BRUSSELS, asleep, at, history, port, sample, series, silent

CHOICE = Choice(id=3_187_654)
HOURLY, QUARTERLY = Form(), Form(interval=timedelta(minutes=15))
STATES = ("OFFLINE", "UNSTABLE", "UMATCHED", "MICROINVERT_WARN", "GRID_WARN")


def built(
    what: History,
    form: Form = HOURLY,
    choice: Choice = CHOICE,
    *,
    now: datetime | None = None,
    day: int = 17,
) -> Built:
    """Return the messages of a day, long after it unless the test says when."""
    end = at(0, day=day + 1)
    return build(what, choice, form, at(0, day=day), end, now or end + timedelta(days=1))


def devices(message: Message) -> dict[str, dict[str, Any]]:
    """Return the devices of a message by serial number."""
    found = {one["ID_DEVICE"]: one for one in message.payload["INFORMATION_MICRO_INVERTERS"]}
    assert [*found] == sorted(found)
    return found


def test_a_message_has_the_known_keys_and_no_others() -> None:
    (message,) = built(history(B=series(12), A=series(12))).messages
    check(dict(message.payload), "PlantMicroInverter")
    assert [*devices(message)] == ["A", "B"]
    for one in devices(message).values():
        assert one.keys() == DEVICE_KEYS
        assert len(one) == 44
        assert (one["TYPE_INVERTER"], one["TYPE_DEVICE"]) == (9, 0)


def test_values_are_those_of_the_sample() -> None:
    what = sample(
        at(12), {1: port(600, 31.26, 4.4), 2: port(None, 31.3, 0.0)}, volts=(120.1, 119.9)
    )
    (message,) = built(history(A=[what])).messages
    one = devices(message)["A"]
    assert one["POWER_SNAPSHOT"] == 300.0
    assert one["GRID_FREQUENCY"] == 60.01
    assert one["TEMPERATURE_INVERTER"] == 41.2
    assert [one[f"VOLTAGE_{n}_AC"] for n in (1, 2, 3)] == [120.1, 119.9, None]
    assert [one[f"VOLTAGE_{n}_DC"] for n in range(1, 9)] == [31.26, 31.3, *[None] * 6]
    assert [one[f"CURRENT_{n}_DC"] for n in range(1, 9)] == [4.4, 0.0, *[None] * 6]
    assert all(one[name] is None for name in UNMEASURED)
    assert message.payload["GENERATION"] == 0.6
    assert message.payload["ID_PLANT"] == 3_187_654


def test_an_input_has_the_place_of_its_port() -> None:
    what = sample(at(12), {4: port(10, 40.0), 3: port(20, 30.0)})
    (message,) = built(history(A=[what])).messages
    one = devices(message)["A"]
    volts = [one[f"VOLTAGE_{n}_DC"] for n in range(1, 9)]
    assert volts == [None, None, 30.0, 40.0, None, None, None, None]


def test_more_ports_than_keys_are_noticed_and_still_count() -> None:
    found = built(history(A=[sample(at(12), {n: port(100) for n in range(10)})]))
    (message,) = found.messages
    assert found.notes.unkeyed == {"A"}
    assert message.payload["GENERATION"] == 1.0
    check(dict(message.payload), "PlantMicroInverter")


def test_a_slot_bears_its_begin_at_the_plant() -> None:
    (message,) = built(history(A=series(13.75))).messages
    assert message.slot.at == datetime(2026, 6, 17, 18, tzinfo=UTC)
    assert message.payload["DATE_GENERATION"] == "2026-06-17 13:00:00"
    assert message.payload["STATE_OPERATION"]["LAST_AT"] == "2026-06-17 13:00:00"
    assert devices(message)["A"]["DATE"] == "2026-06-17 13:00:00"


def test_a_sample_may_bear_its_own_time() -> None:
    form = Form(time_mode=TimeMode.SAMPLE)
    (message,) = built(history(A=series(13.5, 13.75), B=series(13.75)), form).messages
    assert message.payload["DATE_GENERATION"] == "2026-06-17 13:45:00"
    assert message.slot.at == at(13)


@pytest.mark.parametrize(
    ("minutes", "begins"),
    [(5, [0, 5, 10, 55]), (15, [0, 45]), (30, [0, 30]), (60, [0])],
)
def test_intervals(minutes: int, begins: list[int]) -> None:
    what = history(A=series(12, 12 + 5 / 60, 12.2, 12 + 59 / 60))
    found = built(what, Form(interval=timedelta(minutes=minutes)))
    assert [one.slot.at for one in found.messages] == [at(12, begin) for begin in begins]


def test_the_instant_is_the_newest_that_all_who_answer_share() -> None:
    what = history(A=series(12, 12.25, 12.5), B=series(12, 12.25), C=series(9))
    (_, message) = built(what).messages
    assert message.payload["GENERATION"] == round(0.1 * (6.25 * 2 + 6.25 * 2 + 3 * 2), 3)
    form = replace(HOURLY, time_mode=TimeMode.SAMPLE)
    (_, message) = built(what, form).messages
    assert message.payload["DATE_GENERATION"] == "2026-06-17 12:15:00"


def test_without_a_shared_instant_each_shows_its_own() -> None:
    what = history(A=series(12, 12.5), B=series(12.25, 12.75))
    (message,) = built(what, Form(time_mode=TimeMode.SAMPLE)).messages
    assert message.payload["DATE_GENERATION"] == "2026-06-17 12:30:00"
    dates = [one["DATE"] for one in devices(message).values()]
    assert dates == ["2026-06-17 12:30:00", "2026-06-17 12:15:00"]


def test_a_silent_inverter_is_null_and_keeps_its_energy() -> None:
    dead = [*series(10), silent(at(12), {1: asleep(400), 2: asleep(400)})]
    found = built(history(A=series(10, 12), B=dead, C=[]))
    message = found.messages[-1]
    one = devices(message)["B"]
    assert {one[name] for name in MEASURED} == {None}
    assert one["DATE"] == "2026-06-17 12:00:00"
    assert message.payload["GENERATION"] == 2.0
    assert {devices(message)["C"][name] for name in MEASURED} == {None}
    check(dict(message.payload), "PlantMicroInverter")


def test_at_night_there_is_nothing() -> None:
    night = [silent(at(hour), {1: asleep(500)}) for hour in (19, 20, 21)]
    found = built(history(A=[*series(17, 18), *night]))
    assert [one.slot.at for one in found.messages] == [at(17), at(18)]
    assert found.gaps == []


def test_gaps_are_slots_without_an_answer_between_others() -> None:
    asleep_at_noon = silent(at(12), {1: asleep(400)})
    found = built(history(A=[*series(9, 11), asleep_at_noon, *series(14)]))
    assert found.gaps == [at(10), at(12), at(13)]


def test_a_night_is_no_gap() -> None:
    what = history(A=[*series(17), *series(7, 8, day=18)])
    found = build(what, CHOICE, HOURLY, at(0), at(0, day=19), at(0, day=20))
    assert (len(found.messages), found.gaps) == (3, [])


def test_energy_never_falls_within_a_day() -> None:
    fallen = [*series(10, 11), *series(12, wh=10.0), *series(13)]
    found = built(history(A=fallen))
    assert [one.payload["GENERATION"] for one in found.messages] == [0.8, 1.0, 1.0, 1.4]
    assert found.notes.fallen == 2


def test_energy_begins_anew_at_midnight_of_the_plant() -> None:
    what = history(A=[*series(17), *series(7, day=18)])
    found = build(what, CHOICE, HOURLY, at(0), at(0, day=19), at(0, day=20))
    assert [one.payload["GENERATION"] for one in found.messages] == [2.2, 0.2]


def test_energy_is_exact_to_a_watt_hour() -> None:
    ports = {n: port(wh) for n, wh in enumerate((4383, 4381, 1, 2), 1)}
    what = history(A=[sample(at(12), ports)])
    assert built(what).messages[0].payload["GENERATION"] == 8.767
    assert built(what, Form(decimals=1)).messages[0].payload["GENERATION"] == 8.8


def test_without_energies_of_inverters_the_plant_is_believed() -> None:
    what = replace(
        history(A=[sample(at(12), {})]),
        today_wh=[(at(11), 900.0), (at(12, 30), 1234.0), (at(13), 9999.0)],
    )
    assert built(what).messages[0].payload["GENERATION"] == 1.234
    yesterday = replace(what, today_wh=[(at(23, day=16), 5000.0)])
    assert built(yesterday).messages[0].payload["GENERATION"] is None


def test_energy_never_falls_when_the_inverters_begin_to_say_it() -> None:
    what = history(A=[sample(at(11), {}), sample(at(12), {1: port(600.0)}), *series(13)])
    found = built(replace(what, today_wh=[(at(11), 900.0)]))
    assert [one.payload["GENERATION"] for one in found.messages] == [0.9, 0.9, 1.4]
    assert found.notes.fallen == 1


def test_impossible_values_are_unknown_and_counted() -> None:
    odd = sample(
        at(12),
        {1: PortSample(1500.1, math.nan, 10, 500), 2: PortSample(-1, 201, 10, math.inf)},
        frequency_hz=0.0,
        temperature_c=200,
        volts=(math.inf,),
        power_w=math.nan,
    )
    found = built(history(A=[odd]))
    (message,) = found.messages
    assert {devices(message)["A"][name] for name in MEASURED} == {None}
    assert found.notes.impossible == 8
    assert message.payload["GENERATION"] == 0.5
    check(dict(message.payload), "PlantMicroInverter")


def test_flags_are_those_of_the_plant_and_of_now() -> None:
    flags = Flags(offline=True, unstable=False, unmatched=None, grid_warning=True)
    what = replace(history(A=series(10, 12)), flags=flags)
    old, new = built(what, now=at(14)).messages
    shown = [new.payload["STATE_OPERATION"][name] for name in STATES]
    assert shown == [True, False, None, None, True]
    assert {old.payload["STATE_OPERATION"][name] for name in STATES} == {None}


def test_unknown_can_be_left_out() -> None:
    (message,) = built(history(A=series(12)), Form(unknown=Unknown.OMIT)).messages
    one = devices(message)["A"]
    assert None not in one.values()
    assert "F1" not in one
    assert one["VOLTAGE_2_DC"] == 30.5
    assert message.payload["STATE_OPERATION"]["OFFLINE"] is None
    check(dict(message.payload), "PlantMicroInverter")


def test_unknown_can_be_zero_as_it_used_to_be() -> None:
    what = history(A=[sample(at(12), {3: port(None)})], B=[])
    (message,) = built(what, Form(unknown=Unknown.ZERO)).messages
    assert "null" not in to_text(message.payload)
    assert message.payload["GENERATION"] == 0.0
    assert message.payload["STATE_OPERATION"]["OFFLINE"] is False
    assert devices(message)["A"]["VOLTAGE_1_DC"] == 0.0
    assert devices(message)["B"]["POWER_SNAPSHOT"] == 0.0


def test_a_choice_of_devices_and_codes() -> None:
    choice = Choice(id=7, left_out={"B", "Z"}, types={"A": (3, 1)})
    (message,) = built(history(A=series(12), B=series(12)), choice=choice).messages
    assert [*devices(message)] == ["A"]
    assert message.payload["GENERATION"] == 1.2
    assert message.payload["ID_PLANT"] == message.slot.plant == 7
    assert devices(message)["A"]["TYPE_INVERTER"] == 3
    assert devices(message)["A"]["TYPE_DEVICE"] == 1


def test_a_slot_is_complete_when_all_were_heard_of_since() -> None:
    both = history(A=series(12.75, 13), B=series(12.75, 13.25), dead=[silent(at(12), {})])
    assert not built(both, now=at(12, 59)).messages
    assert len(built(both, now=at(13, 15)).messages) == 1
    late = history(A=series(12.75, 13), B=series(12.75))
    assert not built(late, now=at(13, 59)).messages
    assert len(built(late, now=at(14)).messages) == 1


def test_the_last_slot_of_a_day_is_closed_when_it_was_waited_long_enough() -> None:
    what = history(A=series(17, 18.25))
    assert [one.slot.at for one in built(what, now=at(19, 59)).messages] == [at(17)]
    assert [one.slot.at for one in built(what, now=at(20)).messages] == [at(17), at(18)]


def test_a_preview_shows_the_newest_slot_although_it_is_not_over() -> None:
    what = history(A=[*series(11, 12.25), silent(at(13), {1: asleep(800)})])
    shown = preview(what, CHOICE, HOURLY, at(12, 20))
    assert shown is not None
    assert shown.payload["DATE_GENERATION"] == "2026-06-17 12:00:00"
    assert shown.payload["GENERATION"] == 1.25
    assert preview(history(), CHOICE, HOURLY, at(12)) is None
    assert preview(history(A=[silent(at(13), {})]), CHOICE, HOURLY, at(14)) is None


def test_a_plant_without_inverters_says_nothing_of_another_one() -> None:
    flags = Flags(offline=True)
    assert built(replace(history(A=series(12)), flags=flags)).messages
    assert not built(history()).messages


def test_the_same_past_gives_the_same_message() -> None:
    what = history(A=series(9, 10, 11), B=series(9, 10, 11))
    day = built(what).messages
    alone = build(what, CHOICE, HOURLY, at(10), at(11), at(12, day=19)).messages
    assert [one.payload for one in alone] == [day[1].payload]


def test_days_of_23_and_25_hours() -> None:
    for month, day, hours in ((3, 29, 23), (10, 25, 25)):
        start = datetime(2026, month, day, tzinfo=BRUSSELS)
        end = datetime(2026, month, day + 1, tzinfo=BRUSSELS)
        first = start.astimezone(UTC)
        every = [first + n * timedelta(minutes=30) for n in range(2 * hours)]
        what = History(source="1", zone=BRUSSELS, samples={"A": [sample(t, {}) for t in every]})
        found = build(what, CHOICE, HOURLY, start, end, end + timedelta(days=2))
        begins = [one.slot.at for one in found.messages]
        assert begins == [first + n * timedelta(hours=1) for n in range(hours)]
        text = [one.payload["DATE_GENERATION"][11:13] for one in found.messages]
        assert text[-1] == "23"
        assert text.count("02") == hours - 23


def test_the_extended_form_says_more() -> None:
    form = Form(compatibility=Compatibility.EXTENDED, interval=timedelta(minutes=15))
    reading = Reading(
        source="1", flow=Flow.SOLAR, at=at(11), valid_for=timedelta(hours=1), to_house_kwh=1234.5678
    )
    what = replace(history(A=series(12), B=[]), readings=[reading])
    found = build(what, CHOICE, form, at(0), at(23), at(0, day=19), Origin.VENDOR_HISTORY)
    (message,) = found.messages
    check(dict(message.payload), "PlantMicroInverterExtended")
    assert message.payload["DATE_UTC"] == "2026-06-17T17:00:00+00:00"
    assert message.payload["TIMEZONE"] == "America/Bogota"
    assert message.payload["INTERVAL_SECONDS"] == 900
    assert message.payload["ORIGIN"] == "vendor_history"
    assert message.payload["GENERATION_TOTAL"] == 1234.568
    one = devices(message)["A"]
    assert (one["QUALITY"], one["ENERGY_TODAY"], one["ENERGY_TODAY_2_DC"]) == ("sample", 1200, 600)
    assert one["POWER_1_DC"] == round(30.5 * 5.25, 3)
    assert "POWER_3_DC" not in one
    assert devices(message)["B"]["QUALITY"] == "stale"
    assert len(one.keys() & DEVICE_KEYS) == 44
    kept = build(what, CHOICE, form, at(0), at(23), at(0, day=19), Origin.LONG_STATISTICS)
    assert devices(kept.messages[0])["A"]["QUALITY"] == "mean"


def test_limits_are_those_of_the_document() -> None:
    one = resolve("#/components/schemas/MicroInverter/properties") | resolve(
        "#/components/schemas/Electrical/properties"
    )
    for name, limits in MEASURED.items():
        schema = resolve(one[name]["$ref"])
        said = (schema.get("minimum", -math.inf), schema.get("maximum", math.inf))
        assert (limits.least, limits.most) == said, name
    assert {*MEASURED, *UNMEASURED} | {"TYPE_INVERTER"} == one.keys()


FLOATS = st.none() | st.floats(width=32)
SAMPLES = st.lists(
    st.builds(
        Sample,
        st.integers(0, 200).map(lambda n: at(0) + n * timedelta(minutes=15)),
        FLOATS,
        FLOATS,
        FLOATS,
        st.lists(FLOATS, max_size=4),
        st.dictionaries(
            st.integers(0, 9), st.builds(PortSample, FLOATS, FLOATS, FLOATS, FLOATS), max_size=4
        ),
    ),
    max_size=5,
).map(lambda found: sorted(found, key=lambda one: one.at))


@settings(max_examples=50)
@given(
    st.dictionaries(st.sampled_from("ABC"), SAMPLES),
    st.sampled_from([5, 15, 30, 60]),
    st.sampled_from(TimeMode),
    st.sampled_from(Unknown),
)
def test_whatever_is_remembered_the_message_is_good(
    samples: dict[str, list[Sample]], minutes: int, mode: TimeMode, unknown: Unknown
) -> None:
    what = History(source="1", zone=BOGOTA, samples=samples)
    form = Form(interval=timedelta(minutes=minutes), time_mode=mode, unknown=unknown)
    found = build(what, CHOICE, form, at(0), at(0, day=19), at(0, day=21))
    before: tuple[str, float] = "", 0.0
    for message in found.messages:
        payload = json.loads(to_text(message.payload))
        if unknown is not Unknown.ZERO:  # no grid has 0 Hz
            check(payload, "PlantMicroInverter")
        assert devices(message).keys() == samples.keys()
        day, energy = payload["DATE_GENERATION"][:10], payload["GENERATION"] or 0.0
        assert day != before[0] or energy >= before[1]
        before = day, energy
    begins = [one.slot.at for one in found.messages]
    assert begins == sorted(set(begins))
    assert not set(begins) & set(found.gaps)
