"""What really happened, for devices that show it and tests that compare with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from .grid import Phase


@dataclass(frozen=True, slots=True)
class ArrayTruth:
    """One PV array: AC power now, energy of its life."""

    power_w: int
    energy_kwh: float


@dataclass(frozen=True, slots=True)
class BatteryTruth:
    """One battery: power (+ discharge), state of charge in %, energies of its life (AC side)."""

    power_w: int
    soc_percent: float
    stored_kwh: float
    charged_kwh: float
    discharged_kwh: float


@dataclass(frozen=True, slots=True)
class InverterTruth:
    """One inverter, array and batteries together, on its AC side.

    Power (+ into the house), energy given in its life, highest power of the local day, and what
    limits take from it now (`power_w` would be that much more without them).
    """

    power_w: int
    energy_kwh: float
    peak_w: int
    cut_w: int


@dataclass(frozen=True, slots=True)
class MonthPeak:
    """The peak of a month: when the month closed (None: it runs), end of the quarter, its W.

    A month without import has no quarter: `quarter_end` is None and the power 0.
    """

    closed: datetime | None
    quarter_end: datetime | None
    power_w: int


@dataclass(frozen=True, slots=True)
class Truth:
    """The house at one moment; powers in W hold for the step that contains it.

    Signs: grid + import, battery + discharge, solar + production, so that
    load = solar + grid + battery. Energies are counters since long before the beginning.
    `quarter_w` is the energy imported in the running quarter over a full quarter (it climbs).
    """

    time: datetime
    irradiance_w_m2: float
    cloud_cover: float
    temperature_c: float
    solar_w: int
    solar_kwh: float
    arrays: Mapping[str, ArrayTruth]
    battery_w: int
    batteries: Mapping[str, BatteryTruth]
    inverters: Mapping[str, InverterTruth]
    load_w: int
    load_kwh: float
    grid_w: int
    phases: tuple[Phase, ...]
    frequency_hz: float
    tariff: int
    import_day_kwh: float
    import_night_kwh: float
    export_day_kwh: float
    export_night_kwh: float
    quarter_w: float
    month_peak: MonthPeak
    month_peaks: tuple[MonthPeak, ...]
    gas_m3: float
    water_m3: float
    heat_gj: float

    @property
    def import_kwh(self) -> float:
        """Return the import of both tariffs."""
        return self.import_day_kwh + self.import_night_kwh

    @property
    def export_kwh(self) -> float:
        """Return the export of both tariffs."""
        return self.export_day_kwh + self.export_night_kwh


@dataclass(frozen=True, slots=True)
class Means:
    """Mean powers in W of a time span, from the counters at its ends."""

    solar_w: float
    grid_w: float
    battery_w: float
    load_w: float


def means(first: Truth, last: Truth) -> Means:
    """Return the mean powers between two moments; raises ValueError when none lies between."""
    seconds = (last.time - first.time).total_seconds()
    if seconds <= 0:
        raise ValueError("the end must lie after the start")

    def power(kwh: float) -> float:
        return kwh * 3_600_000 / seconds

    def out_of_batteries(truth: Truth) -> float:
        return sum(one.discharged_kwh - one.charged_kwh for one in truth.batteries.values())

    return Means(
        solar_w=power(last.solar_kwh - first.solar_kwh),
        grid_w=power(last.import_kwh - first.import_kwh - last.export_kwh + first.export_kwh),
        battery_w=power(out_of_batteries(last) - out_of_batteries(first)),
        load_w=power(last.load_kwh - first.load_kwh),
    )
