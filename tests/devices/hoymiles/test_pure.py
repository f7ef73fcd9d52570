"""Budgets, periods, counters of days and validity, for any order of what happens."""

from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise

from hypothesis import given, strategies as st
import pytest

from custom_components.energy_hub.devices.hoymiles.budget import PLANS, Budget, Plan
from custom_components.energy_hub.devices.hoymiles.daylight import Place
from custom_components.energy_hub.devices.hoymiles.fresh import Fresh, validity
from custom_components.energy_hub.devices.hoymiles.model import Inverter, Live, Plant, Status
from custom_components.energy_hub.devices.hoymiles.pace import Fleet, KeyPace, Pace
from custom_components.energy_hub.devices.hoymiles.period import Period, RunningTotal
from custom_components.energy_hub.devices.hoymiles.plan import Agenda, Job, Task
from custom_components.energy_hub.devices.hoymiles.plant import PlantState
from custom_components.energy_hub.devices.hoymiles.zone import (
    async_plant_zone,
    async_zone_from_state,
)
from custom_components.energy_hub.reading import Flags

BEGIN = datetime(2026, 6, 1, tzinfo=UTC)
DAY = date(2026, 6, 17)
WH = st.none() | st.floats(0, 1e6, width=32)


@given(
    st.builds(Plan, st.integers(1, 100), st.integers(1, 300)),
    st.lists(st.integers(0, 200), max_size=60),
)
def test_a_budget_is_never_overspent(plan: Plan, waits: list[int]) -> None:
    budget, now = Budget(plan), BEGIN
    calls: list[datetime] = []
    for wait in waits:
        now += timedelta(seconds=wait)
        if budget.wait(now) <= 0:
            budget.spend(now)
            calls.append(now)
        else:
            assert budget.wait(now + timedelta(seconds=budget.wait(now))) <= 0
    for at in calls:
        assert sum(at <= one < at + timedelta(minutes=1) for one in calls) <= plan.per_minute
    assert len(calls) <= plan.per_month
    assert budget.left(now) == plan.per_month - len(calls)
    again = Budget(plan)
    again.restore(budget.as_state())
    assert again.left(now) == budget.left(now)
    assert again.left(now + timedelta(days=31)) == plan.per_month


@given(st.sampled_from(list(PLANS)), st.integers(1, 400), st.integers(1, 40))
def test_the_pace_of_a_key_keeps_its_month(name: str, inverters: int, plants: int) -> None:
    plan = PLANS[name]
    pace, fleet = KeyPace(Budget(plan)), Fleet(plants, inverters, 16 * 60)
    every = pace.every(Task.DAY, timedelta(minutes=5), fleet, BEGIN)
    assert timedelta(minutes=15) <= every <= timedelta(hours=6)
    if every < timedelta(hours=6):
        rounds = timedelta(hours=16) / every
        assert rounds * (inverters + plants) * 30 <= plan.per_month


def test_a_refusal_slows_down_and_wears_off() -> None:
    pace, fleet, step = Pace(), Fleet(1, 1, 960), timedelta(minutes=5)
    found = []
    for _ in range(5):
        pace.slow_down(BEGIN)
        found.append(pace.every(Task.LIVE, step, fleet, BEGIN) / step)
    assert found == [2, 4, 8, 8, 8]
    assert pace.every(Task.PLANTS, step, fleet, BEGIN) == timedelta(days=1)
    assert pace.every(Task.LIVE, step, fleet, BEGIN + timedelta(hours=1)) == step


@given(st.lists(st.tuples(st.integers(0, 2), WH), max_size=20))
def test_a_period_never_falls_and_never_goes_back(said: list[tuple[int, float | None]]) -> None:
    period, shown = Period(), []
    for day, wh in said:
        period.learn(DAY + timedelta(days=day), wh)
        shown.append((period.start, period.wh))
    for (day, before), (later, after) in pairwise(shown):
        assert later is None or day is None or later >= day
        assert day != later or before is None or (after is not None and after >= before)
    newest = max((day for day, wh in said if wh is not None), default=None)
    if newest is None:
        assert period.of(DAY, untouched=False) is None
        assert period.of(DAY, untouched=True) == 0
    else:
        said_of = [wh for day, wh in said if day == newest and wh is not None]
        assert period.of(DAY + timedelta(days=newest), untouched=False) == max(said_of)


@given(st.lists(st.tuples(st.integers(0, 1), WH, st.booleans()), max_size=20))
def test_a_running_total_never_falls(said: list[tuple[int, float | None, bool]]) -> None:
    total, totals = RunningTotal(DAY), [0.0]
    for days, wh, restart in said:
        today = total.day + timedelta(days=days)
        if days:
            total.roll(today, {} if wh is None else {total.day: wh})
        total.learn(today, wh)
        if restart:
            total = RunningTotal.from_state(total.as_state())
        totals.append(total.wh)
    assert totals == sorted(totals)


