"""One import: which days it is made of, how far it has come, and which rows are its own. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final, Self

_DAY: Final = timedelta(days=1)


class Block(StrEnum):
    """How far a day is; one letter each, so that ten years are a short text."""

    TO_DO = "t"
    FAULTY = "f"
    DONE = "d"
    CLOSED = "c"


NAMES: Final = {
    Block.TO_DO: "to_do",
    Block.FAULTY: "faulty",
    Block.DONE: "done",
    Block.CLOSED: "closed",
}


@dataclass(slots=True, kw_only=True)
class Job:
    """An import that is running, over, or being undone."""

    id: str
    source: str
    file: str | None = None
    digest: str | None = None
    """Of the file: one that has changed is another import."""
    first: date
    blocks: list[Block]
    """One for each local day from the first on."""
    own: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    """By series (its key) the spans of hours that are its own: first and last, since 1970."""
    undoing: bool = False

    @property
    def over(self) -> bool:
        """Whether nothing is left to be done."""
        waiting = (Block.TO_DO, Block.DONE)
        return not self.undoing and not any(block in waiting for block in self.blocks)

    @property
    def rows(self) -> int:
        """How many rows are its own."""
        return sum(last - first + 1 for spans in self.own.values() for first, last in spans)

    def day(self, place: int) -> date:
        """Return the day of a block."""
        return self.first + place * _DAY

    def waiting(self, most: int) -> list[int]:
        """Return the places of the next blocks that are to be done or checked."""
        left = (
            place for place, block in enumerate(self.blocks) if block in {Block.TO_DO, Block.DONE}
        )
        found: list[int] = []
        for place in left:
            # Blocks that lie apart are not one span.
            if len(found) >= most or (found and place != found[-1] + 1):
                break
            found.append(place)
        return found

    def claim(self, key: str, hours: Iterable[datetime]) -> None:
        """Note that hours of a series are its own, before they are written."""
        numbers = sorted({int(at.timestamp()) // 3600 for at in hours})
        spans = sorted([*self.own.get(key, ()), *((number, number) for number in numbers)])
        merged: list[tuple[int, int]] = []
        for first, last in spans:
            if merged and first <= merged[-1][1] + 1:
                merged[-1] = merged[-1][0], max(merged[-1][1], last)
            else:
                merged.append((first, last))
        if merged:
            self.own[key] = merged

    def owns(self, key: str, at: datetime) -> bool:
        """Return whether an hour of a series is its own."""
        number = int(at.timestamp()) // 3600
        return any(first <= number <= last for first, last in self.own.get(key, ()))

    def last_hours(self, key: str, most: int) -> list[datetime]:
        """Return the newest of its own hours of a series."""
        found: list[datetime] = []
        for first, last in reversed(self.own.get(key, [])):
            for number in range(last, first - 1, -1):
                if len(found) >= most:
                    return found
                found.append(datetime.fromtimestamp(number * 3600, UTC))
        return found

    def give_up(self, key: str, count: int) -> None:
        """Forget the newest of its own hours of a series."""
        spans = self.own.get(key, [])
        while spans and count:
            first, last = spans.pop()
            taken = min(count, last - first + 1)
            count -= taken
            if last - taken >= first:
                spans.append((first, last - taken))
        if not spans:
            self.own.pop(key, None)

    def counts(self) -> dict[str, int]:
        """Return how many blocks are in which state."""
        counted = Counter(self.blocks)
        return {name: counted[block] for block, name in NAMES.items()}

    def as_state(self) -> dict[str, Any]:
        """Return all of it for JSON."""
        return {
            "source": self.source,
            "file": self.file,
            "digest": self.digest,
            "first": self.first.isoformat(),
            "blocks": "".join(self.blocks),
            "own": {key: [list(span) for span in spans] for key, spans in self.own.items()},
            "undoing": self.undoing,
        }

    @classmethod
    def from_state(cls, job_id: str, state: Mapping[str, Any]) -> Self:
        """Return what `as_state` wrote."""
        return cls(
            id=job_id,
            source=state["source"],
            file=state["file"],
            digest=state["digest"],
            first=date.fromisoformat(state["first"]),
            blocks=[Block(letter) for letter in state["blocks"]],
            own={
                key: [(first, last) for first, last in spans] for key, spans in state["own"].items()
            },
            undoing=state["undoing"],
        )
