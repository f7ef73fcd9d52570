"""Tariffs, quarters and months go by the Belgian clock, also where it changes."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from simulator.world import House, HouseConfig, Place, mixed_house, plain_house
from simulator.world.tariff import tariff

from .tools import joules

BRUSSELS = ZoneInfo("Europe/Brussels")
QUARTER = timedelta(minutes=15)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-03-27T05:59:59Z", 2),  # a Friday in winter time, 06:59:59
        ("2026-03-27T06:00:00Z", 1),
        ("2026-03-27T20:59:59Z", 1),
        ("2026-03-27T21:00:00Z", 2),
        ("2026-03-29T10:00:00Z", 2),  # the Sunday on which summer begins
        ("2026-03-30T04:59:59Z", 2),  # Monday in summer time, 06:59:59
        ("2026-03-30T05:00:00Z", 1),
        ("2026-03-30T19:59:59Z", 1),
        ("2026-03-30T20:00:00Z", 2),
        ("2026-06-20T12:00:00Z", 2),  # a Saturday
        ("2026-10-23T05:00:00Z", 1),  # the last Friday of summer time
        ("2026-10-26T05:00:00Z", 2),  # Monday in winter time, 06:00
        ("2026-10-26T06:00:00Z", 1),
    ],
)
def test_day_is_from_seven_to_ten_on_weekdays(at: str, expected: int) -> None:
    assert tariff(datetime.fromisoformat(at).timestamp()) == expected


def test_energy_goes_to_the_register_of_its_tariff() -> None:
    begin = datetime(2026, 3, 29, 22, tzinfo=UTC)  # the Monday after the change, 00:00
    house = House(plain_house(), begin, fine_from=begin + timedelta(days=2))
    day = night = 0
    for hour in range(24):
        start, end = (house.truth(begin + timedelta(hours=hour + n)) for n in range(2))
        by_day = joules(end.import_day_kwh) - joules(start.import_day_kwh)
        by_night = joules(end.import_night_kwh) - joules(start.import_night_kwh)
        out_by_day = joules(end.export_day_kwh) - joules(start.export_day_kwh)
        assert start.tariff == (1 if 7 <= hour < 22 else 2)
        assert not (by_night if start.tariff == 1 else by_day + out_by_day)
        day, night = day + by_day, night + by_night
    assert day
    assert night


def test_the_quarter_climbs_and_starts_again() -> None:
    begin = datetime(2026, 1, 12, 17, tzinfo=UTC)
    house = House(plain_house(), begin)
    quarter = begin + QUARTER
    before = house.truth(quarter - timedelta(seconds=1))
    start = house.truth(quarter)
    later = house.truth(quarter + timedelta(seconds=183))
    assert start.quarter_w == 0
    assert before.quarter_w > 0
    imported = joules(later.import_kwh) - joules(start.import_kwh)
    assert later.quarter_w * 900 == pytest.approx(imported)


def _peaks(house: House, begin: datetime, end: datetime) -> dict[tuple[int, int], tuple[int, int]]:
    """Return (W, end in epoch s) of the highest quarter of each Belgian month."""
    found: dict[tuple[int, int], tuple[int, int]] = defaultdict(lambda: (0, 0))
    at = begin
    while at < end:
        first, last = house.truth(at), house.truth(at + QUARTER)
        mean_w = (joules(last.import_kwh) - joules(first.import_kwh)) // 900
        local = at.astimezone(BRUSSELS)
        month = (local.year, local.month)
        if mean_w > found[month][0]:
            found[month] = mean_w, int((at + QUARTER).timestamp())
        at += QUARTER
    return found


@pytest.mark.parametrize("zone", ["Europe/Brussels", "America/New_York", "Asia/Tokyo"])
@pytest.mark.parametrize(
    ("begin", "closed"),
    [
        ("2026-03-27T23:00:00Z", "2026-03-31T22:00:00Z"),
        ("2026-10-24T22:00:00Z", "2026-10-31T23:00:00Z"),
        ("2025-12-29T23:00:00Z", "2025-12-31T23:00:00Z"),
    ],
)
def test_months_close_at_belgian_midnight(zone: str, begin: str, closed: str) -> None:
    start, midnight = datetime.fromisoformat(begin), datetime.fromisoformat(closed)
    end = midnight + timedelta(days=1)
    config = HouseConfig(seed=4, place=Place(50.85, 4.35, zone), car=True)
    house = House(config, start, fine_from=end)
    before, after, last = (
        house.truth(at) for at in (midnight - timedelta(seconds=1), midnight, end)
    )
    assert before.month_peaks[-1].closed != midnight
    assert after.month_peaks[-1].closed == midnight
    assert after.month_peaks[:-1] == before.month_peaks[1:]
    assert len(after.month_peaks) == 13
    assert (after.month_peak.quarter_end, after.month_peak.power_w) == (None, 0)
    by_month = _peaks(house, start, end)
    local = end.astimezone(BRUSSELS)
    expected_w, expected_end = by_month[local.year, local.month]
    assert last.month_peak.power_w == expected_w
    assert last.month_peak.quarter_end == datetime.fromtimestamp(expected_end, UTC)
    old = start.astimezone(BRUSSELS)
    invented_w = house.truth(start).month_peak.power_w
    assert after.month_peaks[-1].power_w == max(by_month[old.year, old.month][0], invented_w)


def test_a_peak_never_falls_within_its_month() -> None:
    begin = datetime(2026, 11, 30, 23, tzinfo=UTC)
    house = House(plain_house(), begin, fine_from=begin + timedelta(days=5))
    assert house.truth(begin).month_peak.quarter_end is None
    peaks = [house.truth(begin + n * QUARTER).month_peak.power_w for n in range(4 * 96)]
    assert peaks == sorted(peaks)
    assert peaks[1] > 0


def test_the_invented_past_is_a_real_calendar() -> None:
    truth = House(mixed_house(), datetime(2026, 6, 23, tzinfo=UTC)).truth(
        datetime(2026, 6, 23, tzinfo=UTC)
    )
    closings = [one.closed for one in truth.month_peaks]
    assert len(closings) == 13
    for peak in truth.month_peaks:
        assert peak.closed is not None
        assert peak.quarter_end is not None
        local = peak.closed.astimezone(BRUSSELS)
        assert (local.day, local.hour, local.minute) == (1, 0, 0)
        assert timedelta() < peak.closed - peak.quarter_end < timedelta(days=31)
        assert peak.quarter_end.timestamp() % 900 == 0
    last = closings[-1]
    assert last == datetime(2026, 5, 31, 22, tzinfo=UTC)
    assert truth.month_peak.quarter_end is not None
    assert last < truth.month_peak.quarter_end < truth.time


def test_gas_and_water_only_grow() -> None:
    begin = datetime(2026, 1, 14, 23, tzinfo=UTC)
    house = House(mixed_house(), begin, fine_from=begin + timedelta(days=1))
    truths = [house.truth(begin + timedelta(minutes=10 * n)) for n in range(145)]
    for name in ("gas_m3", "water_m3", "heat_gj"):
        values = [getattr(one, name) for one in truths]
        assert values == sorted(values)
        assert values[-1] > values[0]
