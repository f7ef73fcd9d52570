"""What must be known of the control of a Homevolt after a crash."""

from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from ...control import control_store
from .modes import ModeProof

_TOOK_LOCAL = "took_local"
_MODES = "modes"


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