def test_days_without_us_are_counted_once() -> None:
    total = RunningTotal(DAY, 1_000.0)
    total.learn(DAY, 300.0)
    past = {DAY + timedelta(days=one): 100.0 * one for one in range(-3, 5)}
    total.roll(DAY + timedelta(days=3), past | {DAY: 400.0})
    assert total.wh == 1_000 + 400 + 100 + 200
    assert total.day == DAY + timedelta(days=3)


@given(
    st.lists(st.tuples(st.integers(-60, 60), st.integers(0, 30)), max_size=12),
    st.integers(5, 60),
    st.sampled_from([5, 15, 20]),
)
def test_a_sample_is_true_for_a_poll_and_a_half_and_one_sample(
    said: list[tuple[int, int]], poll: int, step: int
) -> None:
    fresh, now = Fresh(), BEGIN
    valid = validity(timedelta(minutes=poll), timedelta(minutes=step))
    assert valid == timedelta(minutes=1.5 * poll + step)
    for age, wait in said:
        now += timedelta(minutes=wait)
        before = fresh.at
        taken = fresh.learn(now - timedelta(minutes=age), now, valid)
        assert taken == (age >= -10 and (before is None or now - timedelta(minutes=age) > before))
        if taken:
            assert fresh.is_true(now) == (age <= 40)
        assert not fresh.is_true(now + valid)


@given(st.lists(st.booleans(), max_size=30))
def test_what_fails_is_asked_less_and_less_often(went_well: list[bool]) -> None:
    job, now, least = Job(Task.LIVE, BEGIN), BEGIN, timedelta(minutes=1)
    for well in went_well:
        now = max(now, job.due)
        if well:
            job.succeed(now, timedelta(minutes=5))
            assert job.due == now + timedelta(minutes=5)
        else:
            job.fail(now, least)
            assert least <= job.due - now <= timedelta(hours=1)


def test_lists_that_were_asked_for_wait_an_hour_even_if_the_clock_was_wrong() -> None:
    for ahead, due in ((0, 60), (-30, 30), (-90, 0), (999, 60)):
        agenda = Agenda()
        job = agenda.add(Task.PLANTS, BEGIN)
        done = BEGIN + timedelta(minutes=ahead)
        agenda.restore([[int(Task.PLANTS), None, done.isoformat()], [1, 77, done.isoformat()]])
        assert job.due == BEGIN + timedelta(minutes=due)


async def test_a_zone_that_cannot_be_is_not_believed() -> None:
    wrong = Status(Flags(), ("America/Menominee",), timedelta(hours=-6))
    july = datetime(2026, 7, 1, 12, tzinfo=UTC)
    # In July it is five hours behind there, so the plant is somewhere else.
    zone, doubtful = await async_plant_zone(wrong, july, UTC, None)
    assert (zone, doubtful) == (timezone(timedelta(hours=-6)), True)
    chosen, doubtful = await async_plant_zone(wrong, july, UTC, "America/Costa_Rica")
    assert (str(chosen), doubtful) == ("America/Costa_Rica", False)
    assert await async_plant_zone(Status(Flags(), (), None), july, UTC, None) == (None, False)


@pytest.mark.parametrize("name", ["x" * 300, "zone.tab", "Europe"])
async def test_what_is_no_zone_is_left_out(name: str) -> None:
    status = Status(Flags(), (name,), timedelta(hours=2))
    july = datetime(2026, 7, 1, 12, tzinfo=UTC)
    zone = timezone(timedelta(hours=2))
    assert await async_plant_zone(status, july, UTC, name) == (zone, True)
    assert await async_zone_from_state(name) is None


def test_the_day_ends_at_the_midnight_of_the_plant() -> None:
    state = PlantState(Plant(1, "Far"))
    state.zone = timezone(timedelta(hours=-5))
    state.learn_inverters([Inverter("A")])
    evening = datetime(2026, 6, 18, 4, 30, tzinfo=UTC)
    state.learn_live(
        Live(local=datetime(2026, 6, 17, 18, 5), today_wh=7_000.0, month_wh=80_000.0),  # noqa: DTZ001
        evening,
        timedelta(minutes=5),
    )
    assert state.today_wh(evening) == 7_000
    assert state.today_wh(evening + timedelta(minutes=29)) == 7_000
    # Half past midnight there: a new day has nothing yet, and by noon nobody knows.
    assert state.today_wh(evening + timedelta(hours=1)) == 0
    assert state.today_wh(evening + timedelta(hours=13)) is None


@pytest.mark.parametrize(
    ("longitude", "hours", "fits"),
    [
        (4.35, 2, True),
        (-8.7, 2, True),
        (75.0, 8, True),
        (-157.0, 14, True),
        (120.1, 2, False),
        (-74.1, 2, False),
    ],
)
def test_a_place_is_believed_when_its_clock_can_be_there(
    longitude: float, hours: int, fits: bool
) -> None:
    assert Place(10, longitude).has_clock(timedelta(hours=hours)) is fits
