"""What the entities of a house show at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ..ledger.account import Money
from ..ledger.live import Picture
from ..ledger.quarter import Peak, Running
from ..ledger.source import Grade, Source, Total
from ..ledger.tally import Tally
from ..reading import Flow
from .foresight import Foresight


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """The house now: its powers, its energies so far, and what they rest on."""

    picture: Picture
    totals: Mapping[Total, Tally]
    """Since the ledger began."""
    today: Mapping[Total, Tally]
    """Since local midnight."""
    midnight: datetime
    names: Mapping[Source, str]
    """What the user calls the sources."""
    late: frozenset[tuple[Flow, str]]
    """Of which sources no energy has come for too long."""
    quarter: Running
    peak: Peak | None
    """The highest quarter of the local month so far."""
    import_price: float | None
    export_price: float | None
    money: Money | None
    """None while the house has no contract."""
    forecast: Foresight | None = None
    """None for a house without planes."""

    def total(self, total: Total) -> float | None:
        """Return the energy since the ledger began in kWh."""
        return self.totals[total].kwh

    def day(self, total: Total) -> float | None:
        """Return the energy of the local day so far in kWh."""
        return self.today[total].kwh

    @property
    def direct_use_today(self) -> float | None:
        """Return the solar energy of the day that was not exported, in kWh."""
        solar, exported = self.day(Total.SOLAR), self.day(Total.EXPORT)
        return None if solar is None or exported is None else max(0.0, solar - exported)

    @property
    def self_consumption(self) -> float | None:
        """Return which part of the day's solar energy stayed in the house, in %."""
        return _percent(self.direct_use_today, self.day(Total.SOLAR))

    @property
    def self_sufficiency(self) -> float | None:
        """Return which part of the day's use did not come from the grid, in %."""
        used, imported = self.day(Total.HOUSE), self.day(Total.IMPORT)
        own = None if used is None or imported is None else max(0.0, used - imported)
        return _percent(own, used)

    @property
    def quality(self) -> Grade:
        """Return how far the house can be trusted now."""
        return Grade.MISSING if self.late else self.picture.house.grade

    @property
    def reasons(self) -> Mapping[str, list[str]]:
        """Return the sources that are not measured now, by their grade; and without energy."""
        found: dict[str, list[str]] = {}
        for source, value in self.picture.sources.items():
            if value.grade is not Grade.MEASURED:
                found.setdefault(value.grade, []).append(self.names[source])
        if late := [name for one, name in self.names.items() if (one.flow, one.id) in self.late]:
            found["energy_missing"] = late
        return found


def _percent(part: float | None, whole: float | None) -> float | None:
    if part is None or not whole:
        return None
    return min(100.0, 100 * part / whole)
