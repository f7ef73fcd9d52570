"""What a battery can be told, and whether it can be told it now. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
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
# What holds the meter of the house at a power: it needs one too, and may need it at 0.
_AT_METER: Final = frozenset({Mode.GRID_CHARGE, Mode.GRID_DISCHARGE, Mode.GRID_CHARGE_DISCHARGE})
# Where a negative power at the meter is export.
_SIGNED: Final = frozenset({Mode.GRID_CHARGE_DISCHARGE, Mode.SOLAR_CHARGE_DISCHARGE})
_POWERLESS: Final = frozenset({Mode.IDLE, Mode.FREQUENCY_RESERVE, Mode.FULL_SOLAR_EXPORT})
_SHORTEST: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What a battery shall do. Powers are positive W, states of charge 0..100 %.

    A power that is meant at the meter (`grid_charge_discharge`) is negative for export.
    """

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
class Schedule:
    """What a battery shall do between two moments (UTC)."""

    command: Command
    start: datetime
    end: datetime | None
    """None: until something else is said."""

    @property
    def id(self) -> int:
        """What it is called: no two begin at the same second."""
        return int(self.start.timestamp())

    def meets(self, other: Schedule) -> bool:
        """Return whether both would run at some moment."""
        return (other.end is None or self.start < other.end) and (
            self.end is None or other.start < self.end
        )


@dataclass(frozen=True, slots=True)
class BatteryPlan:
    """What a battery that keeps a plan says of it."""

    local: bool | None
    """Whether it is told from here; None where it does not say."""
    schedules: tuple[Schedule, ...]


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
    grid_w: float | None = None
    """What may pass the meter of the house, for modes that hold it at a power."""
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
    _check_mode(command, capability)
    _check_end(command, capability, now)
    _check_power(command, capability)
    _check_soc(command, capability)
    _check_target(command, capability.soc)


def check_schedule(
    schedule: Schedule, plan: Iterable[Schedule], capability: Capability, now: datetime
) -> None:
    """Return if this can be added to the plan; raises CommandError with the reason."""
    _check_mode(schedule.command, capability)
    _check_window(schedule, capability, now)
    _check_power(schedule.command, capability)
    _check_soc(schedule.command, capability)
    if any(schedule.meets(other) for other in plan):
        raise CommandError("schedule_overlaps")


def _check_mode(command: Command, capability: Capability) -> None:
    if command.mode not in capability.modes | capability.settings:
        raise CommandError("mode_not_offered", mode=command.mode)
    for field in _SPECIAL:
        if getattr(command, field) is not None and field not in capability.fields:
            raise CommandError("field_not_offered", field=field.removesuffix("_w"))


def _check_window(schedule: Schedule, capability: Capability, now: datetime) -> None:
    start, end = schedule.start, schedule.end
    if start < now - _SHORTEST:
        raise CommandError("start_in_past")
    if end is None:
        return
    if end <= start:
        raise CommandError("end_before_start")
    if end - start < _SHORTEST:
        raise CommandError("window_too_short")
    if end - start > capability.longest:
        hours = capability.longest / timedelta(hours=1)
        raise CommandError("window_too_long", hours=f"{hours:g}")


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
    mode, power_w = command.mode, command.power_w
    for limit_w in (command.import_limit_w, command.export_limit_w):
        if limit_w is not None:
            _check_range(limit_w, 0, capability.grid_w)
    if power_w is None:
        if mode in _POWERED | _AT_METER:
            raise CommandError("power_missing", mode=mode)
        return
    if mode in _POWERLESS:
        raise CommandError("power_not_used", mode=mode)
    if mode in _AT_METER | _SIGNED:
        if power_w:
            least = None if capability.grid_w is None else 0 - capability.grid_w
            _check_range(power_w, least if mode in _SIGNED else 0, capability.grid_w)
        return
    most = capability.charge_w if mode in CHARGING else capability.discharge_w
    if most is None:
        raise CommandError("limit_unknown")
    if not 0 < power_w <= most:
        raise CommandError("power_out_of_range", power=f"{power_w:g}", most=f"{most:g}")


def _check_range(power_w: float, least: float | None, most: float | None) -> None:
    if least is None or most is None:
        raise CommandError("grid_limit_unknown")
    if not least <= power_w <= most:
        raise CommandError(
            "grid_power_out_of_range",
            power=f"{power_w:g}",
            least=f"{least:g}",
            most=f"{most:g}",
        )


def _check_soc(command: Command, capability: Capability) -> None:
    low, high = capability.min_soc, capability.max_soc
    for soc in (command.target_soc, command.min_soc, command.max_soc):
        if soc is not None and not low <= soc <= high:
            raise CommandError("soc_out_of_range", soc=f"{soc:g}", low=f"{low:g}", high=f"{high:g}")
    least, most = command.min_soc, command.max_soc
    if least is not None and most is not None and least >= most:
        raise CommandError("soc_limits_crossed")


def _check_target(command: Command, soc: float | None) -> None:
    """Check that the battery has a way to go, and that we would see the target reached."""
    if soc is None:
        if command.target_soc is not None:
            raise CommandError("soc_unknown")
        return
    limit = command.max_soc if command.mode in CHARGING else command.min_soc
    for target in (command.target_soc, limit):
        if target is not None and reached(replace(command, target_soc=target), soc):
            raise CommandError("soc_reached", soc=f"{soc:g}", target=f"{target:g}")


def reached(command: Command, soc: float | None) -> bool:
    """Return whether the battery has come to where the command ends."""
    if soc is None or command.target_soc is None:
        return False
    if command.mode in CHARGING:
        return soc >= command.target_soc
    return command.mode in DISCHARGING and soc <= command.target_soc
