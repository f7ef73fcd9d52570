"""The guarded counters of one entry: remembered over restarts, reported when held back."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NotRequired, cast

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.storage import Store

from .const import DOMAIN
from .counter import PLAIN, CounterGuard, CounterState, Habits
from .days import Days, DaysState

HELD_ISSUE: Final = "counter_held"
_STORE_VERSION: Final = 1
_SAVE_EVERY: Final = timedelta(minutes=5)
# A single bad telegram is not worth a word; a counter that stays away is.
_REPORT_AFTER: Final = timedelta(minutes=2)


class _Stored(CounterState):
    """What is remembered of one counter."""

    days: NotRequired[DaysState]


def _store(hass: HomeAssistant, entry: ConfigEntry[Any]) -> Store[dict[str, _Stored]]:
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
        self._remembered: Mapping[str, _Stored] = {}
        self._guards: dict[str, CounterGuard] = {}
        self._days: dict[str, Days] = {}
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
        habits: Habits = PLAIN,
        source: str | None = None,
    ) -> float | None:
        """Return the value to believe of the counter `name` (see `CounterGuard.update`)."""
        guard = self._guards.get(name)
        if guard is None:
            guard = self._guards[name] = self._restore(name, max_per_hour, step, habits)
        believed = guard.update(raw, at=at, seen=seen, source=source)
        self._save_soon(seen)
        return believed

    @callback
    def days(self, name: str, value: float | None, now: datetime) -> Days:
        """Return the days of the counter `name`, which shows this value now (local time)."""
        days = self._days.get(name)
        if days is None:
            stored = self._remembered.get(name)
            state = None if stored is None else stored.get("days")
            days = self._days[name] = Days() if state is None else Days.from_state(state)
        days.update(value, now)
        return days

    @callback
    def report(self, now: datetime) -> None:
        """Raise or withdraw the repair that tells of counters that are held back."""
        held = sorted(
            name
            for name, guard in self._guards.items()
            if guard.pending_since is not None and now - guard.pending_since >= _patience(guard)
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
            f"{number}_{name.rpartition('/')[2]}": _shown(guard)
            for number, (name, guard) in enumerate(sorted(self._guards.items()))
        }

    def _restore(self, name: str, max_per_hour: float, step: float, habits: Habits) -> CounterGuard:
        state = self._remembered.get(name)
        if state is None:
            return CounterGuard(max_per_hour, step, habits)
        return CounterGuard.from_state(state, max_per_hour=max_per_hour, step=step, habits=habits)

    def _save_soon(self, now: datetime) -> None:
        """Ask for a save, once in a while: every new request would put the save off."""
        if self._save_asked is None or now - self._save_asked >= _SAVE_EVERY:
            self._save_asked = now
            self._store.async_delay_save(self._data, _SAVE_EVERY.total_seconds())

    def _data(self) -> dict[str, _Stored]:
        return {**self._remembered, **dict(self._states())}

    def _states(self) -> Iterator[tuple[str, _Stored]]:
        for name, guard in self._guards.items():
            if (state := guard.as_state()) is not None:
                stored = cast("_Stored", state)
                if name in self._days and (days := self._days[name].as_state()) is not None:
                    stored["days"] = days
                yield name, stored

    async def _async_close(self) -> None:
        ir.async_delete_issue(self._hass, DOMAIN, self._issue_id)
        await self._store.async_save(self._data())


def _patience(guard: CounterGuard) -> timedelta:
    """Return how long a value is held before the user hears of it: most settle by themselves."""
    settle = guard.habits.settle
    return _REPORT_AFTER if settle is None else max(_REPORT_AFTER, 2 * settle)


def _shown(guard: CounterGuard) -> dict[str, float | None]:
    shown = {"value": guard.value, "held": guard.pending}
    if guard.corrections:
        shown |= {"offset": guard.offset, "corrections": guard.corrections}
    return shown
