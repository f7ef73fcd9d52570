"""How good forecasts were, calculated by hand."""

from datetime import date, timedelta

import pytest

from custom_components.energy_hub.plan.outlook import Power
from custom_components.energy_hub.plan.skill import KEPT_DAYS, LEADS, Figures, Skill

from .world import DAY, HOUR, day

FIRST = day("2026-06-01") + 10 * HOUR


def test_figures_of_three_hours_by_hand() -> None:
    """Errors of the raw one: +200, -100, +300; of the corrected one: +50, -60, +10.

    The day before, the hours had 900, nothing that is known, and 1500.
    """
    skill = Skill()
    yesterday = FIRST - DAY
    skill.judge(yesterday, 900, yesterday.date())
    skill.judge(yesterday + 2 * HOUR, 1500, yesterday.date())
    skill.note(
        FIRST - 6 * HOUR,
        {
            FIRST: Power(1200, 1050),
            FIRST + HOUR: Power(1100, 1140),
            FIRST + 2 * HOUR: Power(1400, 1110),
        },
    )
    for number, truth in enumerate((1000, 1200, 1100)):
        skill.judge(FIRST + number * HOUR, truth, FIRST.date())
    figures = skill.figures(6)
    assert figures.hours == 3
    assert figures.raw_mae == pytest.approx((200 + 100 + 300) / 3)
    assert figures.raw_bias == pytest.approx((200 - 100 + 300) / 3)
    assert figures.mae == pytest.approx((50 + 60 + 10) / 3)
    assert figures.bias == pytest.approx((50 - 60 + 10) / 3)
    assert figures.persistence_mae == pytest.approx((100 + 400) / 2)
    # Only of the two hours that persistence can be compared in.
    assert figures.better == pytest.approx(1 - (50 + 10) / (100 + 400))
    assert skill.figures(1) == figures
    assert Skill.from_state(skill.as_state()).figures(6) == figures
    nothing = Figures(
        hours=0,
        raw_mae=None,
        raw_bias=None,
        mae=None,
        bias=None,
        persistence_mae=None,
        better=None,
    )
    assert skill.figures(24) == nothing


def test_each_lead_time_has_the_newest_forecast_that_was_early_enough() -> None:
    skill = Skill()
    for ahead, wh in ((50, 100), (48, 200), (30, 300), (7, 400), (3, 500), (1, 600), (0, 700)):
        skill.note(FIRST - ahead * HOUR, {FIRST: Power(wh, wh)})
    kept = Skill.from_state(skill.as_state())
    kept.judge(FIRST, 1000, FIRST.date())
    assert [kept.figures(lead).bias for lead in LEADS] == [-400, -600, -700, -800]


def test_persistence_never_repeats_what_was_not_over() -> None:
    """Two days before an hour, its own hour of the day before has not come yet."""
    skill = Skill()
    for back, wh in ((3, 300), (2, 500), (1, 800)):
        skill.judge(FIRST - back * DAY, wh, (FIRST - back * DAY).date())
    for lead in LEADS:
        skill.note(FIRST - lead * HOUR, {FIRST: Power(1000, 1000)})
    skill.judge(FIRST, 1000, FIRST.date())
    assert [skill.figures(lead).persistence_mae for lead in LEADS] == [200, 200, 500, 700]


def test_nights_do_not_count_and_hours_count_once() -> None:
    skill = Skill()
    skill.note(FIRST - 2 * HOUR, {FIRST: Power(0, 0), FIRST + HOUR: Power(10, 10)})
    skill.judge(FIRST, 0, FIRST.date())
    skill.judge(FIRST + HOUR, 0, FIRST.date())
    skill.judge(FIRST + HOUR, 500, FIRST.date())
    assert skill.figures(1).hours == 1
    assert skill.figures(1).bias == 10


def test_old_days_are_forgotten() -> None:
    skill = Skill()
    for number in range(KEPT_DAYS + 5):
        start = FIRST + number * DAY
        skill.note(start - 2 * HOUR, {start: Power(number, number)})
        skill.judge(start, number + 1, start.date())
    assert skill.figures(1).hours == KEPT_DAYS
    state = skill.as_state()
    assert len(state["truth"]) <= 4
    assert state["waiting"] == {}
    assert min(state["days"]["1"]) > (date(2026, 6, 1) + timedelta(days=3)).isoformat()
