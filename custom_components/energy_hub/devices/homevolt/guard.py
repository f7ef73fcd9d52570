"""The energy counters of ECUs and clamps, and their way through the guard."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from ...counters import Counters
from .cluster import Totals
from .ecu import ClampValues, EcuValues

_STEP_KWH: Final = 0.01
_RESERVE: Final = 1.2
# An ECU that does not say what it is made for.
_MOST_BATTERY_KWH: Final = 15.0
# A clamp sees what a whole house draws or gives.
_MOST_CLAMP_KWH: Final = 100.0


def believed(
    counters: Counters,
    ecus: Iterable[EcuValues],
    clamps: Iterable[ClampValues],
    main: str,
    at: datetime,
) -> dict[str, Totals]:
    """Return the counters by ECU and clamp, as far as they can be believed.

    `main` is the id of the entry's device: that of the load without a sensor of its own.
    """
    found = {}
    for ecu in ecus:
        rated_w = ecu.rated_w
        most = _MOST_BATTERY_KWH if rated_w is None else _RESERVE * rated_w / 1000
        into = _believe(counters, f"{ecu.id}/charged", ecu.charged_kwh, most, at)
        out_of = _believe(counters, f"{ecu.id}/discharged", ecu.discharged_kwh, most, at)
        found[ecu.id] = Totals(into, out_of)
    for clamp in clamps:
        name = f"{clamp.id or main}/{clamp.function}"
        into = _believe(counters, f"{name}_import", clamp.into_kwh, _MOST_CLAMP_KWH, at)
        out_of = _believe(counters, f"{name}_export", clamp.out_of_kwh, _MOST_CLAMP_KWH, at)
        found[clamp.id] = Totals(into, out_of)
    return found


def _believe(
    counters: Counters, name: str, raw: float | None, most: float, at: datetime
) -> float | None:
    return counters.update(name, raw, at=at, seen=at, max_per_hour=most, step=_STEP_KWH)
