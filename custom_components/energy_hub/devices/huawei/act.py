"""Commands of a LUNA2000: forcible charge and discharge, which end by themselves.

Order of the registers, and zero discharge as the way to hold: as published drivers do it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from math import ceil
from typing import Any, Final, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from ...command import Capability, Command, Confirmation, Mode
from ...control import BatteryControl, refusal
from .inverter import Values
from .plan import Item, values_of
from .write import Write, async_writer

_STOP, _CHARGE, _DISCHARGE = 0, 1, 2
_TO_DURATION: Final = 0
_FORCED_MODE: Final = 1
_MINUTE: Final = timedelta(minutes=1)
# What the inverter counts down at most (47083).
_LONGEST: Final = timedelta(minutes=1440)
# The working mode that runs is asked once a minute; an answer may be as old as that.
_SEEN_AFTER: Final = timedelta(minutes=2)

WORKING_MODES: Final[Mapping[Mode, int]] = {
    Mode.ADAPTIVE: 0,
    Mode.SELF_CONSUMPTION: 2,
    Mode.FULL_SOLAR_EXPORT: 4,
    Mode.TIME_OF_USE: 5,
}
"""Working mode setting (47086); 1 and 3 are those of another maker's battery."""


class LunaControl(BatteryControl):
    """The batteries of one inverter, which follow a command together."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry[Any], plan: Sequence[Item]) -> None:
        """Prepare for the batteries of an inverter that is polled by this plan."""
        super().__init__(hass, entry)
        self._plan = plan

    @property
    @override
    def capability(self) -> Capability:
        unit, settings = self._values("unit1"), self._values("settings")
        return Capability(
            modes=frozenset({Mode.IDLE, Mode.INVERTER_CHARGE, Mode.INVERTER_DISCHARGE}),
            settings=frozenset(WORKING_MODES),
            charge_w=_most(unit, "max_charge_w", "rated_charge_w"),
            discharge_w=_most(unit, "max_discharge_w", "rated_discharge_w"),
            soc=self._values("battery").get("soc_percent"),
            min_soc=settings.get("discharge_cutoff_percent") or 0,
            max_soc=settings.get("charge_cutoff_percent") or 100,
            longest=_LONGEST,
        )

    @property
    @override
    def follows(self) -> bool | None:
        mode = self._values("unit1").get("working_mode")
        if mode is None or self.lease is None:
            return None
        if dt_util.utcnow() - self.lease.given < _SEEN_AFTER:
            return None
        return mode == _FORCED_MODE

    @override
    def check(self, command: Command) -> None:
        super().check(command)
        allowed = self._values("settings").get("grid_charge")
        if command.mode is Mode.INVERTER_CHARGE and not allowed:
            raise refusal("grid_charge_off")

    @override
    async def _async_give(self, command: Command, until: datetime) -> Confirmation:
        minutes = ceil((until - dt_util.utcnow()) / _MINUTE)
        said = await self._async_write(_forced(command, minutes))
        charging = said["forced_command"] == _CHARGE
        return Confirmation(
            mode=command.mode,
            power_w=said["forced_charge_w" if charging else "forced_discharge_w"],
            until=command.until,
            soc_limit=command.target_soc,
        )

    @override
    async def _async_keep(self, command: Command) -> Confirmation:
        await self._async_write([("working_mode_setting", WORKING_MODES[command.mode])])
        return Confirmation(mode=command.mode)

    @override
    async def _async_clear(self) -> Confirmation:
        said = await self._async_write(_RELEASE)
        return Confirmation(mode=mode_of(said["working_mode_setting"]) or Mode.SELF_CONSUMPTION)

    async def _async_write(self, writes: Sequence[Write]) -> dict[str, float | None]:
        async with async_writer(self._hass, self._entry, self._plan) as writer:
            return await writer.async_write(writes)

    def _values(self, block: str) -> Values:
        return values_of(self._plan, block)


_RELEASE: Final[Sequence[Write]] = (
    ("forced_command", _STOP),
    ("forced_discharge_w", 0),
    ("forced_charge_w", 0),
    ("forced_minutes", 0),
    ("forced_to_soc", _TO_DURATION),
)


def _forced(command: Command, minutes: int) -> Sequence[Write]:
    """Return what to write, the register that starts it last.

    The end is a time in every case: a state of charge may never be reached, so that one
    is watched from here.
    """
    charge = command.mode is Mode.INVERTER_CHARGE
    return (
        ("forced_charge_w" if charge else "forced_discharge_w", round(command.power_w or 0)),
        ("forced_minutes", minutes),
        ("forced_to_soc", _TO_DURATION),
        ("forced_command", _CHARGE if charge else _DISCHARGE),
    )


def mode_of(number: float | None) -> Mode | None:
    """Return the mode that a working mode setting stands for; None for an unknown one."""
    return next((mode for mode, raw in WORKING_MODES.items() if raw == number), None)


def _most(values: Values, *names: str) -> float | None:
    """Return the highest of the powers that are known: the present one is 0 while it sleeps."""
    return max((value for name in names if (value := values.get(name)) is not None), default=None)
