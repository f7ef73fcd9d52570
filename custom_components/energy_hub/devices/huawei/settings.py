"""What the owner of an inverter and its batteries can set, one line each."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from ...command import Command, Mode
from ...metric import (
    POWER_LIMIT,
    SHARE_LIMIT,
    AnyMetric,
    NumberMetric,
    SelectMetric,
    SwitchMetric,
)
from .act import WORKING_MODES, mode_of
from .export import LEAST_EXPORT_W
from .inverter import Values
from .probe import Identity
from .words import EXPORT_MODES, number, word

_MODES: Final = tuple(WORKING_MODES)
_EXPORT_MODES: Final = tuple(EXPORT_MODES.values())


async def _set_mode(coordinator: Any, mode: str) -> None:
    await coordinator.battery.async_command(Command(mode=Mode(mode)))
    coordinator.async_show()


def _at(register: str) -> Callable[[Values], float | None]:
    return lambda v: v.get(register)


def _always(limit: float) -> Callable[[Values], float]:
    return lambda v: limit


def _up_to(limit: str, register: str) -> Callable[[Values], float]:
    """Return the most as the device says it; without that, no more than it is now."""
    return lambda v: v.get(limit) or v.get(register) or 0


def _set(register: str) -> Callable[[Any, float], Awaitable[None]]:
    return lambda coordinator, value: coordinator.async_set(register, value)


def _grid_charge(v: Values) -> bool | None:
    on = v.get("grid_charge")
    return None if on is None else on == 1


BATTERY_SETTINGS: Final[tuple[AnyMetric, ...]] = (
    SelectMetric[Values](
        "working_mode", lambda v: mode_of(v.get("working_mode_setting")), _MODES, _set_mode
    ),
    NumberMetric[Values](
        "charge_limit",
        POWER_LIMIT,
        _at("charge_limit_w"),
        _always(0),
        _up_to("max_charge_w", "charge_limit_w"),
        _set("charge_limit_w"),
    ),
    NumberMetric[Values](
        "discharge_limit",
        POWER_LIMIT,
        _at("discharge_limit_w"),
        _always(0),
        _up_to("max_discharge_w", "discharge_limit_w"),
        _set("discharge_limit_w"),
    ),
    NumberMetric[Values](
        "charge_cutoff",
        SHARE_LIMIT,
        _at("charge_cutoff_percent"),
        _always(90),
        _always(100),
        _set("charge_cutoff_percent"),
    ),
    NumberMetric[Values](
        "discharge_cutoff",
        SHARE_LIMIT,
        _at("discharge_cutoff_percent"),
        _always(0),
        _always(20),
        _set("discharge_cutoff_percent"),
    ),
    NumberMetric[Values](
        "grid_charge_cutoff",
        SHARE_LIMIT,
        _at("grid_charge_cutoff_percent"),
        _always(20),
        _always(100),
        _set("grid_charge_cutoff_percent"),
    ),
    SwitchMetric[Values]("grid_charge", _grid_charge, _set("grid_charge")),
)
FORCED_SETTINGS: Final[tuple[AnyMetric, ...]] = (
    NumberMetric[Values](
        "grid_charge_power",
        POWER_LIMIT,
        _at("grid_charge_w"),
        _always(0),
        _up_to("most_grid_charge_w", "grid_charge_w"),
        _set("grid_charge_w"),
    ),
)


def export_settings(identity: Identity) -> tuple[AnyMetric, ...]:
    """Return how the feed-in of an inverter is limited."""
    return (
        SelectMetric[Values](
            "export_limit",
            lambda v: word(EXPORT_MODES, v.get("export_mode")),
            _EXPORT_MODES,
            lambda c, mode: c.async_set("export_mode", number(EXPORT_MODES, mode)),
        ),
        NumberMetric[Values](
            "export_limit_power",
            POWER_LIMIT,
            _at("export_limit_w"),
            # Below zero it would have to import.
            _always(LEAST_EXPORT_W),
            _always(identity.max_active_w),
            _set("export_limit_w"),
        ),
        NumberMetric[Values](
            "export_limit_percent",
            SHARE_LIMIT,
            _at("export_limit_percent"),
            _always(0),
            _always(100),
            _set("export_limit_percent"),
        ),
    )
