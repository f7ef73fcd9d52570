"""Moments of labels, whatever the clock does that day; samples that are made on demand."""

from array import array
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st

from custom_components.energy_hub.devices.hoymiles.samples import labels, samples
from custom_components.energy_hub.devices.hoymiles.series import InverterDay, PortDay, Series

BRUSSELS = ZoneInfo("Europe/Brussels")
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
NAN = float("nan")


def day_of(minutes: list[int]) -> Series:
    """Return the day of an inverter A with one port, which says the minute as its power."""
    column = array("f", minutes)
    none = array("f", [NAN] * len(minutes))
    ports = {3: PortDay(none, none, column, column)}
    return {"A": InverterDay(array("H", minutes), column, none, none, (none,), ports)}


def test_an_hour_that_is_left_out_is_none() -> None:
    found = labels(BRUSSELS, SPRING, day_of([119, 120, 150, 179, 180]))
    assert found == {
        119: datetime(2026, 3, 29, 0, 59, tzinfo=UTC),
        180: datetime(2026, 3, 29, 1, 0, tzinfo=UTC),
    }


def test_an_hour_that_comes_twice_is_the_first() -> None:
    found = labels(BRUSSELS, AUTUMN, day_of([119, 150, 180]))
    assert [f"{at:%H:%M}" for at in found.values()] == ["23:59", "00:30", "02:00"]


@given(
    st.lists(st.integers(0, 1439), unique=True).map(sorted),
    st.sampled_from([SPRING, AUTUMN, date(2026, 6, 17), date(2026, 12, 31)]),
    st.sampled_from(["Europe/Brussels", "Australia/Lord_Howe", "America/Bogota", "Asia/Kathmandu"]),
)
def test_moments_only_grow_and_lie_within_their_day(
    minutes: list[int], day: date, name: str
) -> None:
    zone, series = ZoneInfo(name), day_of(minutes)
    found = samples("A", [(labels(zone, day, series), series)])
    times = [one.at for one in found]
    assert times == sorted(set(times))
    assert len(times) >= len(minutes) - 60
    for one in found:
        local = one.at.astimezone(zone)
        assert local.date() == day
        assert one.power_w == 60 * local.hour + local.minute


def test_samples_are_a_sequence() -> None:
    first, second = day_of([600, 605]), day_of([610])
    days = [SPRING, SPRING + timedelta(days=1)]
    found = samples(
        "A",
        [(labels(BRUSSELS, day, one), one) for day, one in zip(days, (first, second), strict=True)],
    )
    assert len(found) == 3
    assert found[-1].at == datetime(2026, 3, 30, 8, 10, tzinfo=UTC)
    assert [one.power_w for one in found[1:]] == [605, 610]
    assert found[0].frequency_hz is None
    assert found[0].ports[3].energy_wh == 600
    assert not samples("B", [({}, first)])
