"""What the platform has stored, in the order in which it came."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from .fields import INVERTERS, Shape

PLANT, DEVICE = "plant", "device"
_KEPT_ROWS: Final = 100_000


@dataclass(slots=True)
class Row:
    """One plant or device at one time (a plant of another kind by the name of its list); `writes` says how often it was sent and stored."""

    kind: str
    id: str
    date: str
    content: Mapping[str, Any]
    writes: int = 1
    keys: list[str | None] = field(default_factory=list)
    """The idempotency keys of those messages."""


class Archive:
    """Rows by their natural key; the oldest are forgotten when there are very many."""

    def __init__(self) -> None:
        """Start empty."""
        self.rows: Final[deque[Row]] = deque()
        self._last: Final[dict[tuple[str, str, str], Row]] = {}

    def has(self, device: str, date: str) -> bool:
        """Return whether a device is stored at a time."""
        return (DEVICE, device, date) in self._last

    def count(self, identity: str, date: str, kind: str = DEVICE) -> int:
        """Return how many rows a device, or a plant, has at a time."""
        return sum(row.kind == kind and row.id == identity for row in self.at(date))

    def at(self, date: str) -> Iterator[Row]:
        """Yield the rows of a time."""
        return (row for row in self.rows if row.date == date)

    def of_kind(self, kind: str) -> list[Row]:
        """Return the rows of plants or of devices."""
        return [row for row in self.rows if row.kind == kind]

    def store(
        self,
        plant: Mapping[str, Any],
        shape: Shape,
        skipped: frozenset[str],
        key: str | None,
        *,
        twice: bool,
    ) -> None:
        """Store a plant object without the skipped devices.

        What is there already is written over, or stored once more if `twice`.
        """
        about = {name: value for name, value in plant.items() if name != shape.devices}
        kind = PLANT if shape.devices == INVERTERS else shape.devices
        self._put(kind, str(plant["ID_PLANT"]), plant["DATE_GENERATION"], about, key, twice)
        for device in shape.devices_in(plant):
            if device["ID_DEVICE"] not in skipped:
                self._put(DEVICE, device["ID_DEVICE"], device["DATE"], device, key, twice)
        while len(self.rows) > _KEPT_ROWS:
            old = self.rows.popleft()
            self._last.pop((old.kind, old.id, old.date), None)

    def _put(
        self,
        kind: str,
        identity: str,
        date: str,
        content: Mapping[str, Any],
        key: str | None,
        twice: bool,
    ) -> None:
        known = self._last.get((kind, identity, date))
        if known is None or twice:
            row = Row(kind, identity, date, content, keys=[key])
            self.rows.append(row)
            self._last[kind, identity, date] = row
            return
        known.content = content
        known.writes += 1
        known.keys.append(key)
