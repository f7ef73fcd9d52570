"""The smaller documents: the status of the ECU, its error report, its clamps' batteries. Pure.

Sources: Tibber's description of the API; the states of the report are those that users saw.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from .field import expect, number, part, rows, text

_MOST_UP_MS: Final = 1e12
# It says that the owner uses what this is about, not that something is wrong.
_NO_PROBLEM: Final = frozenset({"local_mode_disabled"})
CHECK_STATES: Final = ("ok", "warning", "error")
"""From good to bad; what is "unknown" or new is left out."""


@dataclass(frozen=True, slots=True)
class Status:
    """How the ECU itself is."""

    up_ms: float | None
    firmware: str | None
    wifi_dbm: float | None
    cloud: bool | None
    """Whether the maker's cloud is connected."""


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the error report that is not ok."""

    part: str
    name: str
    state: str
    message: str


@dataclass(frozen=True, slots=True)
class Report:
    """What the ECU's own checks say."""

    checks: tuple[Check, ...]

    @property
    def state(self) -> str:
        """The worst of all states."""
        return max((one.state for one in self.checks), key=CHECK_STATES.index, default="ok")


def read_status(document: Any) -> Status:
    """Return the status; raises ValueError when this is no status."""
    expect("up_time" in part({"": document}, ""), "status")
    connected = part(document, "mqtt_status").get("connected")
    return Status(
        number(document, "up_time", low=0, high=_MOST_UP_MS),
        text(part(document, "firmware"), "esp"),
        number(part(document, "wifi_status"), "rssi", low=-200, high=-1),
        connected if isinstance(connected, bool) else None,
    )


def read_report(document: Any) -> Report:
    """Return the error report; raises ValueError when this is none."""
    expect(isinstance(document, list), "error report")
    return Report(tuple(one for row in rows(document) if (one := _check(row)) is not None))


def _check(row: Mapping[str, Any]) -> Check | None:
    name, state = text(row, "error_name"), text(row, "activated")
    if name is None or name in _NO_PROBLEM or state not in CHECK_STATES[1:]:
        return None
    return Check(text(row, "sub_system_name") or "", name, str(state), text(row, "message") or "")


def read_volts(document: Any) -> float | None:
    """Return the voltage of a clamp's battery; raises ValueError when this is no node."""
    expect("node" in part({"": document}, ""), "node")
    return number(part(document, "node"), "battery_voltage", low=0.1, high=20)


def read_limits(document: Any) -> Mapping[str, Any]:
    """Return the parameters by name; raises ValueError when this is no list of them.

    A value stands in a list, a text may stand bare.
    """
    expect(isinstance(document, list), "parameters")
    return {name: _bare(row.get("value")) for row in rows(document) if (name := text(row, "name"))}


def _bare(value: Any) -> Any:
    if isinstance(value, Sequence) and not isinstance(value, str) and len(value) == 1:
        return value[0]
    return value
