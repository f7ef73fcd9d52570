"""The grid registers: energy by direction and tariff, the quarter's demand, monthly peaks."""

from dataclasses import dataclass, replace

from .tariff import DAY, QUARTER_S, closes_month, tariff

KEPT_MONTHS = 13


@dataclass(frozen=True, slots=True)
class Peak:
    """The highest quarter of a month: its end (epoch s) and its mean import in W."""

    end_s: int
    power_w: int


@dataclass(frozen=True, slots=True)
class ClosedMonth:
    """A finished month: when it closed (epoch s, 00:00 on the first of the next), its peak."""

    closed_s: int
    peak: Peak | None


@dataclass(frozen=True, slots=True)
class Registers:
    """What the meter remembers; energies in J (whole at whole seconds)."""

    import_day_j: float
    import_night_j: float
    export_day_j: float
    export_night_j: float
    months: tuple[ClosedMonth, ...]
    peak: Peak | None
    quarter_j: float = 0

    def add(self, at_s: int, import_j: float, export_j: float) -> Registers:
        """Return the registers after this energy, all of it in the minute of `at_s`."""
        quarter_j = self.quarter_j + import_j
        if tariff(at_s) == DAY:
            return replace(
                self,
                import_day_j=self.import_day_j + import_j,
                export_day_j=self.export_day_j + export_j,
                quarter_j=quarter_j,
            )
        return replace(
            self,
            import_night_j=self.import_night_j + import_j,
            export_night_j=self.export_night_j + export_j,
            quarter_j=quarter_j,
        )

    def tick(self, at_s: int) -> Registers:
        """Return the registers at a whole minute: quarters and months end here."""
        if at_s % QUARTER_S:
            return self
        power_w = int(self.quarter_j) // QUARTER_S
        peak = self.peak
        if power_w > (peak.power_w if peak else 0):
            peak = Peak(at_s, power_w)
        if not closes_month(at_s):
            return replace(self, peak=peak, quarter_j=0)
        # The quarter that ends at midnight still belongs to the month before.
        months = (*self.months, ClosedMonth(at_s, peak))[-KEPT_MONTHS:]
        return replace(self, months=months, peak=None, quarter_j=0)
