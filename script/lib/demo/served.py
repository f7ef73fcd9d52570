"""What is served in this run, and the config entries that read it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from . import energy, enrg, entries, house
from .api import HomeAssistant
from .devices import Device, Listens
from .memory import Memory
from .paths import MEMORY
from .say import DemoError, complain, say

_FINISH: Final[Mapping[str, Callable[[HomeAssistant, str], Awaitable[None]]]] = {
    "enrg": enrg.deliver
}


@dataclass(frozen=True, slots=True)
class Served:
    """A device that answers; `key` is the name under which its entry is remembered."""

    key: str
    title: str
    device: Device
    listens: Listens
    in_dashboard: bool = True


async def bring_entries(home: HomeAssistant, served: Sequence[Served], memory: Memory) -> None:
    """Make the entries of what is served, remove those that the demo made for other things.

    Then fill the Energy dashboard, unless everything was there and so it is filled.
    """
    known = await entries.existing(home)
    # The house stands over devices; without any of them there is none.
    kept = {one.key for one in served} | ({house.KEY} if served else set())
    changed = await _remove_unserved(home, kept, known, memory)
    new = [one for one in served if memory.entries.get(one.key) not in known]
    for one in new:
        changed |= await _add(home, one, memory)
    for one in served:
        if (entry_id := memory.entries.get(one.key)) is not None:
            await _report(home, one, entry_id)
    for one in new:
        await _finish(home, one, memory)
    sources = await _sources(home, served, memory)
    if changed or (sources and await energy.is_empty(home)):
        say("filling the Energy dashboard" if sources else "clearing the Energy dashboard")
        await energy.save(home, sources)


async def _remove_unserved(
    home: HomeAssistant, served: set[str], known: Mapping[str, Any], memory: Memory
) -> bool:
    unserved = [key for key in memory.entries if key not in served]
    for key in unserved:
        entry_id = memory.entries.pop(key)
        if entry_id in known:
            say("removing an entry of an earlier start that nothing serves this time")
            await entries.remove(home, entry_id)
    memory.save(MEMORY)
    return bool(unserved)


async def _add(home: HomeAssistant, one: Served, memory: Memory) -> bool:
    say(f"adding the {one.title}")
    memory.entries.pop(one.key, None)
    try:
        memory.entries[one.key] = await entries.create(home, one.device, one.listens)
    except DemoError as error:
        complain(f"the {one.title} was not added: {error}")
        return False
    memory.save(MEMORY)
    return True


async def _report(home: HomeAssistant, one: Served, entry_id: str) -> None:
    reason = await entries.settled(home, entry_id)
    if reason is not None:
        complain(f"the {one.title} could not be set up: {reason}")


async def _finish(home: HomeAssistant, one: Served, memory: Memory) -> None:
    """Do what is left to do with a new entry once all are there."""
    finish, entry_id = _FINISH.get(one.device.name), memory.entries.get(one.key)
    if finish is None or entry_id is None:
        return
    try:
        await finish(home, entry_id)
    except DemoError as error:
        complain(f"the {one.title} has not begun: {error}")


async def _sources(
    home: HomeAssistant, served: Sequence[Served], memory: Memory
) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    for one in served:
        if one.in_dashboard and one.key in memory.entries:
            entities = await energy.entities_of(home, memory.entries[one.key])
            made = (energy.source_item(source, entities) for source in one.device.sources)
            items += [item for item in made if item is not None]
    return items
