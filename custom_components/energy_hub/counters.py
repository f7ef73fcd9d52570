"""The guarded counters of one entry: remembered over restarts, reported when held back."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.storage import Store

from .const import DOMAIN
from .counter import CounterGuard, CounterState

HELD_ISSUE: Final = "counter_held"
_STORE_VERSION: Final = 1
_SAVE_EVERY: Final = timedelta(minutes=5)
# A single bad telegram is not worth a word; a counter that stays away is.
_REPORT_AFTER: Final = timedelta(minutes=2)


def _store(hass: HomeAssistant, entry: ConfigEntry[Any]) -> Store[dict[str, CounterState]]:
    return Store(hass, _STORE_VERSION, f"{DOMAIN}.{entry.entry_id}.counters")


async def async_forget_counters(hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
    """Delete what was remembered of an entry's counters."""
    await _store(hass, entry).async_remove()


class Counters:
    """The guards of one entry's counters by name."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
        """Start empty; `async_load` brings back what was remembered."""
        self._hass = hass
        self._entry = entry
        self._store = _store(hass, entry)
        self._issue_id = f"{HELD_ISSUE}_{entry.entry_id}"
        self._remembered: Mapping[str, CounterState] = {}
        self._guards: dict[str, CounterGuard] = {}
        self._reported: list[str] = []
        self._save_asked: datetime | None = None

    async def async_load(self) -> None:
        """Remember the counters of the last run, and save them when the entry unloads."""
        self._remembered = await self._store.async_load() or {}
        self._entry.async_on_unload(self._async_close)

    @callback
    def update(
        self,
        name: str,
        raw: float | None,
        *,
        at: datetime,
        seen: datetime,
        max_per_hour: float,
        step: float,
    ) -> float | None:
        """Return the value to believe of the counter `name` (see `CounterGuard.update`)."""
        guard = self._guards.get(name)
        if guard is None:
            guard = self._guards[name] = self._restore(name, max_per_hour, step)
        believed = guard.update(raw, at=at, seen=seen)
        self._save_soon(seen)
        return believed

    @callback
    def report(self, now: datetime) -> None:
        """Raise or withdraw the repair that tells of counters that are held back."""
        held = sorted(
            name
            for name, guard in self._guards.items()
            if guard.pending_since is not None and now - guard.pending_since >= _REPORT_AFTER
        )
        if held and held != self._reported:
            ir.async_create_issue(
                self._hass,
                DOMAIN,
                self._issue_id,
                is_fixable=True,
                severity=ir.IssueSeverity.WARNING,
                translation_key=HELD_ISSUE,
                translation_placeholders={
                    "name": self._entry.title,
                    "counters": ", ".join(
                        name.rpartition("/")[2].replace("_", " ") for name in held
                    ),
                },
                data={"entry_id": self._entry.entry_id, "kind": HELD_ISSUE},
            )
        elif self._reported and not held:
            ir.async_delete_issue(self._hass, DOMAIN, self._issue_id)
        self._reported = held

    @property
    def held(self) -> dict[str, float]:
        """The values that are held back at the moment, by counter."""
        return {
            name: guard.pending for name, guard in self._guards.items() if guard.pending is not None
        }

    @callback
    def accept_pending(self) -> None:
        """Believe what the device says of every counter that is held back."""
        for guard in self._guards.values():
            guard.accept_pending()

    def diagnostics(self) -> dict[str, Any]:
        """Return what each guard believes and holds, numbered (names hold serials)."""
        return {
            f"{number}_{name.rpartition('/')[2]}": {"value": guard.value, "held": guard.pending}
            for number, (name, guard) in enumerate(sorted(self._guards.items()))
        }

    def _restore(self, name: str, max_per_hour: float, step: float) -> CounterGuard:
        state = self._remembered.get(name)
        if state is None:
            return CounterGuard(max_per_hour, step)
        return CounterGuard.from_state(state, max_per_hour=max_per_hour, step=step)

    def _save_soon(self, now: datetime) -> None:
        """Ask for a save, once in a while: every new request would put the save off."""
        if self._save_asked is None or now - self._save_asked >= _SAVE_EVERY:
            self._save_asked = now
            self._store.async_delay_save(self._data, _SAVE_EVERY.total_seconds())

    def _data(self) -> dict[str, CounterState]:
        states = {name: guard.as_state() for name, guard in self._guards.items()}
        return {**self._remembered, **{n: s for n, s in states.items() if s is not None}}

    async def _async_close(self) -> None:
        ir.async_delete_issue(self._hass, DOMAIN, self._issue_id)
        await self._store.async_save(self._data())
