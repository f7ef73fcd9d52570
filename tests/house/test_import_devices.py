"""Solar energy from before, as the makers of the devices remember it."""

from datetime import UTC, datetime, timedelta

from freezegun.api import FrozenDateTimeFactory
from hypothesis import given, strategies as st
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.energy_hub.const import DOMAIN
from custom_components.energy_hub.errors import NoAnswerError
from custom_components.energy_hub.house.coordinator import HouseCoordinator
from custom_components.energy_hub.house.import_load import energies
from custom_components.energy_hub.reading import Flow, History, Reading
from custom_components.energy_hub.statistics import async_read_changes
from homeassistant.components.recorder import Recorder
from homeassistant.core import HomeAssistant

from .test_heal import Inverter, _house, _there

HOUR = timedelta(hours=1)
QUARTER = timedelta(minutes=15)
DAY = datetime(2026, 6, 1, tzinfo=UTC)
NOW = datetime(2026, 6, 20, 12, tzinfo=UTC)


def reading(at: datetime, kwh: float | None) -> Reading:
    return Reading(
        source="roof", flow=Flow.SOLAR, at=at, valid_for=HOUR, power_w=None, to_house_kwh=kwh
    )


def sunny(days: int) -> list[Reading]:
    """Return quarters of days in which each hour from eight to four gives half a kWh more."""
    found, kwh = [], 1000.0
    for day in range(days):
        for quarter in range(8 * 4, 16 * 4 + 1):
            at = DAY + timedelta(days=day) + quarter * QUARTER
            found.append(reading(at, kwh))
            kwh += 0.25 if quarter < 16 * 4 else 0.0
    return found


def test_hours_lie_between_two_counters() -> None:
    hours = energies(sunny(2))
    day = {DAY + hour * HOUR: 1.0 for hour in range(8, 16)}
    next_day = {at + timedelta(days=1): kwh for at, kwh in day.items()}
    night = {DAY + hour * HOUR: 0.0 for hour in range(16, 32)}
    assert hours == day | night | next_day


def test_a_gap_in_a_memory_stays_unknown() -> None:
    told = sunny(1)
    del told[9:19]
    hours = energies([*told, reading(NOW, None)])
    ten, eleven, twelve = (DAY + hour * HOUR for hour in (10, 11, 12))
    assert {ten, eleven, twelve}.isdisjoint(hours)
    assert hours[DAY + 8 * HOUR] == hours[DAY + 13 * HOUR] == 1.0
    assert energies([]) == {}


@given(st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 500)), max_size=40))
def test_energies_are_never_more_than_was_counted(steps: list[tuple[int, int]]) -> None:
    at, kwh, told = DAY, 5.0, []
    for minutes, added in steps:
        at, kwh = at + timedelta(minutes=minutes), kwh + added / 100
        told.append(reading(at, kwh))
    hours = energies(told)
    assert all(one >= -1e-9 for one in hours.values())
    assert sum(hours.values()) <= kwh - 5.0 + 1e-6


async def _import(hass: HomeAssistant, entry: MockConfigEntry) -> dict[str, object]:
    answer = await hass.services.async_call(
        DOMAIN,
        "import_history",
        {
            "config_entry_id": entry.entry_id,
            "source": "devices",
            "start": DAY.isoformat(),
            "end": (DAY + timedelta(days=3)).isoformat(),
        },
        blocking=True,
        return_response=True,
    )
    return dict(answer or {})


async def test_what_a_maker_remembers_becomes_rows(
    recorder_mock: Recorder, hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    freezer.move_to(NOW)
    inverter = Inverter({"roof": "Roof", "neighbour": "Neighbour"})
    inverter.past = History(source="roof", zone=UTC, readings=sunny(3))
    _there(hass, inverter)
    entry = await _house(hass, "roof")
    told = await _import(hass, entry)
    assert told["blocks"]["closed"] == len(inverter.asked)  # type: ignore[index]
    ids = [f"{DOMAIN}:home_solar", f"{DOMAIN}:home_solar_roof"]
    found = await async_read_changes(hass, ids, DAY, DAY + timedelta(days=4), "hour")
    for one in ids:
        assert found[one][DAY + 9 * HOUR] == 1.0
        assert sum(found[one].values()) == pytest.approx(24.0)


async def test_a_maker_that_does_not_answer_is_asked_later(
    recorder_mock: Recorder,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    expected_complaints: list[str],
) -> None:
    expected_complaints.append("goes on later")
    freezer.move_to(NOW)
    inverter = Inverter({"roof": "Roof"})
    inverter.past = NoAnswerError()
    _there(hass, inverter)
    entry = await _house(hass, "roof")
    told = await _import(hass, entry)
    assert told["rows_written"] == 0
    house = entry.runtime_data
    assert isinstance(house, HouseCoordinator)
    assert not house.imports.over


async def test_a_sum_needs_every_source(
    recorder_mock: Recorder, hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """Where one of two sources remembers, the other is unknown, and so is their sum."""
    freezer.move_to(NOW)
    inverter = Inverter({"roof": "Roof"})
    inverter.past = History(source="roof", zone=UTC, readings=sunny(3))
    _there(hass, inverter)
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Home",
        data={"type": "house", "device_id": "home"},
        options={"grid": [], "solar": ["solar/roof", "solar/shed"], "battery": []},
    )
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await _import(hass, entry)
    ids = [f"{DOMAIN}:home_solar", f"{DOMAIN}:home_solar_roof"]
    found = await async_read_changes(hass, ids, DAY, DAY + timedelta(days=4), "hour")
    assert [*found] == [ids[1]]
