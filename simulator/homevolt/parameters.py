"""The parameters of the ECU: in memory, and in flash where a reboot takes them from."""

from collections.abc import Callable, Container
from dataclasses import dataclass
from typing import Any, Final

LOCAL: Final = "settings_local"

type Value = bool | int | str

_WORD = range(0x1_0000)
_LONG = range(0x1_0000_0000)


@dataclass(frozen=True, slots=True)
class _Kind:
    """A parameter: its type's name, its size in bytes, the values it takes, what it is at first."""

    type: str
    size: int
    valid: Container[Value]
    first: Value
    read: Callable[[str], Value]


def _flag(text: str) -> Value:
    return {"true": True, "1": True, "false": False, "0": False}[text.lower()]


_MODES = ("", "off", "on", "soc", "dem", "ser")
_TABLE: Final = {
    LOCAL: _Kind("bool", 1, (True, False), False, _flag),
    "ecu_main_fuse_size_a": _Kind("uint8", 1, range(256), 25, int),
    "ecu_group_fuse_size_a": _Kind("uint8", 1, range(256), 16, int),
    "ems_control_timeout": _Kind("uint16", 2, _WORD, 30, int),
    "ems_idle_power_threshold": _Kind("uint16", 2, _WORD, 80, int),
    "export_limitation_w": _Kind("uint32", 4, _LONG, 0, int),
    "import_limitation_w": _Kind("uint32", 4, _LONG, 0, int),
    "import_energy_limit_wh": _Kind("uint32", 4, _LONG, 0, int),
    "fallback_charge_limit_w": _Kind("uint32", 4, _LONG, 0, int),
    "fallback_discharge_limit_w": _Kind("uint32", 4, _LONG, 0, int),
    "ledstrip_mode": _Kind("str32", 32, _MODES, "soc", str),
    "ledstrip_bright_max": _Kind("uint32", 4, range(101), 70, int),
    "ledstrip_bright_min": _Kind("uint32", 4, range(101), 20, int),
    "ledstrip_mode_on_hue": _Kind("uint32", 4, range(361), 280, int),
    "ledstrip_mode_on_saturation": _Kind("uint32", 4, range(101), 100, int),
    "ecu_mdns_instance_name": _Kind("str32", 32, ("Homevolt",), "Homevolt", str),
}


class UnknownParameterError(Exception):
    """There is no parameter of this name."""


class InvalidParameterError(Exception):
    """The parameter does not take this value."""


class Parameters:
    """The present values of all parameters."""

    def __init__(self) -> None:
        """Start with the first values, in flash too."""
        self._flash = {name: kind.first for name, kind in _TABLE.items()}
        self._ram = dict(self._flash)

    def __getitem__(self, name: str) -> Value:
        """Return the value that counts; raises UnknownParameterError."""
        if name not in self._ram:
            raise UnknownParameterError(name)
        return self._ram[name]

    @property
    def local(self) -> bool:
        """Return whether local mode is on."""
        return bool(self._ram[LOCAL])

    def set(self, name: str, text: str, *, store: bool = False) -> None:
        """Set a value, for good with `store`; raises UnknownParameterError, InvalidParameterError."""
        kind = _TABLE.get(name)
        if kind is None:
            raise UnknownParameterError(name)
        try:
            value = kind.read(text)
        except (KeyError, ValueError) as error:
            raise InvalidParameterError(text) from error
        if value not in kind.valid:
            raise InvalidParameterError(text)
        self._ram[name] = value
        if store:
            self._flash[name] = value

    def store(self) -> None:
        """Write everything to flash."""
        self._flash = dict(self._ram)

    def reboot(self) -> None:
        """Take everything from flash."""
        self._ram = dict(self._flash)

    def document(self) -> list[dict[str, Any]]:
        """Return `/params.json`; a text is shown bare, all others in a list."""
        return [
            {
                "param_id": number,
                "desc": '"ecu_params"',
                "name": name,
                "size": kind.size,
                "type": kind.type,
                "value": self._ram[name] if kind.type == "str32" else [self._ram[name]],
                "default": kind.first if kind.type == "str32" else [kind.first],
                "help": "",
                "level": 8,
            }
            for number, (name, kind) in enumerate(_TABLE.items(), 4)
        ]
