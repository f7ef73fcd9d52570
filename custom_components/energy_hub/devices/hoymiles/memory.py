"""What is remembered of an entry over restarts: lists, zones, the log-in, what was spent."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from ...memory import memory_store
from .daylight import Place
from .model import Inverter, Plant
from .period import RunningTotal
from .plant import PlantState
from .zone import async_zone_from_state, zone_state


async def async_known_plants(hass: HomeAssistant, entry: ConfigEntry[Any]) -> set[int]:
    """Return the numbers of the plants that an entry has seen."""
    state = await memory_store(hass, entry).async_load() or {}
    return {one["id"] for one in state.get("plants", ())}


def plants_from(state: Mapping[str, Any]) -> list[Plant]:
    """Return the list of plants that was remembered."""
    return [Plant(one["id"], one["name"]) for one in state.get("plants", ())]


async def async_recall(plant: PlantState, state: Mapping[str, Any]) -> None:
    """Bring back what was remembered of a plant."""
    plant.inverters = tuple(
        Inverter(**{**one, "ports": tuple(one["ports"])}) for one in state.get("inverters", ())
    )
    plant.zone = await async_zone_from_state(state.get("zone"))
    plant.capacity_kw = state.get("capacity_kw")
    if state.get("place"):
        plant.place = Place(**state["place"])
    if state.get("running"):
        plant.running = RunningTotal.from_state(state["running"])


def remembered(plants: Iterable[Plant], states: Iterable[PlantState]) -> dict[str, Any]:
    """Return what a restart must know of the plants."""
    return {
        "plants": [asdict(one) for one in plants],
        "states": {
            str(one.plant.id): {
                "inverters": [asdict(inverter) for inverter in one.inverters],
                "zone": zone_state(one.zone),
                "capacity_kw": one.capacity_kw,
                "place": asdict(one.place) if one.place else None,
                "running": one.running.as_state() if one.running else None,
            }
            for one in states
        },
    }
