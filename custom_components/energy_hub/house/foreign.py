"""Sensors of other integrations as sources of a house: any unit, any sign, totals or days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isfinite
from typing import Any, Final

from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import (
    ATTR_UNIT_OF_MEASUREMENT,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
    UnitOfEnergy,
    UnitOfPower,
)
from homeassistant.core import HomeAssistant, State, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util.unit_conversion import BaseUnitConverter, EnergyConverter, PowerConverter

from ..counters import Counters
from ..reading import Flow, Reading

CONF_FLOW: Final = "flow"
CONF_POWER: Final = "power"
CONF_INVERTED: Final = "inverted"
CONF_TO_HOUSE: Final = "to_house"
CONF_FROM_HOUSE: Final = "from_house"

# A sensor that is available speaks of now: it may not write a state while nothing changes.
_VALID: Final = timedelta(minutes=1)
# What an inverter may draw at night; more is no standby but the wrong sign.
_STANDBY_W: Final = 50.0
_ONE_WAY: Final = frozenset({Flow.SOLAR, Flow.LOAD})
# What a house connection can carry at most in an hour, and what a counter shows at least.
_MOST_KWH: Final = 100.0
_STEP_KWH: Final = 0.01
# Integrations that only write what changed leave a counter that stands still alone.
_SILENT: Final = timedelta(minutes=10)
# A counter that falls by more than this part begins again, as one of a day does at midnight.
_RESET_SHARE: Final = 0.1
# One that is back where it was within this time had shown nonsense.
_GLITCH: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class ForeignSource:
    """One source that the user made of sensors."""

    id: str
    title: str
    flow: Flow
    power: str | None
    inverted: bool
    to_house: str | None
    from_house: str | None

    @classmethod
    def of(cls, subentry: ConfigSubentry) -> ForeignSource:
        """Return the source that a subentry describes."""
        data = subentry.data
        return cls(
            subentry.subentry_id,
            subentry.title,
            Flow(data[CONF_FLOW]),
            data.get(CONF_POWER),
            bool(data.get(CONF_INVERTED)),
            data.get(CONF_TO_HOUSE),
            data.get(CONF_FROM_HOUSE),
        )

    @property
    def entities(self) -> tuple[str, ...]:
        """The entities it is made of."""
        return tuple(filter(None, (self.power, self.to_house, self.from_house)))

    def power_reading(self, hass: HomeAssistant, now: datetime) -> Reading:
        """Return the present power; None in it while the sensor does not say."""
        power_w, _ = _value(hass, self.power, PowerConverter, UnitOfPower.WATT)
        if power_w is not None and self.inverted:
            power_w = 0.0 - power_w
        if power_w is not None and power_w < 0 and self.flow in _ONE_WAY:
            power_w = 0.0 if power_w >= -_STANDBY_W else None
        return Reading(source=self.id, flow=self.flow, at=now, valid_for=_VALID, power_w=power_w)


class ForeignCounters:
    """The counters of foreign sources: guarded, and going on where a day's counter begins again."""

    def __init__(self, counters: Counters, remembered: Mapping[str, Any]) -> None:
        """Go on from what was remembered."""
        self._counters = counters
        self._offsets: dict[str, float] = dict(remembered.get("offsets", {}))
        self._last: dict[str, float] = dict(remembered.get("last", {}))
        self._fallen: dict[str, tuple[float, datetime]] = {}

    def as_state(self) -> dict[str, Any]:
        """Return what a restart must remember (JSON)."""
        return {"offsets": self._offsets, "last": self._last}

    @callback
    def readings(self, hass: HomeAssistant, source: ForeignSource, now: datetime) -> list[Reading]:
        """Return what the counters of a source show, each at its own time."""
        found = []
        latest = max((at for one in source.entities if (at := _reported(hass, one))), default=None)
        for key, entity in ((CONF_TO_HOUSE, source.to_house), (CONF_FROM_HOUSE, source.from_house)):
            raw, at = _value(hass, entity, EnergyConverter, UnitOfEnergy.KILO_WATT_HOUR)
            if raw is None or at is None or latest is None or raw < 0:
                continue
            if now - at > _SILENT:
                # Its device is there and says nothing new of it: it stands still.
                at = latest
            kwh = self._counters.update(
                f"{source.id}/{key}",
                self._continued(f"{source.id}/{key}", raw, now),
                at=at,
                seen=now,
                max_per_hour=_MOST_KWH,
                step=_STEP_KWH,
            )
            found.append(_counted(source, key, at, kwh))
        return found

    def _continued(self, name: str, raw: float, now: datetime) -> float:
        """Return the counter as if it had never begun again."""
        last = self._last.get(name)
        if last is not None and raw < last * (1 - _RESET_SHARE):
            self._offsets[name] = self._offsets.get(name, 0.0) + last
            self._fallen[name] = (last, now)
        elif (fallen := self._fallen.pop(name, None)) is not None:
            before, at = fallen
            if raw >= before and now - at < _GLITCH:
                # It had not begun again, it had only shown nonsense for a moment.
                self._offsets[name] -= before
            else:
                self._fallen[name] = fallen
        self._last[name] = raw
        return self._offsets.get(name, 0.0) + raw


def _counted(source: ForeignSource, key: str, at: datetime, kwh: float | None) -> Reading:
    return Reading(
        source=source.id,
        flow=source.flow,
        at=at,
        valid_for=_VALID,
        to_house_kwh=kwh if key == CONF_TO_HOUSE else None,
        from_house_kwh=kwh if key == CONF_FROM_HOUSE else None,
    )


def _value(
    hass: HomeAssistant, entity_id: str | None, converter: type[BaseUnitConverter], unit: str
) -> tuple[float | None, datetime | None]:
    """Return the number that a sensor shows in `unit`, and when it said so."""
    if entity_id is None or (at := _reported(hass, entity_id)) is None:
        return None, None
    state = hass.states.get(entity_id)
    return (None if state is None else _number(state, converter, unit)), at


def _reported(hass: HomeAssistant, entity_id: str) -> datetime | None:
    """Return when a sensor that is available said something."""
    state = hass.states.get(entity_id)
    if state is None or state.state in {STATE_UNAVAILABLE, STATE_UNKNOWN}:
        return None
    return state.last_reported


def _number(state: State, converter: type[BaseUnitConverter], unit: str) -> float | None:
    try:
        value = float(state.state)
        if not isfinite(value):
            return None
        return converter.convert(value, state.attributes.get(ATTR_UNIT_OF_MEASUREMENT), unit)
    except ValueError, HomeAssistantError:
        return None
