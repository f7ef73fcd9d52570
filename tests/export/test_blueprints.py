"""The blueprints: Home Assistant takes them, and they say what they promise."""

from pathlib import Path
import shutil
from typing import Any

from pytest_homeassistant_custom_component.common import async_capture_events

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from simulator.enrg import EnrgFault
from tests.helpers import entity_id

from .home import ROOF, Home, Roof, home
from .test_replay import DAY, HOUR

__all__ = ["home"]

BLUEPRINTS = Path(__file__).parents[2] / "blueprints"


async def automate(hass: HomeAssistant, name: str, **inputs: Any) -> list[Any]:
    """Set an automation up; return the events by which it tells something."""
    folder = Path(hass.config.path("blueprints"))
    await hass.async_add_executor_job(
        lambda: shutil.copytree(BLUEPRINTS, folder, dirs_exist_ok=True)
    )
    tell = [{"event": "told", "event_data": {"message": "{{ message }}"}}]
    blueprint = {"path": f"energy_hub/{name}.yaml", "input": {**inputs, "tell": tell}}
    automation = {"id": name, "alias": name, "use_blueprint": blueprint}
    assert await async_setup_component(hass, "automation", {"automation": [automation]})
    await hass.async_block_till_done()
    state = hass.states.get(f"automation.{name}")
    assert state is not None
    assert state.state == "on"
    return async_capture_events(hass, "told")


async def test_the_nightly_check_delivers_and_tells_what_was_missing(
    hass: HomeAssistant, home: Home
) -> None:
    entry = await home.deliver()
    told = await automate(hass, "enrg_nightly_check", destination=entry.entry_id)
    samples = [Roof.sample(DAY + 24 * HOUR + hour * HOUR) for hour in (6, 7, 9)]
    home.roof.past[str(ROOF)] = {"A1": samples}
    await home.passes(15.5 * 3600, step=1800)
    await home.passes(60)
    (event,) = told
    assert event.data["message"].startswith("Of yesterday 3 messages were missing")
    assert "1 slots are known to nobody." in event.data["message"]
    await home.passes(86_400, step=3600)
    assert len(told) == 1
    await hass.services.async_call(
        "automation", "turn_off", {"entity_id": "automation.enrg_nightly_check"}, blocking=True
    )


async def test_a_queue_that_grows_is_told(
    hass: HomeAssistant, home: Home, expected_complaints: list[str]
) -> None:
    expected_complaints.append("Delivery to ENRG stopped")
    await home.service.faults.set(EnrgFault.REFUSE, True)
    await home.deliver()
    queue = entity_id(hass, "enrg0_queue_length")
    told = await automate(hass, "enrg_queue_warning", queue=queue, most=1, patience={"hours": 1})
    await home.passes(60)
    assert not told
    await home.passes(3700, step=600)
    await hass.async_block_till_done()
    assert [event.data["message"] for event in told] == ["2 messages wait for ENRG."]
