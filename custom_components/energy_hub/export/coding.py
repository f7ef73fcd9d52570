"""How a record stands in the file: payloads packed, plans and refusals as JSON."""

from collections.abc import Mapping, Sequence
import json
import sqlite3
from typing import Any
import zlib

from .record import WHOLE, Group, Record, Slot
from .schema import LIVE, from_ms


def pack(text: str) -> bytes:
    """Return a text as it is stored: a tenth of its size, most of it being names of keys."""
    return zlib.compress(text.encode())


def unpack(blob: bytes) -> dict[str, Any]:
    """Return the payload in a stored text."""
    payload: dict[str, Any] = json.loads(zlib.decompress(blob))
    return payload


def plan_text(plan: Sequence[Group]) -> str | None:
    """Return a plan as it is stored; None for the whole record, not sent yet."""
    if tuple(plan) == WHOLE:
        return None
    return json.dumps([[group.devices, group.tries] for group in plan])


def plan_of(text: str | None) -> tuple[Group, ...]:
    """Return a stored plan."""
    if text is None:
        return WHOLE
    return tuple(
        Group(None if devices is None else tuple(devices), tries)
        for devices, tries in json.loads(text)
    )


def refused_text(refused: Mapping[str, str]) -> str | None:
    """Return the words about refused devices as they are stored."""
    return json.dumps(refused, ensure_ascii=False) if refused else None


def refused_of(text: str | None) -> dict[str, str]:
    """Return stored words about refused devices."""
    refused: dict[str, str] = json.loads(text) if text else {}
    return refused


def record_of(row: sqlite3.Row) -> Record:
    """Return a stored record."""
    return Record(
        id=row["id"],
        target=row["target"],
        slot=Slot(row["kind"], row["plant"], from_ms(row["slot_utc"])),
        revision=row["revision"],
        payload=unpack(row["payload"]),
        live=row["lane"] == LIVE,
        failures=row["failures"],
        plan=plan_of(row["plan"]),
        refused=refused_of(row["device_results"]),
    )
