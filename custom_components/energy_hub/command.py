"""What a battery can be told, and whether it can be told it now. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final


class Mode(StrEnum):
    """What a battery does; the slugs of the contract, and those of single brands."""

    IDLE = "idle"
    INVERTER_CHARGE = "inverter_charge"
    INVERTER_DISCHARGE = "inverter_discharge"
    GRID_CHARGE = "grid_charge"
    GRID_DISCHARGE = "grid_discharge"
    GRID_CHARGE_DISCHARGE = "grid_charge_discharge"
    FREQUENCY_RESERVE = "frequency_reserve"
    SOLAR_CHARGE = "solar_charge"
    SOLAR_CHARGE_DISCHARGE = "solar_charge_discharge"
    FULL_SOLAR_EXPORT = "full_solar_export"
    SELF_CONSUMPTION = "self_consumption"
    ADAPTIVE = "adaptive"
    TIME_OF_USE = "time_of_use"


CHARGING: Final = frozenset({Mode.INVERTER_CHARGE, Mode.GRID_CHARGE, Mode.SOLAR_CHARGE})
DISCHARGING: Final = frozenset({Mode.INVERTER_DISCHARGE, Mode.GRID_DISCHARGE})
# What a charging or discharging battery does on its own side: it needs a power.
_POWERED: Final = frozenset({Mode.INVERTER_CHARGE, Mode.INVERTER_DISCHARGE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What a battery shall do. Powers are positive W, states of charge 0..100 %."""

    mode: Mode
    power_w: float | None = None
    until: datetime | None = None
    """When it ends (UTC); None for as long as it is wanted."""
    target_soc: float | None = None
    """The state of charge at which it ends."""
    min_soc: float | None = None
    max_soc: float | None = None
    import_limit_w: float | None = None
    export_limit_w: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """What a device says that it does after a command; None where it does not say."""

    mode: Mode
    power_w: float | None = None
    until: datetime | None = None
    soc_limit: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Capability:
    """What a battery can be told now; None where the device does not say."""

    modes: frozenset[Mode]
    """What it does until an end."""
    settings: frozenset[Mode] = frozenset()
    """What it keeps doing until it is told otherwise: no end, no power."""
    charge_w: float | None
    discharge_w: float | None
    soc: float | None = None
    min_soc: float = 0
    max_soc: float = 100
    longest: timedelta = timedelta(days=1)
    fields: frozenset[str] = frozenset()
    """Which of the fields of `Command` that not every device knows this one does."""


class ExportMode(StrEnum):
    """How the feed-in of an inverter is limited."""

    UNLIMITED = "unlimited"
    ZERO = "zero"
    POWER = "power"
    PERCENT = "percent"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportLimit:
    """The most that may be fed in: W, or % of the inverter's rated power, as the mode says."""

    mode: ExportMode
    power_w: float | None = None
    percent: float | None = None


class CommandError(ValueError):
    """A command that must not be sent: `key` is the text that says why."""

    def __init__(self, key: str, **placeholders: str) -> None:
        """Keep the words for the user."""
        super().__init__(key)
        self.key = key
        self.placeholders = placeholders


_SPECIAL: Final = ("min_soc", "max_soc", "import_limit_w", "export_limit_w")


def check(command: Command, capability: Capability, now: datetime) -> None:
    """Return if the battery can be told this now; raises CommandError with the reason."""
    if command.mode not in capability.modes | capability.settings:
        raise CommandError("mode_not_offered", mode=command.mode)
    for field in _SPECIAL:
        if getattr(command, field) is not None and field not in capability.fields:
            raise CommandError("field_not_offered", field=field.removesuffix("_w"))
    _check_end(command, capability, now)
    _check_power(command, capability)
    _check_soc(command, capability)


def _check_end(command: Command, capability: Capability, now: datetime) -> None:
    if command.mode in capability.settings:
        if command.until or command.target_soc is not None or command.power_w is not None:
            raise CommandError("mode_has_no_end", mode=command.mode)
        return
    if command.until is None:
        return
    if command.until <= now:
        raise CommandError("end_in_past")
    if command.until - now > capability.longest:
        hours = capability.longest / timedelta(hours=1)
        raise CommandError("end_too_late", hours=f"{hours:g}")


def _check_power(command: Command, capability: Capability) -> None:
    power_w = command.power_w
    if power_w is None:
        if command.mode in _POWERED:
            raise CommandError("power_missing", mode=command.mode)
        return
    most = capability.charge_w if command.mode in CHARGING else capability.discharge_w
    if most is None:
        raise CommandError("limit_unknown")
    if not 0 < power_w <= most:
        raise CommandError("power_out_of_range", power=f"{power_w:g}", most=f"{most:g}")


def _check_soc(command: Command, capability: Capability) -> None:
    low, high = capability.min_soc, capability.max_soc
    for soc in (command.target_soc, command.min_soc, command.max_soc):
        if soc is not None and not low <= soc <= high:
            raise CommandError("soc_out_of_range", soc=f"{soc:g}", low=f"{low:g}", high=f"{high:g}")
    least, most = command.min_soc, command.max_soc
    if least is not None and most is not None and least >= most:
        raise CommandError("soc_limits_crossed")
    _check_target(command, capability.soc)


def _check_target(command: Command, soc: float | None) -> None:
    """Check that the target lies ahead, and that we would see it reached."""
    if command.target_soc is None:
        return
    if soc is None:
        raise CommandError("soc_unknown")
    if reached(command, soc):
        raise CommandError("soc_reached", soc=f"{soc:g}", target=f"{command.target_soc:g}")


def reached(command: Command, soc: float | None) -> bool:
    """Return whether the battery has come to where the command ends."""
    if soc is None or command.target_soc is None:
        return False
    if command.mode in CHARGING:
        return soc >= command.target_soc
    return command.mode in DISCHARGING and soc <= command.target_soc
