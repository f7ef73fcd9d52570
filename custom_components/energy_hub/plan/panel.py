"""What panels make of light: the heat of their cells and the power they give. Pure.

Cell temperature: D. Faiman, Assessing the outdoor operating temperature of photovoltaic
modules, Progress in Photovoltaics 16 (2008) 307-315, with its mean coefficients. Power and
clipping: A. P. Dobos, PVWatts Version 5 Manual, NREL/TP-6A20-62641 (2014); the inverter's
loss is part of the losses of the plane.
"""

from typing import Final

_STANDARD_W_M2: Final = 1000.0
_STANDARD_C: Final = 25.0
_LOSS_PER_DEGREE: Final = 0.0035
# W/(m2 K): what a module gives to still air, and how much more for each m/s of wind.
_STILL: Final = 25.0
_WINDY: Final = 6.84
# A light breeze on a roof, where the service does not say.
_USUAL_WIND_M_S: Final = 1.0


def cell_c(shine_w_m2: float, air_c: float, wind_m_s: float | None = None) -> float:
    """Return how warm cells are in degrees Celsius."""
    wind = _USUAL_WIND_M_S if wind_m_s is None else wind_m_s
    return air_c + shine_w_m2 / (_STILL + _WINDY * wind)


def panel_w(shine_w_m2: float, cells_c: float, peak_w: float, losses: float) -> float:
    """Return what comes out behind all losses (in %), before the inverter limits it, in W."""
    warm = 1 - _LOSS_PER_DEGREE * (cells_c - _STANDARD_C)
    return max(0.0, peak_w * shine_w_m2 / _STANDARD_W_M2 * warm * (1 - losses / 100))


def clipped_w(power_w: float, limit_w: float | None) -> float:
    """Return what an inverter passes on, in W."""
    return power_w if limit_w is None else min(power_w, limit_w)
