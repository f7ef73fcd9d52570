"""What was true stays true: in any order of questions, in any process, whatever comes later."""

from datetime import UTC, datetime, timedelta
import os
from pathlib import Path
import subprocess
import sys

from hypothesis import given, settings, strategies as st

from simulator.world import BatteryCommand, House, mixed_house

BEGIN = datetime(2026, 10, 24, 16, tzinfo=UTC)
# Over a midnight of the house, and longer than what the house keeps at hand.
NIGHT = datetime(2026, 10, 24, 21, 30, tzinfo=UTC)
SPAN_S = 75 * 60
ROOT = Path(__file__).parents[2]

seconds = st.integers(0, SPAN_S)


@settings(max_examples=15)
@given(asked=st.lists(seconds, min_size=1, max_size=6), seed=st.integers(0, 3))
def test_the_order_of_questions_does_not_matter(asked: list[int], seed: int) -> None:
    there, back = (House(mixed_house(seed), NIGHT) for _ in range(2))
    moments = [NIGHT + timedelta(seconds=one) for one in asked]
    forward = {at: there.truth(at) for at in sorted(moments)}
    backward = {at: back.truth(at) for at in sorted(moments, reverse=True)}
    assert forward == backward
    assert forward == {at: there.truth(at) for at in moments}


def test_another_seed_is_another_house() -> None:
    at = BEGIN + timedelta(hours=1)
    first, second = (House(mixed_house(seed), BEGIN).truth(at) for seed in (1, 2))
    assert first.load_w != second.load_w
    assert first.import_kwh != second.import_kwh
    assert first.month_peaks != second.month_peaks


def test_the_weather_does_not_depend_on_the_beginning() -> None:
    at = BEGIN + timedelta(hours=2)
    early = House(mixed_house(), BEGIN - timedelta(days=3), fine_from=BEGIN).truth(at)
    late = House(mixed_house(), BEGIN).truth(at)
    assert early.irradiance_w_m2 == late.irradiance_w_m2
    assert early.solar_w == late.solar_w
    assert early.load_w == late.load_w


def test_another_process_tells_the_same() -> None:
    program = (
        "from datetime import datetime as d, UTC; from simulator.world import *;"
        "print(House(mixed_house(), d(2026, 10, 24, 16, tzinfo=UTC))"
        ".truth(d(2026, 10, 24, 17, tzinfo=UTC)))"
    )
    there = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    assert there == str(House(mixed_house(), BEGIN).truth(BEGIN + timedelta(hours=1)))


@settings(max_examples=6)
@given(start_s=seconds, before_s=seconds)
def test_a_command_changes_only_what_comes_after_it(start_s: int, before_s: int) -> None:
    house, untouched = (House(mixed_house(), NIGHT) for _ in range(2))
    start = NIGHT + timedelta(seconds=start_s)
    last = NIGHT + timedelta(seconds=SPAN_S)
    house.truth(last)
    house.command("luna", BatteryCommand(-1234, until=last), start)
    before = NIGHT + timedelta(seconds=min(start_s, before_s))
    if before < start:
        assert house.truth(before) == untouched.truth(before)
    # Asked before or after the command was given: the same log gives the same truth.
    untouched.command("luna", BatteryCommand(-1234, until=last), start)
    assert house.truth(last) == untouched.truth(last)


def test_the_beginning_is_a_whole_quarter() -> None:
    house = House(mixed_house(), BEGIN + timedelta(minutes=14, seconds=59.5))
    assert house.begin == BEGIN
    assert house.truth(BEGIN).quarter_w == 0
