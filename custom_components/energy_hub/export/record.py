"""What waits in the queue: a message, what is known of its way, and the key it is sent under."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
import hashlib
import json
from typing import Any, Final
from uuid import UUID, uuid5

_NAMESPACE: Final = UUID("af67679a-8e8a-40e2-b5fb-fcd81b777773")
_LISTS: Final = "INFORMATION_"
_ABOUT: Final = frozenset({"STATE_OPERATION", "ORIGIN"})
PLANT: Final = ""
"""Stands for the plant itself where devices are named."""

type Payload = Mapping[str, Any]


class State(StrEnum):
    """How far a record has come."""

    PENDING = "pending"
    SENDING = "sending"
    DELIVERED = "delivered"
    PARTIAL = "partial"
    """Delivered but for devices that were refused."""
    PARKED = "parked"
    """Refused as a whole."""
    EXPIRED = "expired"
    """Given up: too old, or a newer revision took its place."""
    DRY = "dry"
    """Built to be looked at; never sent."""


REFUSED: Final = (State.PARTIAL, State.PARKED)


class Origin(StrEnum):
    """Where the values of a message come from."""

    LIVE = "live"
    VENDOR_HISTORY = "vendor_history"
    SHORT_STATISTICS = "short_statistics"
    LONG_STATISTICS = "long_statistics"


@dataclass(frozen=True, slots=True)
class Slot:
    """What a message is about: with the target and a revision, its natural key."""

    kind: str
    plant: int
    at: datetime
    """Begin of the slot (UTC)."""


@dataclass(frozen=True, slots=True)
class Message:
    """One plant object, before it is in the queue."""

    slot: Slot
    payload: Payload
    origin: Origin = Origin.LIVE


@dataclass(frozen=True, slots=True)
class Group:
    """Devices of a record that are sent together; None for the whole of it."""

    devices: tuple[str, ...] | None = None
    tries: int = 0
    """How often they were sent again because of what the answer said of them."""


WHOLE: Final = (Group(),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A record that is being sent."""

    id: int
    target: str
    slot: Slot
    revision: int
    payload: Payload
    live: bool
    """Whether it is the newest of its plant."""
    failures: int
    """How often in a row it did not get through."""
    plan: tuple[Group, ...]
    """What of it must be sent yet, the first next; never empty."""
    refused: Mapping[str, str]
    """Devices that were given up, with the words of the server."""

    @property
    def devices(self) -> tuple[str, ...]:
        """The devices of the next sending, sorted."""
        chosen = self.plan[0].devices
        return devices_of(self.payload) if chosen is None else chosen

    @property
    def body(self) -> Payload:
        """The payload of the next sending; the extended form names itself."""
        payload = reduced(self.payload, self.devices)
        if "SCHEMA_VERSION" in payload:
            return {**payload, "MESSAGE_ID": str(self.key), "REVISION": self.revision}
        return payload

    @property
    def key(self) -> UUID:
        """The key of the next sending: the same for the same content, for ever."""
        whole = self.devices == devices_of(self.payload)
        subset = "all" if whole else ",".join(self.devices)
        slot = self.slot
        parts = (self.target, slot.kind, slot.plant, slot.at.isoformat(), self.revision, subset)
        return uuid5(_NAMESPACE, json.dumps(parts))


def devices_of(payload: Payload) -> tuple[str, ...]:
    """Return the devices of a payload, sorted."""
    rows: Any = next((value for name, value in payload.items() if name.startswith(_LISTS)), [])
    if isinstance(rows, dict):  # the one object of a house
        return (rows["ID_DEVICE"],)
    return tuple(sorted(one["ID_DEVICE"] for one in rows))


def reduced(payload: Payload, devices: tuple[str, ...]) -> Payload:
    """Return a payload with these devices only."""
    name = _list_name(payload)
    if name is None:
        return payload
    return {**payload, name: [one for one in payload[name] if one["ID_DEVICE"] in devices]}


def to_text(payload: Payload) -> str:
    """Return a payload as JSON, always the same for the same content.

    Raises ValueError for a number that JSON does not know.
    """
    return json.dumps(
        payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def digest(payload: Payload) -> bytes:
    """Return what tells one content from another: all that was measured.

    Neither where it comes from, nor the flags of the plant: what held at a slot can be
    told only while it lasts.
    """
    measured = {name: value for name, value in payload.items() if name not in _ABOUT}
    return hashlib.sha256(to_text(measured).encode()).digest()


def _list_name(payload: Payload) -> str | None:
    return next(
        (
            name
            for name, value in payload.items()
            if name.startswith(_LISTS) and isinstance(value, list)
        ),
        None,
    )
