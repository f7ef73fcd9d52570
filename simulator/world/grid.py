"""The connection to the grid: voltage and current of each phase, frequency."""

from dataclasses import dataclass
from math import hypot

from .noise import smooth, stream

_DROP_V_PER_W = 0.00055
"""How far import pulls the voltage of a phase down at the house."""
_REACTIVE_VAR = 45


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase at the meter: W (+ import), V, A (never negative)."""

    power_w: int
    voltage_v: float
    current_a: float


def phase(seed: int, number: int, at_s: int, power_w: int) -> Phase:
    """Return phase 1..3 at this second when the house draws this power from it."""
    slow = smooth(at_s, 1800, stream(seed, f"voltage {number}"))
    quick = smooth(at_s, 7, stream(seed, f"flicker {number}"))
    voltage_v = 228.5 + 7 * slow + 0.8 * quick - _DROP_V_PER_W * power_w
    return Phase(power_w, voltage_v, hypot(power_w, _REACTIVE_VAR) / voltage_v)


def frequency_hz(seed: int, at_s: int) -> float:
    """Return the grid's frequency at this second."""
    return 49.96 + 0.08 * smooth(at_s, 60, stream(seed, "frequency"))
