"""What the meter that is billed says of its quarters outranks what was counted."""

from datetime import UTC, datetime, timedelta

from custom_components.energy_hub.ledger.meter import BilledMeter
from custom_components.energy_hub.ledger.quarter import Peaks, Quarter
from custom_components.energy_hub.ledger.source import DIRECTIONS, Grade, Source
from custom_components.energy_hub.reading import Demand, Flow, MeterPeak, Reading

from .tools import BRUSSELS

NOON = datetime(2026, 6, 17, 12, tzinfo=UTC)
MAY = MeterPeak(4100.0, datetime(2026, 5, 3, 17, tzinfo=UTC))
JUNE = MeterPeak(3200.0, datetime(2026, 6, 2, 17, tzinfo=UTC))


def grid(source: str) -> Source:
    return Source(id=source, flow=Flow.GRID, counters=DIRECTIONS[Flow.GRID])


def said(*peaks: MeterPeak, source: str = "p1", at: datetime = NOON) -> Reading:
    demand = Demand(at, 500.0, peaks)
    minute = timedelta(minutes=1)
    return Reading(source=source, flow=Flow.GRID, at=at, valid_for=minute, demand=demand)


def test_all_months_are_taken_over_and_then_the_running_one() -> None:
    peaks = Peaks(BRUSSELS)
    peaks.add(Quarter(NOON - timedelta(days=1), 2.0, Grade.MEASURED))
    meter = BilledMeter([grid("p1")], peaks)
    assert meter.said is None
    meter.feed(said(MAY, JUNE))
    assert [peak.power_w for peak in peaks.months.values()] == [3200, 4100]
    assert meter.said is not None
    assert meter.said.quarter_w == 500
    later = NOON + timedelta(hours=1)
    meter.feed(said(MAY, JUNE, at=later))
    june = peaks.at(later)
    assert june is not None
    assert (june.power_w, june.meter_at) == (3200, later)


def test_only_the_one_meter_of_the_house_is_heard() -> None:
    for sources in ([grid("other")], [grid("p1"), grid("second")], []):
        peaks = Peaks(BRUSSELS)
        meter = BilledMeter(sources, peaks)
        meter.feed(said(JUNE))
        assert peaks.months == {}
        assert meter.said is None
