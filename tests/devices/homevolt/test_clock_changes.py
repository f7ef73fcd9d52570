"""The nights in which the clock changes: what was meant, to the second."""

from datetime import UTC, datetime, timedelta

import pytest

from homeassistant.exceptions import ServiceValidationError
from homeassistant.util import dt as dt_util

from .acting import Act, act, entry, proven, watts
from .conftest import BEGIN, Plant

__all__ = ["act", "entry", "proven"]

AUTUMN = datetime(2026, 10, 24, 9, tzinfo=UTC)
SPRING = datetime(2026, 3, 28, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("begin", "date", "hours"),
    [
        (AUTUMN, "2026-10-25", 9),
        (SPRING, "2026-03-29", 7),
        (BEGIN, "2026-06-18", 8),
    ],
)
async def test_a_night_of_a_clock_change_is_the_night_that_was_meant(
    plant: Plant, proven: Act, begin: datetime, date: str, hours: int
) -> None:
    evening = begin.date()
    told = await proven(
        "battery_add_schedule",
        mode="inverter_charge",
        power=500,
        **{"from": f"{evening} 23:00:00", "to": f"{date} 07:00:00"},
    )
    window = told["schedule"][1]
    start, end = (datetime.fromisoformat(window[key]) for key in ("from", "to"))
    assert end - start == timedelta(hours=hours)
    (entry,) = [one for one in plant.device.state.plan.entries if one.type == 1]
    assert (entry.from_s, entry.to_s) == (start.timestamp(), end.timestamp())
    assert dt_util.as_local(end).strftime("%Y-%m-%d %H:%M") == f"{date} 07:00"
    for at, doing in ((start, True), (end, False)):
        for offset, active in ((-2, not doing), (2, doing)):
            running = plant.device.state.plan.active((at + timedelta(seconds=offset)).timestamp())
            assert running is not None
            assert (running.type == 1) is active


@pytest.mark.parametrize(
    ("begin", "start", "end", "says"),
    [
        # The first 02:30 is meant unless the zone says otherwise.
        (AUTUMN, "2026-10-25 01:00:00", "2026-10-25 02:30:00", timedelta(minutes=90)),
        (AUTUMN, "2026-10-25 01:00:00", "2026-10-25T02:30:00+02:00", timedelta(minutes=90)),
        (AUTUMN, "2026-10-25 01:00:00", "2026-10-25T02:30:00+01:00", None),
        (AUTUMN, "2026-10-25T02:10:00+01:00", "2026-10-25 05:00:00", None),
        (AUTUMN, "2026-10-25 01:30:00", "2026-10-25 03:00:00", timedelta(minutes=150)),
        # There is no 02:30: it is half an hour after 02:00, which is 03:00.
        (SPRING, "2026-03-29 01:00:00", "2026-03-29 02:30:00", timedelta(minutes=90)),
        (SPRING, "2026-03-29 01:30:00", "2026-03-29 03:00:00", timedelta(minutes=30)),
        (SPRING, "2026-03-29 02:30:00", "2026-03-29 04:00:00", timedelta(minutes=30)),
    ],
)
async def test_a_schedule_in_the_night_of_a_clock_change(
    plant: Plant, proven: Act, begin: datetime, start: str, end: str, says: timedelta | None
) -> None:
    plant.device.requests.clear()
    data = {"mode": "inverter_charge", "power": 500, "from": start, "to": end}
    if says is None:
        with pytest.raises(ServiceValidationError) as refused:
            await proven("battery_add_schedule", **data)
        assert refused.value.translation_key == "time_is_double"
        assert plant.asked == []
        return
    told = await proven("battery_add_schedule", **data)
    window = told["schedule"][1]
    times = [datetime.fromisoformat(window[key]) for key in ("from", "to")]
    assert times[1] - times[0] == says


@pytest.mark.parametrize("fine_from", [datetime(2026, 10, 26, tzinfo=UTC)])
@pytest.mark.parametrize("begin", [datetime(2026, 10, 25, 0, 30, tzinfo=UTC)])
async def test_a_lease_through_the_hour_that_comes_twice(
    plant: Plant, proven: Act, begin: datetime, fine_from: datetime
) -> None:
    """From 02:37, the first time, over 03:00 and 02:00 again, to 03:30."""
    await proven("battery_discharge", power=300)
    for _ in range(9):
        await plant.seconds(600, step=120)
        assert watts(plant) == 300
        entries = plant.device.state.plan.entries
        assert entries[0].to_s is not None
        assert entries[0].to_s - plant.device.state.own_s <= 75 * 60
