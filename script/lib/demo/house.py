"""The house over the devices of the demo, its contract, and its place in the Energy dashboard."""

from datetime import UTC, datetime
from typing import Any, Final

from . import entries, past, roof
from .api import HomeAssistant
from .memory import Memory
from .paths import MEMORY
from .say import DemoError, complain, say

KEY: Final = "house"
"""Under this name its entry is remembered."""
_NAME: Final = "Demo house"
_ID: Final = "demo_house"
_FLOW: Final = "/api/config/config_entries/flow"
_SUBENTRY: Final = "/api/config/config_entries/subentries/flow"
_ACTION: Final = "/api/services/energy_hub"
# Made-up prices; the rate of the capacity tariff is that of the manual's example.
_CONTRACT: Final[tuple[dict[str, Any], ...]] = (
    {"name": "Example contract", "import": "day_night", "export": "flat"},
    {"day": 0.32, "night": 0.26},
    {"price": 0.04},
    {"day": 0, "month": 4.5, "year": 15, "capacity": True},
    {"rate": 53.39},
)


async def bring(home: HomeAssistant, memory: Memory, control: str, weather: str) -> None:
    """Make the house, unless it is there, and see that it is in the Energy dashboard."""
    try:
        if memory.entries.get(KEY) not in await entries.existing(home) and memory.house:
            begin = datetime.fromisoformat(memory.house.begin)
            memory.entries[KEY] = await _build(home, begin, control, weather)
            memory.save(MEMORY)
        # Nothing that is in it already is put in again.
        asked = {"config_entry_id": memory.entries[KEY]}
        await home.post(f"{_ACTION}/configure_energy_dashboard", asked)
    except DemoError as error:
        complain(f"the house was not added: {error}")


async def _build(home: HomeAssistant, begin: datetime, control: str, weather: str) -> str:
    """Return the entry of a new house with its past, a contract and a roof."""
    say("adding the house, with its past")
    await past.remember(home, _ID, _NAME, control, begin, datetime.now(UTC))
    entry_id = await _create(home)
    await entries.settled(home, entry_id)
    await _sign(home, entry_id)
    await entries.settled(home, entry_id)
    await roof.describe(home, entry_id, weather, begin)
    asked = {"config_entry_id": entry_id, "start": begin.isoformat()}
    await home.post(f"{_ACTION}/recalculate_costs", asked)
    return entry_id


async def _create(home: HomeAssistant) -> str:
    """Return the id of the new entry; its sources are those that are there of the house."""
    step = await home.post(_FLOW, {"handler": "energy_hub"})
    step = await home.post(f"{_FLOW}/{step['flow_id']}", {"next_step_id": "house"})
    step = await home.post(f"{_FLOW}/{step['flow_id']}", {"name": _NAME})
    step = await home.post(f"{_FLOW}/{step['flow_id']}", chosen(step))
    if step["type"] != "create_entry":
        raise DemoError(entries.refusal(step))
    return str(step["result"]["entry_id"])


def chosen(step: dict[str, Any]) -> dict[str, list[str]]:
    """Return the answer to the form of the sources."""
    offered = {
        field["name"]: {
            one["value"] if isinstance(one, dict) else one
            for one in field["selector"]["select"]["options"]
        }
        for field in step["data_schema"]
        if field["name"] in past.SOURCES
    }
    return {
        flow: [source for source in sources if source in offered.get(flow, ())]
        for flow, sources in past.SOURCES.items()
    }


async def _sign(home: HomeAssistant, entry_id: str) -> None:
    """Tell the house what its energy costs."""
    step = await home.post(_SUBENTRY, {"handler": [entry_id, "tariff"]})
    for answer in _CONTRACT:
        if step["type"] == "form":
            step = await home.post(f"{_SUBENTRY}/{step['flow_id']}", answer)
    if step["type"] != "create_entry":
        raise DemoError(f"its contract was refused: {step.get('errors')}")
