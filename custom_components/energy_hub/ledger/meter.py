"""What the meter that is billed says of its quarters and month peaks: the truth. Pure."""

from collections.abc import Iterable
from typing import Final

from ..reading import Demand, Flow, Reading
from .quarter import Peaks
from .source import Source


class BilledMeter:
    """The one meter of the grid; of several none knows the peaks of the house."""

    def __init__(self, sources: Iterable[Source], peaks: Peaks) -> None:
        """Follow the meter among the sources, and tell `peaks` what it says."""
        grid = [source.id for source in sources if source.flow is Flow.GRID]
        self._id: Final = grid[0] if len(grid) == 1 else None
        self._peaks: Final = peaks
        self._said: Demand | None = None

    @property
    def said(self) -> Demand | None:
        """What it said last; None if it never said anything."""
        return self._said

    def feed(self, reading: Reading) -> None:
        """Take in what a reading says of quarters and peaks."""
        said, before = reading.demand, self._said
        if said is None or reading.flow is not Flow.GRID or reading.source != self._id:
            return
        self._said = said
        # Those of finished months change once a month, and are looked at each second.
        known = before is not None and before.peaks == said.peaks
        for peak in said.peaks[-1:] if known else said.peaks:
            self._peaks.learn(peak.power_w, peak.end, said.at)
