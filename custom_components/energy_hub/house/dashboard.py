"""Puts a house into the Energy dashboard, and takes it out again; others' items stay.

Energy comes from the series of the house, which can be corrected; power and state of
charge from the entities of its devices. A counter that the house reads itself is
replaced, so that nothing is counted twice, and comes back with `undo`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Final, cast

from homeassistant.components.energy.data import (
    ENERGY_SOURCE_SCHEMA,
    EnergyManager,
    EnergyPreferencesUpdate,
    async_get_manager,
)
from homeassistant.components.energy.validate import async_validate
from homeassistant.core import HomeAssistant

type Item = dict[str, Any]

# The fields of an item that name statistics of energy.
_ENERGY_FIELDS: Final = ("stat_energy_from", "stat_energy_to")
_COMPLETED: Final = ("stat_cost", "stat_compensation", "config_entry_solar_forecast")


@dataclass(slots=True)
class Record:
    """What was changed, so that it can be undone (JSON)."""

    added: list[Item] = field(default_factory=list)
    replaced: list[Item] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Merged:
    """The sources after a change, and what was done to which."""

    sources: list[Item] = field(default_factory=list)
    record: Record = field(default_factory=Record)
    """What was changed in all, up to now."""
    added: list[Item] = field(default_factory=list)
    completed: list[Item] = field(default_factory=list)
    """Items of the house that were there without its costs or its forecast."""
    replaced: list[Item] = field(default_factory=list)
    left: list[Item] = field(default_factory=list)
    """Items of others that were left alone."""


def merge(
    present: Iterable[Item], wanted: Sequence[Item], read: Collection[str], before: Record
) -> Merged:
    """Return the sources with the wanted items in them. Pure.

    `read` are the statistics that the house reads itself: an item made of them is replaced.
    What is there of the house stays as it is, but gets the costs and the forecast that it lacks.
    """
    merged = Merged(record=deepcopy(before))
    for item in map(deepcopy, present):
        if ours := [one for one in wanted if _named([one], item)]:
            merged.sources.append(_completed(item, ours[0], merged))
        elif _names(item) & set(read):
            merged.replaced.append(item)
        else:
            merged.left.append(item)
            merged.sources.append(item)
    merged.added.extend(item for item in wanted if not _named(merged.sources, item))
    merged.sources.extend(merged.added)
    merged.record.added += deepcopy(merged.added)
    merged.record.replaced += deepcopy(merged.replaced)
    return merged


def _completed(item: Item, own: Item, merged: Merged) -> Item:
    """Return an item of the house with its costs and its forecast."""
    lacking = {key: own[key] for key in _COMPLETED if own.get(key) and not item.get(key)}
    if not lacking:
        return item
    done = item | lacking
    merged.completed.append(done)
    if not _named(merged.record.added, item):
        # Somebody made it by hand: that comes back with `undo`.
        merged.record.replaced.append(item)
        merged.record.added.append(deepcopy(done))
    return done


def unmerge(present: Sequence[Item], record: Record) -> list[Item]:
    """Return the sources without what was added and with what was replaced. Pure.

    What others changed in between stays as it is.
    """
    added = set[str]().union(*(_names(item) for item in record.added))
    kept = [deepcopy(item) for item in present if not _names(item) & added]
    back = [deepcopy(item) for item in record.replaced if not _named(kept, item)]
    return [*kept, *back]


async def async_add(
    hass: HomeAssistant, wanted: Sequence[Item], read: Collection[str], before: Record
) -> Merged:
    """Put items into the dashboard; what others made there stays as it is."""
    manager = await async_get_manager(hass)
    merged = merge(_sources(manager), wanted, read, before)
    if merged.added or merged.completed or merged.replaced:
        await _async_save(manager, merged.sources)
    return merged


async def async_undo(hass: HomeAssistant, record: Record) -> None:
    """Take our items out of the dashboard and give it back what they replaced."""
    manager = await async_get_manager(hass)
    await _async_save(manager, unmerge(_sources(manager), record))


async def async_problems(hass: HomeAssistant) -> list[str]:
    """Return what Home Assistant finds wrong with the dashboard, as its words."""
    found = await async_validate(hass)
    issues: Iterable[Mapping[str, Any]] = (
        issue
        for group in found.as_dict().values()
        for source in group
        for issue in (source.values() if isinstance(source, dict) else source)
    )
    return sorted({str(issue["type"]) for issue in issues})


def _sources(manager: EnergyManager) -> list[Item]:
    return cast("list[Item]", manager.data["energy_sources"]) if manager.data else []


async def _async_save(manager: EnergyManager, sources: list[Item]) -> None:
    checked = ENERGY_SOURCE_SCHEMA(sources)
    await manager.async_update(cast("EnergyPreferencesUpdate", {"energy_sources": checked}))


def _names(item: Mapping[str, Any]) -> set[str]:
    return {name for key in _ENERGY_FIELDS if (name := item.get(key))}


def _named(items: Iterable[Item], item: Item) -> bool:
    """Return whether one of the items speaks of the same energy."""
    return any(_names(one) & _names(item) for one in items)
