"""Counters of a gateway that leap: what is believed, on the wire."""

from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import HomeAssistant
from simulator.envoy import bodies
from tests.helpers import number

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
