"""The roof of the demo's house: its planes, the simulated weather service, the past weather."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from simulator.world import PvArray, mixed_house

from .api import HomeAssistant
from .entries import settled
from .say import DemoError

_SUBENTRY: Final = "/api/config/config_entries/subentries/flow"
_IMPORT: Final = "/api/services/energy_hub/import_history"


def planes(arrays: Sequence[PvArray]) -> list[dict[str, Any]]:
    """Return what a user enters of these arrays."""
    return [
        {
            "name": one.id.title(),
            "peak_w": round(one.kwp * 1000),
            "tilt": one.tilt_deg,
            "azimuth": one.azimuth_deg,
            "limit_w": one.limit_w,
            "losses": 14,
        }
        for one in arrays
    ]


async def describe(home: HomeAssistant, entry_id: str, url: str, begin: datetime) -> None:
    """Tell the house of its roof and its weather; import that of before.

    Raises DemoError with what a form refused.
    """
    answers = [("weather", {"service": True, "url": url})]
    answers += [("plane", plane) for plane in planes(mixed_house().arrays)]
    for kind, answer in answers:
        await _add(home, entry_id, kind, answer)
        await settled(home, entry_id)
    asked = {"config_entry_id": entry_id, "source": "weather", "start": begin.isoformat()}
    await home.post(_IMPORT, asked)


async def _add(home: HomeAssistant, entry_id: str, kind: str, answer: Mapping[str, Any]) -> None:
    step = await home.post(_SUBENTRY, {"handler": [entry_id, kind]})
    step = await home.post(f"{_SUBENTRY}/{step['flow_id']}", dict(answer))
    if step["type"] != "create_entry":
        raise DemoError(f"its {kind} was refused: {step.get('errors')}")
