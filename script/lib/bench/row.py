"""Lines of the result: medians of several runs, side by side."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TypedDict, override

_HEAD = ("figure", "ours", "peer", "ours / peer")


class JsonRow(TypedDict):
    """A line of the result for programs; `ratio` is None where the peer shows zero."""

    work: str
    figure: str
    unit: str
    ours: float
    peer: float
    peer_name: str
    ratio: float | None


@dataclass(frozen=True, slots=True)
class Samples:
    """The same number from several runs."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The value in the middle."""
        return median(self.values)

    @override
    def __str__(self) -> str:
        """Return `median (least - greatest)`."""
        least, greatest = min(self.values), max(self.values)
        return f"{_short(self.median)} ({_short(least)} - {_short(greatest)})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One figure of one work."""

    work: str
    figure: str
    unit: str
    ours: Samples
    peer: Samples
    peer_name: str

    @property
    def ratio(self) -> float | None:
        """Ours divided by the peer's, of the medians."""
        return self.ours.median / self.peer.median if self.peer.median else None

    def as_json(self) -> JsonRow:
        """Return the line for programs."""
        return {
            "work": self.work,
            "figure": self.figure,
            "unit": self.unit,
            "ours": self.ours.median,
            "peer": self.peer.median,
            "peer_name": self.peer_name,
            "ratio": self.ratio,
        }


def table(rows: Iterable[Row]) -> str:
    """Return the lines for people: one block for each work, columns aligned."""
    blocks: dict[tuple[str, str], list[tuple[str, ...]]] = {}
    for row in rows:
        block = blocks.setdefault((row.work, row.peer_name), [])
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        block.append((f"{row.figure} ({row.unit})", str(row.ours), str(row.peer), ratio))
    return "\n\n".join(
        f"{work}; peer: {peer_name}\n" + _columns([_HEAD, *lines])
        for (work, peer_name), lines in blocks.items()
    )


def _columns(lines: Sequence[tuple[str, ...]]) -> str:
    widths = [max(len(cell) for cell in column) for column in zip(*lines, strict=True)]
    padded = (
        [cell.ljust(width) for cell, width in zip(line, widths, strict=True)] for line in lines
    )
    return "\n".join(f"  {'  '.join(cells)}".rstrip() for cells in padded)


def _short(value: float) -> str:
    """Return three digits' worth of a number."""
    if value >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"
