"""The external series of a house: what stands in them is made of the ledger's slots."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from homeassistant.const import UnitOfEnergy, UnitOfPower
from homeassistant.util import slugify

from ..ledger.energy import Amount, Row
from ..ledger.graded import Graded
from ..ledger.source import Direction, Register, Total
from ..reading import Flow
from ..statistics import Series

type Hours = dict[datetime, float]

_TOTALS: Final = {
    Total.SOLAR: "solar",
    Total.IMPORT: "import",
    Total.EXPORT: "export",
    Total.BATTERY_IN: "battery_in",
    Total.BATTERY_OUT: "battery_out",
    Total.HOUSE: "house",
}
_REGISTERS: Final = {
    (Flow.SOLAR, Direction.TO_HOUSE): "solar",
    (Flow.GRID, Direction.TO_HOUSE): "import",
    (Flow.GRID, Direction.FROM_HOUSE): "export",
    (Flow.BATTERY, Direction.TO_HOUSE): "battery_out",
    (Flow.BATTERY, Direction.FROM_HOUSE): "battery_in",
    (Flow.LOAD, Direction.FROM_HOUSE): "load",
}


MONEY: Final = ("import_cost", "export_revenue", "fixed_cost", "saving")
QUARTERS: Final = ("estimated_quarters", "missing_quarters")


class HouseSeries:
    """The series of one house."""

    def __init__(self, house_id: str, title: str, currency: str) -> None:
        """Name them after the house; money is in this currency."""
        self._id = house_id
        self._title = title
        self._currency = currency

    def total(self, total: Total) -> Series:
        """Return the series of a sum over the sources."""
        return self._series(_TOTALS[total], _TOTALS[total].replace("_", " "))

    def register(self, register: Register, name: str) -> Series:
        """Return the series of one counter of one source, which has a name."""
        flow = _REGISTERS[register.flow, register.direction]
        key = f"{flow}_{slugify(register.source)}"
        return self._series(key, f"{name} {flow.replace('_', ' ')}")

    def money(self, key: str) -> Series:
        """Return the series of a kind of cost, one of `MONEY`."""
        name = f"{self._title} {key.replace('_', ' ')}"
        return Series(f"{self._id}_{key}", name, self._currency)

    def quarters(self, key: str) -> Series:
        """Return the series of a count of quarters, one of `QUARTERS`."""
        return Series(f"{self._id}_{key}", f"{self._title} {key.replace('_', ' ')}", "quarters")

    def graded(self, counts: Graded) -> dict[Series, Hours]:
        """Return the counts of quarters by series."""
        return dict(
            zip(map(self.quarters, QUARTERS), (counts.estimated, counts.missing), strict=True)
        )

    @property
    def month_peak(self) -> Series:
        """The series of the month peaks."""
        key, name = f"{self._id}_month_peak", f"{self._title} month peak"
        return Series(key, name, UnitOfPower.KILO_WATT, "power", counts=False)

    def hours(self, rows: Iterable[Row], names: Mapping[str, str]) -> dict[Series, Hours]:
        """Return by how much each series rose in each hour that the rows speak of.

        `names` are those of the sources by id; one without a name goes by its id.
        """
        found: dict[Series, Hours] = {}
        for row in rows:
            hour = row.start.replace(minute=0)
            for register, amount in row.registers.items():
                if (register.flow, register.direction) in _REGISTERS:
                    name = names.get(register.source, register.source)
                    _add(found.setdefault(self.register(register, name), {}), hour, amount)
            for total, amount in row.sums.items():
                _add(found.setdefault(self.total(total), {}), hour, amount)
        return found

    def _series(self, key: str, name: str) -> Series:
        unit = UnitOfEnergy.KILO_WATT_HOUR
        return Series(f"{self._id}_{key}", f"{self._title} {name}", unit, "energy")


def _add(hours: Hours, hour: datetime, amount: Amount) -> None:
    """Count a slot; one that is unknown leaves its hour as far as it is known."""
    if amount.kwh is not None:
        hours[hour] = hours.get(hour, 0.0) + amount.kwh
