"""The limit of the feed-in as a SUN2000 takes it: the value first, then the mode."""

from collections.abc import Mapping, Sequence
from typing import Final

from ...command import ExportLimit, ExportMode
from ...control import refusal
from .probe import Identity
from .words import EXPORT_MODES, number
from .write import Write

LEAST_EXPORT_W: Final = -1000


def export_writes(limit: ExportLimit, identity: Identity) -> Sequence[Write]:
    """Return what to write; raises ServiceValidationError for a limit that cannot be."""
    mode = ("export_mode", number(EXPORT_MODES, limit.mode))
    if limit.mode is ExportMode.POWER:
        if limit.power_w is None or not LEAST_EXPORT_W <= limit.power_w <= identity.max_active_w:
            raise refusal("export_power_range", most=f"{identity.max_active_w:g}")
        return (("export_limit_w", limit.power_w), mode)
    if limit.mode is ExportMode.PERCENT:
        if limit.percent is None:
            raise refusal("export_percent_missing")
        return (("export_limit_percent", limit.percent), mode)
    return (mode,)


def confirmed_limit(said: Mapping[str, float | None]) -> ExportLimit:
    """Return what the device says of its limit after a write."""
    raw = said["export_mode"]
    mode = ExportMode(EXPORT_MODES[int(raw or 0)])
    return ExportLimit(
        mode=mode,
        power_w=said["export_limit_w"] if mode is ExportMode.POWER else None,
        percent=said["export_limit_percent"] if mode is ExportMode.PERCENT else None,
    )
