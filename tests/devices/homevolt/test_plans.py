"""Composing, writing down and recognising plans: pure, for any plan and any night."""

from datetime import UTC, datetime, timedelta
import json
import re
from zoneinfo import ZoneInfo

from hypothesis import example, given, strategies as st
import pytest

from custom_components.energy_hub.command import Command, Mode
from custom_components.energy_hub.devices.homevolt.compose import (
    Wanted,
    agrees,
    can_be_kept,
    compose,
    is_background,
    still_says,
)
from custom_components.energy_hub.devices.homevolt.console import Reply, Verb, line, reply_of
from custom_components.energy_hub.devices.homevolt.local_time import (
    can_be_told,
    tellable,
    written,
)
from custom_components.energy_hub.devices.homevolt.memory import entry_data, entry_from
from custom_components.energy_hub.devices.homevolt.plan import MANUAL, TYPES, Entry, Plan
from custom_components.energy_hub.devices.homevolt.translate import entry_of, schedule_of
from simulator.homevolt.flags import parse

BRUSSELS = ZoneInfo("Europe/Brussels")
NOW = datetime(2026, 10, 24, 20, tzinfo=UTC)
HOUR = timedelta(hours=1)
ZONES = st.sampled_from(["Europe/Brussels", "America/St_Johns", "Australia/Lord_Howe", "UTC"])

moments = st.integers(0, 3 * 366 * 86_400).map(
    lambda second: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=second)
)
watts = st.none() | st.integers(-20_000, 20_000)
shares = st.none() | st.integers(0, 100)


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    """Return any entry around now."""
    start = NOW + timedelta(minutes=draw(st.integers(-600, 3000)))
    length = draw(st.none() | st.integers(1, 900))
    return Entry(
        mode=draw(st.sampled_from([*TYPES.values()])),
        start=start,
        end=None if length is None else start + timedelta(minutes=length),
        power_w=draw(watts),
        min_soc=draw(shares),
        max_soc=draw(shares),
        import_limit_w=draw(watts),
    )


@given(entries())
def test_an_entry_is_remembered_as_it_was(entry: Entry) -> None:
    assert entry_from(json.loads(json.dumps(entry_data(entry)))) == entry


@given(moments, ZONES)
@example(datetime(2026, 10, 25, 0, 59, 59, tzinfo=UTC), "Europe/Brussels")
@example(datetime(2026, 10, 25, 1, 0, tzinfo=UTC), "Europe/Brussels")
@example(datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "Europe/Brussels")
def test_what_is_written_is_read_as_the_same_moment(at: datetime, name: str) -> None:
    zone = ZoneInfo(name)
    if not can_be_told(at, zone):
        with pytest.raises(ValueError, match="twice"):
            written(at, zone)
        return
    read = datetime.fromisoformat(written(at, zone)).replace(tzinfo=zone)
    assert read.astimezone(UTC) == at


@given(moments, st.integers(0, 7200), ZONES)
@example(datetime(2026, 10, 25, 1, 30, tzinfo=UTC), 900, "Europe/Brussels")
@example(datetime(2026, 10, 25, 1, 59, 59, tzinfo=UTC), 7000, "Europe/Brussels")
def test_an_end_near_the_wanted_one_can_be_told(at: datetime, before_s: int, name: str) -> None:
    zone, not_before = ZoneInfo(name), at - timedelta(seconds=before_s)
    found = tellable(at, not_before, zone)
    assert can_be_told(found, zone)
    assert found >= not_before
    assert abs(found - at) <= 2 * HOUR
    if can_be_told(at, zone):
        assert found == at


def test_the_repeated_hour_is_left_on_the_nearer_side_that_is_allowed() -> None:
    inside = datetime(2026, 10, 25, 1, 20, tzinfo=UTC)
    early = datetime(2026, 10, 25, 0, 59, 59, tzinfo=UTC)
    assert tellable(inside, early, BRUSSELS) == early
    late = datetime(2026, 10, 25, 2, tzinfo=UTC)
    assert tellable(inside, early + timedelta(seconds=1), BRUSSELS) == late


@given(st.lists(entries(), max_size=8), st.none() | st.integers(1, 600))
def test_every_moment_has_one_entry_and_the_command_comes_first(
    kept: list[Entry], minutes: int | None
) -> None:
    lease = None
    if minutes is not None:
        end = NOW + timedelta(minutes=minutes)
        lease = Entry(mode=Mode.INVERTER_CHARGE, start=NOW, end=end, power_w=500)
    found = [one.entry for one in compose(kept, lease, NOW)]
    assert found[0].start == NOW
    assert [one.end for one in found[:-1]] == [one.start for one in found[1:]]
    assert found[-1].end is None
    assert lease is None or found[0] == lease
    solid = [one for one in kept if not is_background(one)]
    starts = {one.start for one in solid}
    for entry in found[1 if lease else 0 :]:
        if not is_background(entry):
            assert entry.start in starts or entry.start >= NOW
            assert any(_same_but_start(entry, one) for one in solid)


def _same_but_start(first: Entry, second: Entry) -> bool:
    return (first.mode, first.power_w, first.end) == (second.mode, second.power_w, second.end)


def test_only_the_first_begins_at_once() -> None:
    found = compose((), Entry(mode=Mode.IDLE, start=NOW, end=NOW + HOUR, max_soc=90), NOW)
    assert [one.now for one in found] == [True, False]


