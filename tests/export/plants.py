"""What plants remember, as a test wants it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from custom_components.energy_hub.reading import History, PortSample, Sample

BOGOTA = ZoneInfo("America/Bogota")
BRUSSELS = ZoneInfo("Europe/Brussels")


def at(hour: int, minute: int = 0, day: int = 17, zone: tzinfo = BOGOTA) -> datetime:
    """Return a moment of the clock at the plant."""
    return datetime(2026, 6, day, hour, minute, tzinfo=zone)


def port(wh: float | None, volts: float = 30.5, amperes: float = 5.25) -> PortSample:
    """Return an input that works."""
    return PortSample(volts, amperes, volts * amperes, wh)


def asleep(wh: float | None) -> PortSample:
    """Return an input that only keeps its energy."""
    return PortSample(energy_wh=wh)


def sample(when: datetime, ports: Mapping[int, PortSample], **rest: Any) -> Sample:
    """Return an inverter that answers."""
    said = {"power_w": 300.0, "frequency_hz": 60.01, "temperature_c": 41.2, "volts": (120.1,)}
    return Sample(when, **{**said, **rest}, ports=ports)


def silent(when: datetime, ports: Mapping[int, PortSample]) -> Sample:
    """Return an inverter that does not answer."""
    return Sample(when, ports=ports)


def series(
    *hours: float, day: int = 17, ports: Sequence[int] = (1, 2), wh: float = 100.0
) -> list[Sample]:
    """Return an inverter that answers at these hours; each port gives `wh` an hour since 6."""
    midnight = at(0, day=day)
    return [
        sample(
            midnight + timedelta(hours=hour),
            {one: port(wh * (hour - 6)) for one in ports},
        )
        for hour in hours
    ]


def history(**samples: Sequence[Sample]) -> History:
    """Return what a plant in Bogota remembers of these inverters."""
    return History(source="3187654", zone=BOGOTA, samples=samples)
