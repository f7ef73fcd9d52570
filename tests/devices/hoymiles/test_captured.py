"""Answers of a real fleet's kind: nothing of them is lost, and nothing is added."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.energy_hub.const import DOMAIN
from custom_components.energy_hub.site import async_get_site
from homeassistant.config_entries import SOURCE_USER
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
from tests.helpers import entity_id, number, state, turns

from .captured import DYING, KEY, ROOF, SERIES, SHED, SHIFTED, SILENT, captured_cloud

NOW = datetime(2025, 3, 5, 15, 22, tzinfo=UTC)
"""10:22 at the plants."""


@pytest.fixture
async def fleet(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, socket_enabled: None, quiet: None
) -> AsyncIterator[None]:
    """Add the fleet as its installer would, and let two minutes pass."""
    await hass.config.async_update(latitude=4.6, longitude=-74.1, time_zone="America/Bogota")
    freezer.move_to(NOW)
    async with captured_cloud() as url:
        flow = hass.config_entries.flow
        result = await flow.async_init(DOMAIN, context={"source": SOURCE_USER})
        for step in ("hoymiles", "hoymiles_key"):
            result = await flow.async_configure(result["flow_id"], {"next_step_id": step})
        result = await flow.async_configure(result["flow_id"], {"api_key": KEY, "url": url})
        assert result["type"] is FlowResultType.CREATE_ENTRY
        for _ in range(3):
            await hass.async_block_till_done(wait_background_tasks=True)
            freezer.tick(timedelta(minutes=1))
            async_fire_time_changed(hass, dt_util.utcnow())
            await turns(2)
        await hass.async_block_till_done(wait_background_tasks=True)
        yield
        for entry in hass.config_entries.async_entries(DOMAIN):
            await hass.config_entries.async_unload(entry.entry_id)
    await turns()


@pytest.mark.usefixtures("fleet")
async def test_ports_are_known_by_their_number(hass: HomeAssistant) -> None:
    assert number(hass, f"{SHIFTED}_power") == 402.3
    assert number(hass, f"{SHIFTED}_3_power") == 211.0
    assert number(hass, f"{SHIFTED}_4_power") == 212.4
    assert number(hass, f"{SHIFTED}_4_current") == 6.05
    assert number(hass, f"{SHIFTED}_3_energy_today") == 0.188
    for port in (1, 2):
        assert entity_id(hass, f"{SHIFTED}_{port}_power") is None
    assert number(hass, f"{SHIFTED}_voltage") == 121.4
    assert entity_id(hass, f"{SHIFTED}_voltage_l2") is None


@pytest.mark.usefixtures("fleet")
async def test_an_inverter_that_died_is_unknown_and_keeps_what_it_gave(hass: HomeAssistant) -> None:
    for key in ("power", "voltage", "frequency", "temperature", "1_power", "3_voltage"):
        assert state(hass, f"{DYING}_{key}").state == STATE_UNKNOWN
    assert number(hass, f"{DYING}_energy_today") == 0.47
    assert number(hass, f"{DYING}_3_energy_today") == 0.117
    # One that never said anything has nothing, not even 0.
    for key in ("power", "energy_today", "temperature"):
        assert state(hass, f"{SILENT}_{key}").state == STATE_UNKNOWN


@pytest.mark.usefixtures("fleet")
async def test_plants(hass: HomeAssistant) -> None:
    assert number(hass, f"{ROOF}_energy_today") == 0.848
    last = datetime.fromisoformat(state(hass, f"{ROOF}_last_data").state)
    # By the offset from UTC: the zone that the cloud names is an hour behind in winter.
    assert last == datetime(2025, 3, 5, 15, 15, tzinfo=UTC)
    assert not [one for domain, one in ir.async_get(hass).issues if domain == DOMAIN]
    for plant in (ROOF, SHED):
        for key in ("offline", "unstable", "unmatched", "inverter_warning", "grid_warning"):
            assert state(hass, f"{plant}_{key}", "binary_sensor").state == STATE_UNKNOWN
    for key in ("power", "energy_today", "energy_total", "last_data"):
        assert state(hass, f"{SHED}_{key}").state == STATE_UNKNOWN


@pytest.mark.usefixtures("fleet")
async def test_no_sample_is_lost_and_none_invented(hass: HomeAssistant) -> None:
    (source,) = async_get_site(hass).sources.values()
    history = await source.async_history(str(ROOF))
    assert history is not None
    assert str(history.zone) == "America/Bogota"
    assert set(history.samples) == set(SERIES)
    for serial, rows in SERIES.items():
        said = {row["time"]: row for row in rows}
        found = {f"{one.at.astimezone(history.zone):%H:%M}": one for one in history.samples[serial]}
        assert list(found) == sorted(said)
        for label, one in found.items():
            row = said[label]
            alive = row["ac"]["p"] > 0
            assert one.power_w == (row["ac"]["p"] if alive else None)
            assert one.frequency_hz == (60.02 if alive else None)
            assert one.volts == ((121.4,) if alive else (None,))
            for cell in row["dc"]:
                port = one.ports[cell["port"]]
                assert port.energy_wh == cell["tp"]
                measured = (port.power_w, port.voltage_v, port.current_a)
                expected = (cell["p"], cell["u"], cell["i"]) if alive else (None, None, None)
                assert measured == expected
            missing = one.ports.keys() - {cell["port"] for cell in row["dc"]}
            assert all(set(one.ports[port]) == {None} for port in missing)
    shed = await source.async_history(str(SHED))
    assert shed is not None
    assert not shed.samples
    assert not shed.readings
