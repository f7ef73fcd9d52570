"""The command line of `sched_set` and `sched_add`, as the console's own help describes it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from .schedule import Entry, Type

_SHORT: Final[Mapping[str, str]] = {
    "s": "setpoint",
    "c": "max_charge",
    "d": "max_discharge",
    "l": "import_limit",
    "x": "export_limit",
    "o": "offline",
    "i": "idle_threshold_power",
    "r": "discharge_threshold_power",
}
_TIMES: Final = frozenset({"from", "to", "import_energy_limit_from", "import_energy_limit_to"})
_NUMBERS: Final = frozenset(_SHORT.values()) - {"offline"} | {
    "min",
    "max",
    "main_fuse",
    "charge_ramp_up",
    "discharge_ramp_up",
    "import_energy_limit",
    "import_energy_max_compensation",
}
_KNOWN: Final = _TIMES | _NUMBERS | {"offline"}


class CommandError(Exception):
    """The console refuses a command; the text is what it prints before it says so."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a command line asks for; times are epoch seconds."""

    type: int
    values: Mapping[str, Any]

    def entry(self, now_s: int, kind: Type) -> Entry:
        """Return the schedule; without a start it begins now."""
        apart = {"from", "to", "min", "max"}
        return Entry(
            kind,
            self.values.get("from", now_s),
            self.values.get("to"),
            self.values.get("min"),
            self.values.get("max"),
            {key: value for key, value in self.values.items() if key not in apart},
        )


def parse(words: Sequence[str], zone: ZoneInfo) -> Wanted:
    """Return what the words after the verb ask for; raises CommandError."""
    values: dict[str, Any] = {}
    places: list[str] = []
    rest = iter(words)
    for word in rest:
        if not word.startswith("-"):
            places.append(word)
            continue
        name, value = _option(word, rest)
        if name == "offline":
            values[name] = True
        else:
            values[name] = _epoch_s(value, zone) if name in _TIMES else _number(value)
    if len(places) != 1:
        raise CommandError("missing option <type>")
    return Wanted(_number(places[0]), values)


def _option(word: str, rest: Iterator[str]) -> tuple[str, str]:
    """Return the long name of an option and its value: `--min=5`, `--min 5`, `-s 5` or `-s5`."""
    if word.startswith("--"):
        name, equals, value = word[2:].partition("=")
    else:
        name, equals, value = _SHORT.get(word[1:2], ""), word[2:3], word[2:]
    if name not in _KNOWN:
        raise CommandError(f"invalid option {word!r}")
    if name != "offline" and not equals:
        value = next(rest, "")
    return name, value


def _number(text: str) -> int:
    return _read(int, text)


def _epoch_s(text: str, zone: ZoneInfo) -> int:
    """Return the moment at which the ECU's clock shows this, the first one if there are two."""
    return int(_read(datetime.fromisoformat, text).replace(tzinfo=zone).timestamp())


def _read[T](reader: Callable[[str], T], text: str) -> T:
    try:
        return reader(text)
    except ValueError:
        raise CommandError(f"invalid argument {text!r}") from None
