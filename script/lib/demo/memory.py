"""What the demo remembers from one start to the next, in .demo/demo.json.

The entries in Home Assistant hold the ports of the simulated devices, and the counters of
the house must go on where they were; so both stay as they were at the first start.
"""

from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
import json
from pathlib import Path
from typing import Any, Final, Self
from zoneinfo import ZoneInfo

from .place import Place
from .say import DemoError

_PAST: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class House:
    """The simulated house: where it stands and since when (ISO time) it exists."""

    place: Place
    begin: str
    fine: str
    """Until then it is known by the minute only: a month of seconds would take long."""


@dataclass(slots=True)
class Memory:
    """Ports by the name of what listens there, config entries by the meter or device."""

    house: House | None = None
    ports: dict[str, int] = field(default_factory=dict)
    entries: dict[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Return what was saved, nothing for a first start; raises DemoError when unreadable."""
        if not path.exists():
            return cls()
        try:
            return cls._read(json.loads(path.read_text()))
        except (ValueError, TypeError, KeyError) as error:
            raise DemoError(f"{path} is damaged ({error}); start again with --fresh") from error

    @classmethod
    def _read(cls, data: dict[str, Any]) -> Self:
        saved = data["house"]
        house = House(Place(**saved["place"]), saved["begin"], saved["fine"]) if saved else None
        return cls(house, dict(data["ports"]), dict(data["entries"]))

    def save(self, path: Path) -> None:
        """Write it down, whole or not at all."""
        new = path.with_suffix(".new")
        new.write_text(json.dumps(asdict(self), indent=2) + "\n")
        new.replace(path)


def new_house(place: Place, now: datetime) -> House:
    """Return a house that exists for thirty days, and by the second since yesterday's midnight.

    Today's totals need a beginning.
    """
    local = now.astimezone(ZoneInfo(place.zone))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    fine = (midnight - timedelta(days=1)).astimezone(UTC)
    return House(place, (midnight - _PAST).astimezone(UTC).isoformat(), fine.isoformat())
