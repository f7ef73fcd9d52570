"""The house stands where the sun shines."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from script.lib.demo.place import LATITUDE, machine_place, machine_zone, noon_place

# From 2020 to 2035.
MOMENTS = st.integers(1_577_836_800, 2_051_222_400).map(lambda s: datetime.fromtimestamp(s, UTC))


@given(MOMENTS)
def test_it_is_about_noon(now: datetime) -> None:
    place = noon_place(now)
    local = now.astimezone(ZoneInfo(place.zone))
    assert time(11, 30) <= local.time() <= time(12, 30)


@given(MOMENTS)
def test_the_zone_has_whole_hours_and_the_sun_is_highest_at_noon(now: datetime) -> None:
    place = noon_place(now)
    offset = now.astimezone(ZoneInfo(place.zone)).utcoffset()
    assert offset is not None
    assert offset % timedelta(hours=1) == timedelta()
    assert (place.longitude - offset / timedelta(hours=1) * 15) % 360 == 0
    assert -180 <= place.longitude <= 180
    assert place.latitude == LATITUDE


def test_a_zone_beyond_the_date_line_still_has_a_longitude(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")  # UTC+14
    place = machine_place(datetime(2026, 6, 1, tzinfo=UTC))
    assert (place.zone, place.longitude) == ("Pacific/Kiritimati", -150)


def test_the_zone_of_the_machine_is_where_its_clock_points(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TZ", raising=False)
    rules = tmp_path / "zoneinfo" / "Europe" / "Brussels"
    rules.parent.mkdir(parents=True)
    rules.touch()
    link = tmp_path / "localtime"
    link.symlink_to(rules)
    assert machine_zone(link) == "Europe/Brussels"


@pytest.mark.parametrize("zone", ["Europe/Paris", ":Europe/Paris"])
def test_the_environment_goes_before_the_clock(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", zone)
    assert machine_zone() == "Europe/Paris"


@pytest.mark.parametrize("zone", ["", "CET-1CEST,M3.5.0", "../etc/passwd", "Nowhere/Land"])
def test_a_machine_without_a_named_zone_is_in_utc(
    zone: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", zone)
    assert machine_zone(tmp_path / "localtime") == "UTC"
