"""What the diagnostics tell, and what they keep to themselves."""

import json

import pytest

from custom_components.energy_hub.devices.homevolt.client import Ecu
from custom_components.energy_hub.diagnostics import async_get_config_entry_diagnostics
from homeassistant.core import HomeAssistant
from simulator.homevolt import HomevoltFault
from simulator.homevolt.profiles import Profile, pair, single

from .conftest import ECU, GRID, SECOND, SOLAR, AddEntry, Plant, with_password


@pytest.mark.parametrize("profile", [with_password(single()), with_password(pair())])
async def test_diagnostics_without_secrets(
    hass: HomeAssistant,
    plant: Plant,
    add_entry: AddEntry,
    profile: Profile,
) -> None:
    entry = await add_entry(password="right")
    await plant.seconds(12)
    told = await async_get_config_entry_diagnostics(hass, entry)
    device = told["device"]
    assert device["ecus_known"] == len(profile.device.ecus)
    assert device["raw"]["/ems.json"]["ems"][0]["ems_data"]["frequency"] > 49_000
    assert device["raw"]["/schedule.json"]["local_mode"] is False
    assert device["documents"]["/status.json"] == {"failures": 0, "missing": False}
    assert "/params.json" not in device["raw"]
    text = json.dumps(told, default=str)
    secrets = [ECU, SECOND, GRID, SOLAR, plant.host, '"right"', "F499AA", "8990", "8999"]
    secrets += ["made-up", "99aabbccdd99", "192.0.2.7", "99000000000000", "99FFFFF"]
    for secret in secrets:
        assert secret not in text


async def test_the_password_is_in_no_address_and_no_error(
    hass: HomeAssistant,
    plant: Plant,
    caplog: pytest.LogCaptureFixture,
    add_entry: AddEntry,
    expected_complaints: list[str],
) -> None:
    expected_complaints.append("Homevolt data")
    await add_entry(password="very secret")
    await plant.device.faults.set(HomevoltFault.HALF, True)
    await plant.seconds(60)
    assert "very secret" not in caplog.text
    assert "dmVyeSBzZWNyZXQ" not in caplog.text


async def test_an_endless_document_is_not_read_to_its_end(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = Ecu.__module__
    monkeypatch.setattr(f"{module}._MOST_BYTES", 2000)
    entry = await add_entry()
    assert entry.error_reason_translation_key == "timeout"
