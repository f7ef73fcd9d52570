"""What the owner of a Homevolt can set by hand, one line each."""

from dataclasses import replace
from typing import Any, Final

from ...command import Command, Mode
from ...metric import POWER_LIMIT, AnyMetric, NumberMetric, SelectMetric, SwitchMetric
from .homevolt import Planned

_NONE: Final = "none"
_POWERED: Final = frozenset({Mode.INVERTER_CHARGE, Mode.INVERTER_DISCHARGE})
_COMMANDS: Final = (
    _NONE,
    Mode.IDLE.value,
    Mode.INVERTER_CHARGE.value,
    Mode.INVERTER_DISCHARGE.value,
    Mode.SOLAR_CHARGE.value,
)


def _told(p: Planned) -> str | None:
    mode = _NONE if p.told.mode is None else p.told.mode.value
    return mode if mode in _COMMANDS else None


async def _command(coordinator: Any, option: str) -> None:
    if option == _NONE:
        await coordinator.battery.async_release()
        return
    mode = Mode(option)
    power_w = coordinator.data.told.power_w if mode in _POWERED else None
    await coordinator.battery.async_command(Command(mode=mode, power_w=power_w))


async def _power(coordinator: Any, watts: float) -> None:
    """Keep the power for the next command; one that runs follows it at once."""
    battery = coordinator.battery
    battery.check_control()
    if battery.lease is not None and battery.lease.command.mode in _POWERED:
        await battery.async_command(replace(battery.lease.command, power_w=watts))
    coordinator.set_next_power(watts)


SETTINGS: Final[tuple[AnyMetric, ...]] = (
    SwitchMetric[Planned](
        "local_mode",
        lambda p: p.plan.local,
        lambda coordinator, on: coordinator.battery.async_set_local(on),
        always=True,
    ),
    SelectMetric[Planned]("command", _told, _COMMANDS, _command, always=True),
    NumberMetric[Planned](
        "command_power",
        POWER_LIMIT,
        lambda p: p.told.power_w,
        lambda p: 1,
        lambda p: p.told.most_w or 1,
        _power,
        always=True,
    ),
)
