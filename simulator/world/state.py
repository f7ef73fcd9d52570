"""Everything that the house carries from one minute to the next."""

from dataclasses import dataclass

from .registers import Registers


@dataclass(frozen=True, slots=True)
class State:
    """Counters in J, ml and kJ (whole numbers at whole seconds), contents of the batteries.

    Tuples are in the order of the arrays, batteries and inverters of the configuration. `done_s`
    is the start of the newest order that has ended by its target, `peak_w` that of the day.
    """

    array_j: tuple[float, ...]
    charged_j: tuple[float, ...]
    discharged_j: tuple[float, ...]
    stored_j: tuple[float, ...]
    battery_w: tuple[int, ...]
    done_s: tuple[int, ...]
    inverter_j: tuple[float, ...]
    peak_w: tuple[int, ...]
    load_j: float
    registers: Registers
    gas_ml: float
    water_ml: float
    heat_kj: float
