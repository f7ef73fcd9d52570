"""What a roof teaches in thirty days, and how it helps in thirty others."""

from statistics import fmean

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.energy_hub.plan.forecast import Expected
from custom_components.energy_hub.plan.learn import Correction, Lesson
from custom_components.energy_hub.plan.outlook import Outlook
from custom_components.energy_hub.plan.shares import AS_MODELLED
from custom_components.energy_hub.plan.sun import Sun
from custom_components.energy_hub.plan.trust import Hour, lesson
from simulator.world import BRUSSELS_PLACE, PvArray, Shadow, Weather

from .world import DAY, HOUR, day, hours, plane_of, truth_wh

SHADED = PvArray(
    "roof",
    5.0,
    12,
    35,
    185,
    5000,
    soiling=0.08,
    shadows=(Shadow(90, 150, 38), Shadow(240, 290, 30)),
)
PEAK_W = 5000.0
WEST = Sun(0.6, 4.4, 1366.0)
NOON = day("2026-05-01") + 12 * HOUR


def _expected(text: str, days: int) -> list[tuple[Expected, ...]]:
    weather = Weather(BRUSSELS_PLACE, 3)
    start = day(text)
    return list(hours(plane_of(SHADED), weather, start, start + days * DAY))


@pytest.mark.parametrize("begin", ["2026-01-10", "2026-04-05", "2026-07-20"])
def test_thirty_days_teach_the_next_thirty(begin: str) -> None:
    weather = Weather(BRUSSELS_PLACE, 3)
    every = _expected(begin, 60)
    truths = [truth_wh(weather, SHADED, one[0].sky.start, one[0].sky.start + HOUR) for one in every]
    correction = Correction()
    for quarters, truth in zip(every[:720], truths[:720], strict=True):
        taught = lesson(Hour(quarters, truth, held_back=False, cold_c=8.0), PEAK_W)
        if taught is not None:
            correction.learn(taught)
    restarted = Correction.from_state(correction.as_state())
    raw_off, off = [], []
    for quarters, truth in zip(every[720:], truths[720:], strict=True):
        energy = Outlook.of(quarters, restarted).energy(
            quarters[0].sky.start, quarters[0].sky.start + HOUR
        )
        assert energy is not None
        raw_off.append(abs(energy.raw_w - truth))
        off.append(abs(energy.corrected_w - truth))
    assert fmean(off) < 0.7 * fmean(raw_off)
    days = range(0, 720, 24)
    worse = [sum(off[n : n + 24]) / sum(raw_off[n : n + 24]) for n in days]
    assert max(worse) < 1.1


def test_nothing_learnt_changes_nothing() -> None:
    assert Correction().factors(WEST) == AS_MODELLED
    assert Correction.from_state({}).factors(WEST) == AS_MODELLED


def _lesson(share: float, sun: Sun = WEST, days: int = 0) -> Lesson:
    start = NOON + days * DAY
    return Lesson(start=start, sun=sun, beam=0.6, spread=0.1, truth=0.7 * share)


def test_a_shadow_stays_where_it_is() -> None:
    correction = Correction()
    east = Sun(0.6, 1.6, 1366.0)
    for number in range(10):
        correction.learn(_lesson(0.3, days=number))
        correction.learn(_lesson(1.0, east, days=number))
    assert correction.factors(WEST).beam < 0.45
    assert correction.factors(east).beam > 0.9
    assert correction.positions == 2


def test_what_was_learnt_fades() -> None:
    correction = Correction()
    for number in range(10):
        correction.learn(_lesson(0.3, days=number))
    before = correction.factors(WEST).beam
    for number in range(60, 70):
        correction.learn(_lesson(1.0, days=number))
    assert before < 0.45
    assert correction.factors(WEST).beam > 0.8
    for number in range(2000, 2002):
        correction.learn(_lesson(1.0, Sun(0.2, 1.0, 1366.0), days=number))
    assert correction.positions == 1


def _clear_hour() -> tuple[Expected, ...]:
    every = _expected("2026-05-01", 1)
    return max(every, key=lambda one: sum(quarter.power_w for quarter in one))


def test_only_honest_hours_teach() -> None:
    bright = _clear_hour()
    wh = sum(one.power_w for one in bright) / 4
    assert lesson(Hour(bright, wh, held_back=False, cold_c=8.0), PEAK_W)
    assert lesson(Hour(bright, wh, held_back=True, cold_c=8.0), PEAK_W) is None
    assert lesson(Hour(bright[:3], wh, held_back=False, cold_c=8.0), PEAK_W) is None
    # Snow: little comes although it is bright; a shaded roof on a mild day teaches.
    assert lesson(Hour(bright, 0.1 * wh, held_back=False, cold_c=-3.0), PEAK_W) is None
    assert lesson(Hour(bright, 0.9 * wh, held_back=False, cold_c=-3.0), PEAK_W)
    assert lesson(Hour(bright, 0.1 * wh, held_back=False, cold_c=8.0), PEAK_W)
    assert lesson(Hour(bright, 0.1 * wh, held_back=False, cold_c=None), PEAK_W)
    night = _expected("2026-05-01", 1)[0]
    assert lesson(Hour(night, 0.0, held_back=False, cold_c=8.0), PEAK_W) is None


def test_an_inverter_at_its_limit_teaches_nothing() -> None:
    bright = _clear_hour()
    held = tuple(
        Expected(one.sky, one.sun, [given._replace(limit_w=500.0) for given in one.planes])
        for one in bright
    )
    assert lesson(Hour(held, 500.0, held_back=False, cold_c=8.0), PEAK_W) is None


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.floats(0, 1.2),
            st.floats(0, 0.5),
            st.floats(0, 3),
            st.floats(0, 1.5),
            st.floats(0, 6.28),
        ),
        max_size=30,
    )
)
def test_shares_stay_sane(rows: list[tuple[float, float, float, float, float]]) -> None:
    correction = Correction()
    for number, (beam, spread, truth, height, azimuth) in enumerate(rows):
        sun = Sun(height, azimuth, 1366.0)
        start = NOON + number * DAY
        correction.learn(Lesson(start=start, sun=sun, beam=beam, spread=spread, truth=truth))
        shares = correction.factors(sun)
        assert 0 <= shares.beam <= 1.5
        assert 0 <= shares.clear <= 1.5
        assert 0 <= shares.dull <= 1.5
    again = Correction.from_state(correction.as_state())
    assert again.as_state() == correction.as_state()
