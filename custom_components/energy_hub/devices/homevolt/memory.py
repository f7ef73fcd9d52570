"""What must be known of the control of a Homevolt after a restart or a crash."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from ...command import Mode
from ...control import control_store
from .modes import ModeProof
from .plan import Entry

_TOOK_LOCAL = "took_local"
_MODES = "modes"
_PLAN = "plan"
_CUT = "cut"


class Memory:
    """Written down before something is done that must be undone."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
        """Start empty; `async_load` brings back what was remembered."""
        self._store = control_store(hass, entry)
        self._data: dict[str, Any] = {}

    async def async_load(self) -> None:
        """Remember the last run."""
        self._data = await self._store.async_load() or {}

    @property
    def took_local(self) -> bool:
        """Whether local mode was switched on from here, for a command only."""
        return bool(self._data.get(_TOOK_LOCAL))

    async def async_note_local(self, took: bool) -> None:
        """Remember whether local mode was switched on from here for a command."""
        if took != self.took_local:
            self._data[_TOOK_LOCAL] = took
            await self._store.async_save(self._data)

    def proof(self, firmware: str) -> ModeProof | None:
        """Return what this firmware does with each mode, if that was found out."""
        return ModeProof.from_data(self._data.get(_MODES), firmware)

    async def async_note_proof(self, proof: ModeProof) -> None:
        """Remember what a firmware does with each mode."""
        self._data[_MODES] = proof.as_data()
        await self._store.async_save(self._data)

    @property
    def plan(self) -> tuple[Entry, ...] | None:
        """The plan as it was last written from here; None when nobody here cares."""
        rows = self._data.get(_PLAN)
        return None if rows is None else tuple(entry_from(row) for row in rows)

    @property
    def cut(self) -> list[Entry]:
        """What a command had cut short or hidden in it."""
        return [entry_from(row) for row in self._data.get(_CUT, [])]

    async def async_note_plan(self, plan: Iterable[Entry] | None, cut: Iterable[Entry]) -> None:
        """Remember the plan that was written, and what it hides."""
        rows = None if plan is None else [entry_data(one) for one in plan]
        new = {_PLAN: rows, _CUT: [entry_data(one) for one in cut]}
        if new != {key: self._data.get(key) for key in new}:
            self._data.update(new)
            await self._store.async_save(self._data)


def entry_data(entry: Entry) -> dict[str, Any]:
    """Return an entry as it is stored."""
    return asdict(entry) | {
        "start": entry.start.timestamp(),
        "end": None if entry.end is None else entry.end.timestamp(),
        "other": sorted(entry.other),
    }


def entry_from(data: Mapping[str, Any]) -> Entry:
    """Return an entry that was stored."""
    mode, end = data["mode"], data["end"]
    return Entry(
        **{
            **data,
            "mode": None if mode is None else Mode(mode),
            "start": datetime.fromtimestamp(data["start"], UTC),
            "end": None if end is None else datetime.fromtimestamp(end, UTC),
            "other": frozenset(data["other"]),
        }
    )