@given(entries(), st.booleans())
def test_a_line_holds_two_verbs_whole_numbers_and_times_only(entry: Entry, now: bool) -> None:
    try:
        text = line(Verb.ADD, Wanted(entry, now), BRUSSELS)
    except ValueError:
        assert not all(can_be_told(at, BRUSSELS) for at in (entry.start, entry.end) if at)
        return
    assert re.fullmatch(
        r"sched_add \d( (-[scdlx] -?\d+|--(min|max)=\d+|--(from|to)=[\dT:-]+))*", text
    )
    wanted = parse(text.split()[1:], BRUSSELS)
    assert TYPES[wanted.type] is entry.mode
    assert wanted.values.get("setpoint") == entry.power_w
    assert wanted.values.get("max") == entry.max_soc
    if entry.end is not None:
        assert wanted.values["to"] == entry.end.timestamp()
    assert ("from" in wanted.values) is not now


def test_a_type_that_nobody_has_described_is_not_written() -> None:
    with pytest.raises(KeyError):
        line(Verb.SET, Wanted(Entry(mode=None, start=NOW)), BRUSSELS)


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("ecu> sched_set 0\nCommand 'sched_set 0' executed successfully\n", Reply.DONE),
        ("esp32> x\nCommand 'x' returned non-zero error code: 0x1 (ERROR)", Reply.REFUSED),
        ("esp32> x\ninvalid option -- 'z'", Reply.REFUSED),
        ("Unrecognized command", Reply.REFUSED),
        ("", Reply.UNCLEAR),
        ("<html></html>", Reply.UNCLEAR),
        ("executed successfully\nCommand 'x' returned non-zero error code: 0x2", Reply.REFUSED),
    ],
)
def test_how_a_line_went(text: str, reply: Reply) -> None:
    assert reply_of(text) is reply


@given(entries())
def test_a_plan_agrees_with_what_was_written_and_with_nothing_else(entry: Entry) -> None:
    wanted = [Wanted(entry)]
    assert agrees(Plan(True, MANUAL, (entry,)), wanted)
    assert not agrees(Plan(False, MANUAL, (entry,)), wanted)
    assert not agrees(Plan(True, "partner", (entry,)), wanted)
    assert not agrees(Plan(True, MANUAL, (entry, entry)), wanted)
    later = Entry(mode=entry.mode, start=entry.start + 2 * HOUR, end=entry.end)
    assert not agrees(Plan(True, MANUAL, (later,)), wanted)


def test_what_changed_and_what_is_only_over() -> None:
    over = Entry(mode=Mode.IDLE, start=NOW - 2 * HOUR, end=NOW - HOUR)
    ahead = Entry(mode=Mode.IDLE, start=NOW, end=None)
    known = (over, ahead)
    assert still_says(Plan(True, MANUAL, known), known, NOW)
    assert still_says(Plan(True, MANUAL, (ahead,)), known, NOW)
    assert not still_says(Plan(False, MANUAL, known), known, NOW)
    assert not still_says(Plan(True, MANUAL, (over,)), known, NOW)
    assert not still_says(Plan(True, MANUAL, (*known, ahead)), known, NOW)


def test_what_cannot_be_kept() -> None:
    plain = Entry(mode=Mode.IDLE, start=NOW)
    assert can_be_kept([plain])
    assert not can_be_kept([Entry(mode=None, start=NOW)])
    assert not can_be_kept([plain, Entry(mode=Mode.IDLE, start=NOW, other=frozenset({"x"}))])


@given(
    st.sampled_from([*TYPES.values()]),
    st.none() | st.floats(1, 6000),
    st.none() | st.floats(0, 100),
    st.none() | st.integers(100, 6000),
)
def test_a_command_is_the_same_after_its_way_through_the_plan(
    mode: Mode, power_w: float | None, soc: float | None, ceiling_w: int | None
) -> None:
    command = Command(mode=mode, power_w=power_w, max_soc=soc)
    entry = entry_of(command, NOW, NOW + HOUR, ceiling_w)
    schedule = schedule_of(entry)
    assert schedule is not None
    assert schedule.command.mode is mode
    assert schedule.command.max_soc == (None if soc is None else round(soc))
    if power_w is not None:
        assert schedule.command.power_w == round(power_w)
    assert (schedule.start, schedule.end, schedule.id) == (NOW, NOW + HOUR, NOW.timestamp())


@pytest.mark.parametrize(
    ("mode", "limits", "found"),
    [
        (Mode.INVERTER_CHARGE, {"target_soc": 90}, (None, 90)),
        (Mode.INVERTER_CHARGE, {"target_soc": 90, "max_soc": 80}, (None, 80)),
        (Mode.INVERTER_DISCHARGE, {"target_soc": 30}, (30, None)),
        (Mode.INVERTER_DISCHARGE, {"target_soc": 30, "min_soc": 40}, (40, None)),
    ],
)
def test_a_target_is_told_as_a_limit(
    mode: Mode, limits: dict[str, float], found: tuple[int | None, int | None]
) -> None:
    entry = entry_of(Command(mode=mode, power_w=500, **limits), NOW, None, None)
    assert (entry.min_soc, entry.max_soc) == found
