"""The running quarter of the Belgian capacity tariff.

Only import counts, net over the phases, in clock quarters (never a sliding window). The
register 1-0:1.4.0 climbs from zero: the energy of the quarter so far, spread over the
whole quarter. Meters before e-MUCS 1.7 lack it; there the import registers serve.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

QUARTER_SECONDS: Final = 900
# Import registers are compared with their value at the start of the quarter; a start
# seen later than this would make the quarter look lower than it is.
_START_TOLERANCE_SECONDS: Final = 10


@dataclass(frozen=True, slots=True)
class Quarter:
    """Where the running quarter stands; None where it is not known."""

    so_far_w: float | None
    """Its power if nothing more were imported."""
    projected_w: float | None
    """Its power if import goes on as it is now."""


class QuarterTracker:
    """Follows the running quarter over the telegrams."""

    def __init__(self) -> None:
        """Start without a quarter."""
        self._start: datetime | None = None
        self._start_kwh: float | None = None

    def update(
        self,
        at: datetime,
        *,
        register_w: float | None,
        import_w: float | None,
        import_kwh: float | None,
    ) -> Quarter:
        """Return the quarter at the meter's time `at`.

        `register_w` is the meter's own climbing value, `import_w` the import now and
        `import_kwh` the sum of the import registers.
        """
        # UTC quarters are local quarters: every zone that knows this tariff is a whole
        # number of hours away, on the nights of a clock change too.
        elapsed = at.timestamp() % QUARTER_SECONDS
        so_far = register_w if register_w is not None else self._own(at, elapsed, import_kwh)
        if so_far is None or import_w is None:
            return Quarter(so_far, None)
        rest = (QUARTER_SECONDS - elapsed) / QUARTER_SECONDS
        return Quarter(so_far, round(so_far + import_w * rest, 3))

    def _own(self, at: datetime, elapsed: float, import_kwh: float | None) -> float | None:
        """Return the climbing value from the import registers (resolution 4 W)."""
        start = datetime.fromtimestamp(at.timestamp() - elapsed, tz=at.tzinfo)
        if start != self._start:
            self._start = start
            self._start_kwh = import_kwh if elapsed <= _START_TOLERANCE_SECONDS else None
        if import_kwh is None or self._start_kwh is None:
            return None
        return round((import_kwh - self._start_kwh) * 4 * 1000, 3)
