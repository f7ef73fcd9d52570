"""The parameters that are shown, and the few that are set. Pure but for asking.

Names and ranges: Tibber's reference of the parameters. Keys of the maker, its servers and
everything that belongs to the grid code stay out of reach.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from ...control import refusal
from ...planned import Value

LOCAL: Final = "settings_local"
READABLE: Final = frozenset(
    {
        LOCAL,
        "ecu_main_fuse_size_a",
        "ecu_group_fuse_size_a",
        "ems_control_timeout",
        "ems_idle_power_threshold",
        "export_limitation_w",
        "import_limitation_w",
        "import_energy_limit_wh",
        "fallback_charge_limit_w",
        "fallback_discharge_limit_w",
        "ledstrip_mode",
        "ledstrip_bright_max",
        "ledstrip_bright_min",
        "ledstrip_mode_on_hue",
        "ledstrip_mode_on_saturation",
    }
)
_LED_MODES: Final = frozenset({"", "off", "on", "soc", "dem", "ser"})


def _flag(value: Value) -> bool:
    return isinstance(value, bool)


def _up_to(most: int) -> Callable[[Value], bool]:
    return lambda value: (
        isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most
    )


WRITABLE: Final[Mapping[str, Callable[[Value], bool]]] = {
    LOCAL: _flag,
    "ledstrip_mode": lambda value: value in _LED_MODES,
    "ledstrip_bright_max": _up_to(100),
    "ledstrip_bright_min": _up_to(100),
    "ledstrip_mode_on_hue": _up_to(360),
    "ledstrip_mode_on_saturation": _up_to(100),
}
"""The parameters that can be set, and whether they take a value."""


def check_readable(key: str) -> None:
    """Return if a parameter is shown; raises ServiceValidationError."""
    if key not in READABLE:
        raise refusal("parameter_not_offered", parameter=key)


def check_writable(key: str, value: Value) -> None:
    """Return if a parameter may be set to this; raises ServiceValidationError."""
    if key not in WRITABLE:
        raise refusal("parameter_not_offered", parameter=key)
    if not WRITABLE[key](value):
        raise refusal("parameter_out_of_range", parameter=key, value=str(value))


def as_text(value: Value) -> str:
    """Return a value as the ECU takes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def shown(parameters: Mapping[str, Any] | None, key: str) -> Value | None:
    """Return a parameter as the ECU says it; None where it has none of this name."""
    value = (parameters or {}).get(key)
    return value if isinstance(value, bool | int | str) else None
