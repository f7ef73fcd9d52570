"""Config entries, made as a user makes them."""

import json
from typing import Any, Final

from .api import HomeAssistant
from .devices import Device, Listens
from .paths import INTEGRATION
from .say import DemoError
from .wait import until

_FLOW: Final = "/api/config/config_entries/flow"
_ENTRY: Final = "/api/config/config_entries/entry"
_LOAD_SECONDS: Final = 60
_BUSY: Final = {"not_loaded", "setup_in_progress", "unload_in_progress"}


async def create(home: HomeAssistant, device: Device, listens: Listens) -> str:
    """Return the id of the new entry; raises DemoError with the text the user would see."""
    step = await home.post(_FLOW, {"handler": "energy_hub"})
    for choice in device.menu:
        step = await home.post(f"{_FLOW}/{step['flow_id']}", {"next_step_id": choice})
    step = await home.post(f"{_FLOW}/{step['flow_id']}", device.form(listens))
    if step["type"] == "create_entry":
        return str(step["result"]["entry_id"])
    if step["type"] == "form":
        await home.delete(f"{_FLOW}/{step['flow_id']}")
    raise DemoError(refusal(step))


async def existing(home: HomeAssistant) -> dict[str, dict[str, Any]]:
    """Return the entries of our domain by their id."""
    entries = await home.get(f"{_ENTRY}?domain=energy_hub")
    return {entry["entry_id"]: entry for entry in entries}


async def remove(home: HomeAssistant, entry_id: str) -> None:
    """Remove an entry."""
    await home.delete(f"{_ENTRY}/{entry_id}")


async def settled(home: HomeAssistant, entry_id: str) -> str | None:
    """Wait for an entry's set-up; return None when it is loaded, otherwise why it is not."""

    async def state() -> dict[str, Any]:
        return (await existing(home))[entry_id]

    try:
        entry = await until(state, lambda entry: entry["state"] not in _BUSY, _LOAD_SECONDS)
    except TimeoutError:
        return f"its set-up takes longer than {_LOAD_SECONDS} s"
    if entry["state"] == "loaded":
        return None
    return str(entry["reason"] or entry["state"])


def refusal(step: dict[str, Any], flow: str = "config") -> str:
    """Return what the last step of a flow tells the user, in English."""
    path = INTEGRATION / "translations" / "en.json"
    texts = json.loads(path.read_text())[flow]
    if step["type"] == "abort":
        return str(texts["abort"].get(step["reason"], step["reason"]))
    errors = step["errors"] or {}
    return " ".join(texts["error"].get(key, key) for key in errors.values()) or str(step)
