"""The plan of an ECU: who rules, and what the battery does when. Pure.

Source: Tibber's description of the API and its sample; the second layout of the document,
with other names and without `params`, was seen on one firmware.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from ...command import Mode
from .field import expect, number, part, rows, text, whole

MANUAL: Final = "Manual Schedule"
"""The id of a plan that a command on the local network has written."""

TYPE_SLUGS: Final = (
    "idle",
    "inverter_charge",
    "inverter_discharge",
    "grid_charge",
    "grid_discharge",
    "grid_charge_discharge",
    "frequency_reserve",
    "solar_charge",
    "solar_charge_discharge",
    "full_solar_export",
)
"""What the numbers of the types, from 0 on, stand for."""
TYPES: Final[Mapping[int, Mode]] = {number: Mode(one) for number, one in enumerate(TYPE_SLUGS)}
_MOST_W: Final = 1_000_000
_MOST_S: Final = 2**33


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One schedule of a plan: powers in W, states of charge in %, times in UTC."""

    mode: Mode | None
    """None for a type that nobody has described."""
    start: datetime
    end: datetime | None = None
    power_w: int | None = None
    min_soc: int | None = None
    max_soc: int | None = None
    max_charge_w: int | None = None
    max_discharge_w: int | None = None
    import_limit_w: int | None = None
    export_limit_w: int | None = None
    other: frozenset[str] = frozenset()
    """Names of further values, which only a partner sets."""

    def active(self, now: datetime) -> bool:
        """Whether it runs at this moment."""
        return self.start <= now and (self.end is None or now < self.end)


@dataclass(frozen=True, slots=True)
class Plan:
    """What `/schedule.json` says."""

    local: bool | None
    """Whether local mode is on; None where the ECU does not say."""
    id: str | None
    entries: tuple[Entry, ...]

    @property
    def manual(self) -> bool:
        """Whether the plan was written on the local network."""
        return self.id == MANUAL

    def active(self, now: datetime) -> Entry | None:
        """Return the entry that runs at this moment; the first counts."""
        return next((one for one in self.entries if one.active(now)), None)


def read_plan(document: Any) -> Plan:
    """Return the plan of a document; raises ValueError when it is none."""
    expect("local_mode" in part({"": document}, ""), "schedule")
    local = document["local_mode"]
    found = rows(document, "schedule") or rows(document, "entries")
    return Plan(
        local if isinstance(local, bool) else None,
        text(document, "schedule_id"),
        tuple(entry for row in found if (entry := _entry(row)) is not None),
    )


def _entry(row: Mapping[str, Any]) -> Entry | None:
    """Return one entry; None for one without a beginning, which nobody could follow."""
    params = part(row, "params") if "params" in row else row
    start = _moment(row, "from", "from_ts")
    kind = whole(row, "type", low=0, high=255)
    if start is None or kind is None:
        return None
    return Entry(
        mode=TYPES.get(kind),
        start=start,
        end=_moment(row, "to", "to_ts"),
        power_w=_watts(params, "setpoint"),
        min_soc=whole(row, "min", low=0, high=100),
        max_soc=whole(row, "max", low=0, high=100),
        max_charge_w=_watts(params, "max_charge"),
        max_discharge_w=_watts(params, "max_discharge"),
        import_limit_w=_watts(params, "import_limit"),
        export_limit_w=_watts(params, "export_limit"),
        other=frozenset(key for key, value in params.items() if value is not None) - _KNOWN,
    )


_KNOWN: Final = frozenset(
    {
        *("id", "from", "to", "from_ts", "to_ts", "type", "min", "max"),
        *("setpoint", "max_charge", "max_discharge", "import_limit", "export_limit"),
    }
)


def _watts(source: Mapping[str, Any], name: str) -> int | None:
    return whole(source, name, low=-_MOST_W, high=_MOST_W)


def _moment(row: Mapping[str, Any], *names: Sequence[str] | str) -> datetime | None:
    for name in names:
        seconds = number(row, str(name), low=1, high=_MOST_S)
        if seconds is not None:
            return datetime.fromtimestamp(seconds, UTC)
    return None
