"""The preferences of the Energy dashboard."""

from collections.abc import Iterable, Mapping
from typing import Any

from .api import HomeAssistant
from .devices import Source

type Entities = Mapping[str, str]
"""Entity ids by unique id."""


async def entities_of(home: HomeAssistant, entry_id: str) -> Entities:
    """Return the entities of an entry."""
    registry = await home.command("config/entity_registry/list")
    return {
        entity["unique_id"]: entity["entity_id"]
        for entity in registry
        if entity["config_entry_id"] == entry_id
    }


async def is_empty(home: HomeAssistant) -> bool:
    """Return whether nobody has filled the dashboard yet."""
    preferences = await home.command("energy/get_prefs")
    return not preferences or not preferences["energy_sources"]


async def save(home: HomeAssistant, sources: Iterable[dict[str, Any]]) -> None:
    """Fill the dashboard with these sources, instead of those that it had."""
    await home.command("energy/save_prefs", energy_sources=list(sources))


def source_item(source: Source, entities: Entities) -> dict[str, Any] | None:
    """Return a source as Home Assistant stores it, None when the device lacks an entity of it."""
    found = {field: entity_id(entities, key) for field, key in source.entities.items()}
    if None in found.values():
        return None
    return {"type": source.type, **found, **source.settings}


def entity_id(entities: Entities, key: str) -> str | None:
    """Return the entity of a device by its key.

    The unique id is `<device>_<key>`; the shortest one that fits is the device's own, because
    `<device>_meter_<key>` fits as well.
    """
    fitting = sorted((one for one in entities if one.endswith(f"_{key}")), key=len)
    return entities[fitting[0]] if fitting else None
