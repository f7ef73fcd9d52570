"""The user's own sensors of light and air, as quarters of weather."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import Any, Final

from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT, UnitOfIrradiance, UnitOfTemperature
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util.unit_conversion import TemperatureConverter

from ..ledger.days import quarter_of
from ..plan.sky import QUARTER, Sky
from ..plan.split import split
from ..plan.sun import Place, sun_at

_KEPT: Final = timedelta(hours=50)
_TO_W_M2: Final = {
    UnitOfIrradiance.WATTS_PER_SQUARE_METER: 1.0,
    UnitOfIrradiance.BTUS_PER_HOUR_SQUARE_FOOT: 3.15459,
}
_MOST_W_M2: Final = 1600.0


@dataclass(slots=True)
class _Mean:
    """What was seen in the running quarter."""

    start: datetime
    light: list[float] = field(default_factory=list)
    air: list[float] = field(default_factory=list)


class SkySensors:
    """Quarters that were measured, by their start (UTC)."""

    def __init__(
        self, hass: HomeAssistant, place: Place, irradiance: str | None, temperature: str | None
    ) -> None:
        """Listen to these sensors, as far as there are any."""
        self._hass = hass
        self._place = place
        self._irradiance = irradiance
        self._temperature = temperature
        self._running: _Mean | None = None
        self.measured: dict[datetime, Sky] = {}

    def listen(self, now: datetime) -> None:
        """Take in what the sensors show; to be called every few seconds."""
        start = quarter_of(now)
        if self._running is None or self._running.start != start:
            self._running = _Mean(start)
        light, air = self._light(), self._air()
        if light is not None:
            self._running.light.append(light)
        if air is not None:
            self._running.air.append(air)
        self.measured[start] = self._sky(self._running)
        oldest = now - _KEPT
        if min(self.measured) < oldest:
            self.measured = {at: sky for at, sky in self.measured.items() if at >= oldest}

    def over(self, service: Mapping[datetime, Sky]) -> dict[datetime, Sky]:
        """Return the weather of a service with what was measured in place of it."""
        found = dict(service)
        for start, sky in self.measured.items():
            told = found.get(start, Sky(start, None, None))
            found[start] = told._replace(
                light=sky.light or told.light,
                temperature_c=told.temperature_c
                if sky.temperature_c is None
                else sky.temperature_c,
            )
        return dict(sorted(found.items()))

    def as_state(self) -> list[list[Any]]:
        """Return what a restart must remember (JSON)."""
        return [
            [int(at.timestamp()), sky.light and sky.light.level, sky.temperature_c]
            for at, sky in self.measured.items()
        ]

    def restore(self, state: list[list[Any]]) -> None:
        """Go on from what was remembered."""
        for at, level, air in state:
            start = datetime.fromtimestamp(at, UTC)
            self.measured[start] = self._made(start, level, air)

    def _sky(self, seen: _Mean) -> Sky:
        level = sum(seen.light) / len(seen.light) if seen.light else None
        return self._made(seen.start, level, sum(seen.air) / len(seen.air) if seen.air else None)

    def _made(self, start: datetime, level: float | None, air: float | None) -> Sky:
        sun = sun_at(self._place, start + QUARTER / 2)
        return Sky(start, None if level is None else split(level, sun), air)

    def _light(self) -> float | None:
        value, unit = self._value(self._irradiance)
        factor = _TO_W_M2.get(unit) if unit is not None else None
        if value is None or factor is None or not 0 <= value * factor <= _MOST_W_M2:
            return None
        return value * factor

    def _air(self) -> float | None:
        value, unit = self._value(self._temperature)
        if value is None:
            return None
        try:
            return TemperatureConverter.convert(value, unit, UnitOfTemperature.CELSIUS)
        except HomeAssistantError:
            return None

    def _value(self, entity_id: str | None) -> tuple[float | None, Any]:
        state = self._hass.states.get(entity_id) if entity_id else None
        if state is None:
            return None, None
        try:
            value = float(state.state)
        except ValueError:
            return None, None
        return (value if isfinite(value) else None), state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
