"""A meter and a roof, what they say when, and what the ledger makes of it."""

from datetime import UTC, datetime, timedelta
import json

import pytest

from custom_components.energy_hub.ledger.energy import Amount, Changes, Energy, Row
from custom_components.energy_hub.ledger.source import (
    DIRECTIONS,
    Direction,
    Grade,
    Register,
    Source,
    Total,
)
from custom_components.energy_hub.reading import Flow, Reading

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
METER = Source(id="meter", flow=Flow.GRID, counters=DIRECTIONS[Flow.GRID])
ROOF = Source(id="roof", flow=Flow.SOLAR, counters=DIRECTIONS[Flow.SOLAR])
BATTERY = Source(id="battery", flow=Flow.BATTERY, counters=DIRECTIONS[Flow.BATTERY])
IMPORT = Register(Flow.GRID, Direction.TO_HOUSE, "meter")
SUN = Register(Flow.SOLAR, Direction.TO_HOUSE, "roof")
MISSING = Amount(None, Grade.MISSING)


def at(minute: float) -> datetime:
    return NOON + timedelta(minutes=minute)


def reading(
    source: Source, minute: float, to_house: float | None, from_house: float | None = None
) -> Reading:
    return Reading(
        source=source.id,
        flow=source.flow,
        at=at(minute),
        valid_for=timedelta(minutes=1),
        to_house_kwh=to_house,
        from_house_kwh=from_house,
    )


def meter(energy: Energy, minute: float, imported: float, exported: float = 0.0) -> None:
    energy.feed(reading(METER, minute, imported, exported), at(minute))


def roof(energy: Energy, minute: float, kwh: float, now: float | None = None) -> None:
    energy.feed(reading(ROOF, minute, kwh), at(minute if now is None else now))


def asked(energy: Energy, minute: float) -> dict[int, Row]:
    """Ask for all changes; return the slots by the minute they begin, and confirm them."""
    found: dict[int, Row] = {}
    while (changes := energy.changes(at(minute))).rows:
        assert len(changes.rows) <= 24 * 12
        found |= by_minute(changes)
        energy.confirm(changes.revision)
    return found


def by_minute(changes: Changes) -> dict[int, Row]:
    return {(row.start - NOON) // timedelta(minutes=1): row for row in changes.rows}


def restarted(energy: Energy, minute: float, *sources: Source) -> Energy:
    state = json.loads(json.dumps(energy.as_state()))
    return Energy.from_state(state, sources or (METER, ROOF), at(minute))


def house(row: Row) -> float | None:
    return row.sums[Total.HOUSE].kwh


@pytest.fixture
def energy() -> Energy:
    """Return a ledger of a meter and a roof that began at noon."""
    fresh = Energy((METER, ROOF), NOON)
    meter(fresh, 0, 100)
    roof(fresh, 0, 50)
    return fresh
