"""Which values of which block are energy counters, and their way through the guard."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from ...counters import Counters
from .inverter import Values
from .probe import Identity

_STEP_KWH: Final = 0.01
# A meter sees what the whole house draws, not only what the inverter can give.
_MOST_METER_KWH: Final = 100.0

_COUNTERS: Final[Mapping[str, tuple[str, ...]]] = {
    "inverter": ("yield_kwh", "dc_kwh"),
    "meter": ("meter_export_kwh", "meter_import_kwh"),
    "battery": (
        "charged_kwh",
        "discharged_kwh",
        "unit2_charged_kwh",
        "unit2_discharged_kwh",
    ),
    "unit1": ("unit1_charged_kwh", "unit1_discharged_kwh"),
}


def believed(
    counters: Counters, identity: Identity, block: str, values: Values, at: datetime
) -> Values:
    """Return the values of a block with its counters as far as they can be believed.

    Totals of a meter can arrive negative (seen in the field); their amount is right.
    """
    most = _MOST_METER_KWH if block == "meter" else identity.most_kwh_per_hour
    guarded = {}
    for name in _COUNTERS.get(block, ()):
        raw = values.get(name)
        guarded[name] = counters.update(
            f"{identity.serial}/{name.removesuffix('_kwh')}",
            abs(raw) if raw is not None and block == "meter" else raw,
            at=at,
            seen=at,
            max_per_hour=most,
            step=_STEP_KWH,
        )
    return {**values, **{name: value for name, value in guarded.items() if name in values}}
