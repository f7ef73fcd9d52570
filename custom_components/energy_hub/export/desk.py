"""What actions ask of a destination."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
import sqlite3
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType, JsonValueType

from ..const import DOMAIN
from ..control import refusal
from ..errors import DeviceError
from .collect import Collector, Put
from .enrg import KIND
from .house_slots import KIND as HOUSE, HouseSlots, async_preview_house
from .outbox import Outbox
from .plants import async_owner
from .preview import async_previews
from .record import State
from .settings import Aim, Settings
from .site_devices import async_preview_kinds

_STATES: Final[Mapping[str, tuple[State, ...]]] = {
    "delivered": (State.DELIVERED,),
    "refused": (State.PARTIAL, State.PARKED),
    "given_up": (State.EXPIRED,),
    "dry": (State.DRY,),
    "waiting": (State.PENDING,),
}
_QUEUED: Final = (State.PENDING, State.SENDING)


class DiskError(HomeAssistantError):
    """The queue cannot be read or written."""

    def __init__(self) -> None:
        """Keep the words for the user."""
        super().__init__(translation_domain=DOMAIN, translation_key="queue_unreadable")


class Desk:
    """Answers actions."""

    def __init__(
        self,
        hass: HomeAssistant,
        settings: Settings,
        outbox: Outbox,
        collector: Collector,
        changed: Callable[[], None],
        *,
        house: HouseSlots,
    ) -> None:
        """Prepare; `changed` is called when the queue has changed."""
        self._hass: Final = hass
        self._settings: Final = settings
        self._outbox: Final = outbox
        self._collector: Final = collector
        self._changed: Final = changed
        self._house: Final = house

    async def async_export(
        self,
        start: datetime,
        end: datetime,
        *,
        plants: Collection[int] | None,
        dry_run: bool,
        correct: bool,
    ) -> JsonObjectType:
        """Queue a past span; one plant that cannot be asked does not stop the others."""
        dry = dry_run or self._settings.dry_run
        told: list[JsonObjectType] = []
        for source, aim in self._aims(plants).items():
            told.append(await self._export(source, aim, start, end, dry=dry, correct=correct))
        if (house := self._house_of(plants)) is not None:
            told.append(await self._export_house(house, start, end, dry=dry, correct=correct))
        self._changed()
        numbers = ("new", "same", "changed", "queued", "sent", "refused")
        sums = {name: sum(int(str(one[name])) for one in told) for name in numbers}
        return {"dry_run": dry, **sums, "plants": list(told)}

    async def _export(
        self, source: str, aim: Aim, start: datetime, end: datetime, *, dry: bool, correct: bool
    ) -> JsonObjectType:
        put, error = Put(), None
        try:
            if async_owner(self._hass, source) is None:
                error = "not_loaded"
            else:
                put = await self._collector.async_replay(
                    source, start, end, dry=dry, correct=correct
                )
            states = await self._outbox.async_states(KIND, aim.choice.id, start, end)
        except DeviceError as err:
            error, states = err.key, {}
        except sqlite3.Error as err:
            raise DiskError from err
        return self._told(aim, put, states, error, dry=dry)

    async def _export_house(
        self, aim: Aim, start: datetime, end: datetime, *, dry: bool, correct: bool
    ) -> JsonObjectType:
        now, error = dt_util.utcnow(), "not_loaded" if self._house.is_away else None
        try:
            put = await self._house.async_replay(start, end, now, dry=dry, correct=correct)
            states = await self._outbox.async_states(HOUSE, aim.choice.id, start, end)
        except sqlite3.Error as err:
            raise DiskError from err
        return {**self._told(aim, put, states, error, dry=dry), "kind": HOUSE.value}

    def _told(
        self, aim: Aim, put: Put, states: Mapping[State, int], error: str | None, *, dry: bool
    ) -> JsonObjectType:
        count = Counter(states)
        slots = [one.slot.at for one in put.messages]
        told: JsonObjectType = {
            "plant": aim.choice.id,
            "kind": KIND,
            "new": len(slots),
            "same": put.same,
            "changed": put.changed,
            "first": _text(min(slots, default=None)),
            "last": _text(max(slots, default=None)),
            "gaps": [_text(at) for at in put.gaps],
            "origins": dict(Counter(str(one.origin) for one in put.messages)),
            "queued": sum(count[one] for one in _QUEUED),
            "sent": count[State.DELIVERED] + count[State.PARTIAL],
            "refused": count[State.PARKED] + count[State.PARTIAL],
            "error": error,
        }
        if dry:
            told["payloads"] = [dict(one.payload) for one in put.messages]
        return told

    async def async_preview(self, plants: Collection[int] | None) -> JsonObjectType:
        """Return the messages that would be sent now; no connection is opened for it."""
        now, chosen = dt_util.utcnow(), None if plants is None else self._ids(plants)
        found = await async_previews(self._hass, self._settings, self._aims(plants))
        rows: list[JsonValueType] = [
            {
                "plant": self._settings.aims[source].choice.id,
                "kind": KIND,
                "payload": None if payload is None else dict(payload),
            }
            for source, payload in found.items()
        ]
        others = async_preview_kinds(self._hass, self._settings, now)
        if (house := await async_preview_house(self._hass, self._settings, now)) is not None:
            others.append(house)
        rows += [
            {"plant": one.slot.plant, "kind": one.slot.kind, "payload": dict(one.payload)}
            for one in others
            if chosen is None or one.slot.plant in chosen
        ]
        return {"plants": rows}

    async def async_retry_refused(self, plants: Collection[int] | None) -> JsonObjectType:
        """Let what was refused wait again."""
        chosen = None if plants is None else self._ids(plants)
        try:
            records = await self._outbox.async_retry_refused(dt_util.utcnow(), chosen)
        except sqlite3.Error as err:
            raise DiskError from err
        self._changed()
        return {"records": records}

    async def async_purge(
        self, states: Collection[str], plants: Collection[int] | None
    ) -> JsonObjectType:
        """Delete records, also of plants that are not delivered any more."""
        wanted = [state for name in states for state in _STATES[name]]
        try:
            records = await self._outbox.async_purge(wanted, plants)
        except sqlite3.Error as err:
            raise DiskError from err
        self._changed()
        return {"records": records}

    def _aims(self, plants: Collection[int] | None) -> Mapping[str, Aim]:
        aims = self._settings.aims
        if plants is None:
            return aims
        chosen = self._ids(plants)
        return {source: aim for source, aim in aims.items() if aim.choice.id in chosen}

    def _house_of(self, plants: Collection[int] | None) -> Aim | None:
        """Return the plant of the house; None if it is not delivered, or not asked for."""
        aim = self._house.aim
        return None if aim is None or (plants and aim.choice.id not in plants) else aim

    def _ids(self, plants: Collection[int]) -> Collection[int]:
        """Return numbers that are delivered; raises ServiceValidationError for others."""
        for one in plants:
            if one not in self._settings.plants:
                raise refusal("enrg_unknown_plant", plant=str(one))
        return plants


def _text(at: datetime | None) -> str | None:
    return None if at is None else dt_util.as_local(at).isoformat()
