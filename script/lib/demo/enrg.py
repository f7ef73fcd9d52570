"""Lets the entry that delivers to ENRG begin: with what its options propose, and with today."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from . import entries
from .api import HomeAssistant
from .say import DemoError

_OPTIONS: Final = "/api/config/config_entries/options/flow"
# Of plants whose maker has no number for them, such as an Envoy; the simulated platform takes any.
_NUMBER: Final = 9_900_001
_EXPORT: Final = "/api/services/energy_hub/enrg_export"


async def deliver(home: HomeAssistant, entry_id: str) -> None:
    """Choose all plants as a user does, then deliver what they remember of the last day.

    Raises DemoError when there is nothing to choose.
    """
    await choose(home, entry_id)
    start = datetime.now(UTC) - timedelta(days=1)
    await home.post(_EXPORT, {"config_entry_id": entry_id, "start": start.isoformat()})


async def choose(home: HomeAssistant, entry_id: str, **said: Any) -> None:
    """Choose all plants; what is `said` takes the place of what is proposed.

    Raises DemoError when there is nothing to choose.
    """
    step = await home.post(_OPTIONS, {"handler": entry_id})
    while step["type"] == "form":
        answers = proposed(step)
        answers |= {name: value for name, value in said.items() if name in answers}
        step = await home.post(f"{_OPTIONS}/{step['flow_id']}", answers)
    if step["type"] != "create_entry":
        raise DemoError(entries.refusal(step, "options"))
    await entries.settled(home, entry_id)


def proposed(step: dict[str, Any]) -> dict[str, Any]:
    """Return what a form is filled in with; a plant whose number is asked for gets one."""
    answers = {}
    for number, field in enumerate(step["data_schema"], _NUMBER):
        told = field.get("default", (field.get("description") or {}).get("suggested_value"))
        answers[field["name"]] = number if told is None else told
    return answers
