"""Gas, water and district heat: what flows in a minute, as whole numbers."""

from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from .noise import stream, unit
from .weather import Weather

_SLOT_S = 600
_BUSY = {6: 0.3, 7: 0.6, 8: 0.4, 12: 0.3, 13: 0.2, 17: 0.2, 18: 0.5, 19: 0.5, 20: 0.4, 21: 0.4}
_IDLE = 0.06
_ROOM_C = 16


class Flow(NamedTuple):
    """One minute: gas and water in ml, heat in kJ."""

    gas_ml: int
    water_ml: int
    heat_kj: int


class Utilities:
    """Draws of hot and cold water as a pure function of seed and time."""

    def __init__(self, seed: int, zone: str, weather: Weather) -> None:
        """Make the taps of a house whose people live by this zone's clock."""
        self._zone = ZoneInfo(zone)
        self._weather = weather
        self._tap = stream(seed, "tap")

    def minute(self, start_s: int) -> Flow:
        """Return what flows in the minute that begins at this epoch second."""
        slot = start_s // _SLOT_S
        hour = datetime.fromtimestamp(start_s, self._zone).hour
        chance = _BUSY.get(hour, _IDLE if 5 < hour < 23 else 0.01)
        open_s = int(unit(self._tap, slot, 1) * _SLOT_S)
        heat_kj = max(0, int((_ROOM_C - self._weather.sky(start_s).temperature_c) * 15))
        if unit(self._tap, slot) > chance or start_s % _SLOT_S > open_s:
            return Flow(0, 0, heat_kj)
        water_ml = int(4000 + 5000 * unit(self._tap, slot, 2))
        hot = unit(self._tap, slot, 3) > 0.4
        return Flow(water_ml * 5 if hot else 0, water_ml, heat_kj)
