"""Plants of a simulated cloud arrive at a simulated platform: the right values, key by key."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from simulator.enrg import EnrgService
from simulator.enrg.fields import DEVICE_KEYS

from ..devices.hoymiles.conftest import (
    BARN,
    BARN_FIRST,
    BARN_SECOND,
    FIRST,
    HOUSE,
    NOON,
    SECOND,
    AddEntry,
    Site,
    add_entry,
    begin,
    config,
    site,
    start,
)
from .home import Home, Roof

__all__ = ["add_entry", "begin", "config", "site", "start"]


@pytest.fixture
async def home(hass: HomeAssistant, site: Site) -> AsyncIterator[Home]:
    """Return a platform beside the cloud."""
    service = EnrgService(dt_util.utcnow)
    url = await service.start()
    home = Home(hass, site.freezer, service, url, Roof(), service.config.credential)
    yield home
    for entry in home.entries:
        await hass.config_entries.async_unload(entry.entry_id)
    await service.stop()


def devices(home: Home, date: str) -> dict[str, Any]:
    """Return what the platform has of the devices at a time."""
    return {one.id: one.content for one in home.service.archive.at(date) if one.kind == "device"}


async def test_plants_of_an_account_and_of_a_key(
    site: Site, add_entry: AddEntry, home: Home
) -> None:
    await add_entry("account", {"plants": [str(HOUSE)]})
    await add_entry("key", {"plants": [str(BARN)]})
    await site.minutes(3)
    since = (NOON - timedelta(hours=3)).isoformat()
    plants = {str(one): {"id": one, "since": since} for one in (HOUSE, BARN)}
    await home.add(plants=plants, compatibility="strict44")
    await home.drain(20)
    found = devices(home, "2026-06-17 11:00:00")
    assert found.keys() == {FIRST, SECOND, BARN_FIRST, BARN_SECOND}
    assert all(one.keys() == DEVICE_KEYS for one in found.values())
    # The newest sample of the slot that the inverters share: every 5 minutes, or every 15.
    at = NOON.replace(hour=9, minute=55)
    panels = site.house.panel_w("hoymiles", at)
    truth = site.house.truth(at)
    assert found[FIRST]["POWER_SNAPSHOT"] == pytest.approx(sum(panels[:4]), abs=0.3)
    assert found[FIRST]["VOLTAGE_1_AC"] == pytest.approx(truth.phases[0].voltage_v, abs=0.06)
    assert found[FIRST]["GRID_FREQUENCY"] == pytest.approx(truth.frequency_hz, abs=0.006)
    for port, watts in enumerate(panels[:4], 1):
        volts, amperes = (found[FIRST][f"{what}_{port}_DC"] for what in ("VOLTAGE", "CURRENT"))
        assert volts * amperes == pytest.approx(watts, abs=0.5)
    assert found[FIRST]["VOLTAGE_5_DC"] is None
    # Ports keep their own numbers.
    known = [port for port in range(1, 9) if found[BARN_FIRST][f"VOLTAGE_{port}_DC"] is not None]
    assert known == [3, 4]
    assert found[BARN_SECOND]["VOLTAGE_8_DC"] > 0
    plant = {one.id: one.content for one in home.service.archive.at("2026-06-17 11:00:00")}
    midnight = NOON.replace(day=16, hour=22, minute=0)
    energy = [site.house.truth(one).arrays["hoymiles"].energy_kwh for one in (midnight, at)]
    assert plant[str(HOUSE)]["GENERATION"] == pytest.approx(energy[1] - energy[0], abs=0.007)
    assert plant[str(HOUSE)]["STATE_OPERATION"]["OFFLINE"] is False
    assert plant[str(HOUSE)]["STATE_OPERATION"]["LAST_AT"] == "2026-06-17 11:00:00"
    assert all(call.status == 200 for call in home.service.values_calls)
