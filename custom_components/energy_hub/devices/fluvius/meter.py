"""What the entities of a meter show: the newest telegram, averaged and guarded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from .quarter import Quarter
from .read import Details, MbusMeter
from .scan import Live

ELECTRICITY: Final = ("import_day", "import_night", "export_day", "export_night")
POWERS: Final = (
    "import_w",
    "export_w",
    "import_l1_w",
    "import_l2_w",
    "import_l3_w",
    "export_l1_w",
    "export_l2_w",
    "export_l3_w",
)


@dataclass(frozen=True, slots=True)
class Meter:
    """One published moment of a meter."""

    live: Live
    details: Details
    mean_w: Mapping[str, float | None]
    """Mean of each power since the last published moment."""
    counters: Mapping[str, float | None]
    """Believed value of each counter (kWh)."""
    mbus: Mapping[str, MbusMeter]
    """The meters on the M-Bus by serial, with believed values."""
    quarter: Quarter
    held: bool
    """Whether a counter is held back because its value cannot be right."""
    clock_offset_s: float
    """How far the meter's clock is ahead of ours."""

    def total(self, direction: str) -> float | None:
        """Return the believed day and night counters of `import` or `export` together."""
        return add(self.counters[f"{direction}_day"], self.counters[f"{direction}_night"])

    @property
    def peak_w(self) -> float | None:
        """The highest quarter of the running month so far."""
        return None if self.details.peak is None else self.details.peak.power_w

    @property
    def peak_at(self) -> datetime | None:
        """The end of that quarter (UTC)."""
        return None if self.details.peak is None else self.details.peak.at

    def net_w(self, phase: str = "") -> float | None:
        """Return import minus export, of one phase (`_l1`) or of the whole connection."""
        return subtract(self.mean_w[f"import{phase}_w"], self.mean_w[f"export{phase}_w"])


class Means:
    """Means of the powers over the telegrams since the last `take`."""

    def __init__(self) -> None:
        """Start empty."""
        self._sums: dict[str, float] = {}
        self._counts: dict[str, int] = {}

    def add(self, live: Live) -> None:
        """Count one telegram in; a value that it lacks does not pull a mean down."""
        for name in POWERS:
            value = getattr(live, name)
            if value is not None:
                self._sums[name] = self._sums.get(name, 0) + value
                self._counts[name] = self._counts.get(name, 0) + 1

    def take(self) -> dict[str, float | None]:
        """Return the means in W (None where no value came) and start again."""
        means = {
            name: round(self._sums[name] / self._counts[name], 1) if name in self._sums else None
            for name in POWERS
        }
        self._sums.clear()
        self._counts.clear()
        return means


def add(first: float | None, second: float | None) -> float | None:
    """Return the sum in the resolution of a register; unknown with anything is unknown."""
    return None if first is None or second is None else round(first + second, 3)


def subtract(first: float | None, second: float | None) -> float | None:
    """Return the difference; unknown with anything is unknown."""
    return None if first is None or second is None else round(first - second, 1)
