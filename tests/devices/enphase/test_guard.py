"""What is believed of a gateway's counters: by their real habits, and on the wire."""

from datetime import timedelta
from typing import Any

from hypothesis import given, strategies as st
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.energy_hub.counter import CounterGuard, Habits
from custom_components.energy_hub.devices.enphase import guard
from homeassistant.core import HomeAssistant
from simulator.envoy import bodies
from tests.helpers import number
from tests.test_counter import CALM, DISTURBANCES, MOST_KW, NOON, STEP, Envoy

from .conftest import Plant

LEAP_WH = 20_000


@pytest.mark.parametrize("leap_wh", [LEAP_WH, -LEAP_WH])
async def test_a_leap_of_the_transformers_is_not_energy(
    hass: HomeAssistant,
    plant: Plant,
    entry: MockConfigEntry,
    leap_wh: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = bodies.readings

    def leapt(*args: Any, **kwargs: Any) -> Any:
        found = real(*args, **kwargs)
        found[0]["actEnergyDlvd"] += leap_wh
        return found

    total = f"{plant.serial}_energy_total"
    await plant.seconds(60, step=30)
    before, at = number(hass, total), plant.envoy.requests[-1].time
    monkeypatch.setattr(bodies, "readings", leapt)
    for _ in range(30):
        await plant.seconds(60, step=30)
        assert before <= number(hass, total) <= before + 2
    made = plant.house.truth(plant.envoy.requests[-1].time).solar_kwh
    made -= plant.house.truth(at).solar_kwh
    # Half an hour, of which one reading may be lost.
    assert number(hass, total) - before == pytest.approx(made, abs=0.05)
    assert made > 1
    counters = entry.runtime_data.diagnostics()["counters"]
    assert [one.get("corrections") for name, one in counters.items() if "production" in name] == [1]


@pytest.mark.parametrize("habits", [guard._HABITS, guard._REPORTED, guard._MEASURED])
@given(
    disturbances=st.lists(st.sampled_from(DISTURBANCES), max_size=8),
    sun=st.lists(st.floats(0, 1), min_size=1, max_size=30),
    restarts=st.sets(st.integers(0, 200)),
)
def test_a_disturbance_costs_one_reading_and_doubles_none(
    habits: Habits, disturbances: list[str], sun: list[float], restarts: set[int]
) -> None:
    device, now, made = Envoy(), NOON, 0.0
    counter = CounterGuard(MOST_KW, STEP, habits)
    first = shown = counter.update(device.raw, at=now, seen=now, source=device.source) or 0.0
    most = MOST_KW / 60
    for minute in range(2 * CALM * len(disturbances)):
        now += timedelta(minutes=1)
        which, within = divmod(minute, 2 * CALM)
        if within == 0:
            device.disturb(disturbances[which])
        elif within == CALM:
            # What was counted behind zeros shows before something else happens.
            device.zero = False
        if minute in restarts and (state := counter.as_state()):
            counter = CounterGuard.from_state(state, max_per_hour=MOST_KW, step=STEP, habits=habits)
        energy = most * sun[minute % len(sun)]
        device.energy_kwh += energy
        made += energy
        believed = counter.update(device.raw, at=now, seen=now, source=device.source)
        assert believed is not None
        assert shown <= believed <= first + made + STEP
        shown = believed
    assert first + made - shown <= len(disturbances) * most + STEP
