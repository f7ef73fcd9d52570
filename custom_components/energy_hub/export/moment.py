"""Which samples of a plant a message shows: one instant for all its inverters, where there is."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final

from ..reading import History, Sample
from .fields import ENERGY_WH, possible

PATIENCE: Final = timedelta(hours=1)
"""How long samples that may be on their way are waited for, when others have come already."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A plant at one instant."""

    at: datetime
    samples: Mapping[str, Sample]
    """Of the inverters that answered, by serial number."""


def is_live(sample: Sample) -> bool:
    """Return whether an inverter answered, rather than only kept its energies."""
    measured = (sample.power_w, sample.frequency_hz, sample.temperature_c, *sample.volts)
    ports = (value for port in sample.ports.values() for value in port[:3])
    return any(value is not None for value in (*measured, *ports))


def moment(history: History, begin: datetime, end: datetime) -> Moment | None:
    """Return a plant within a slot: at the newest label that all inverters who answered share.

    Where they share none, at the newest that all have reached. None when nobody answered.
    """
    found = {
        serial: [one for one in _within(samples, begin, end) if is_live(one)]
        for serial, samples in history.samples.items()
    }
    answered = {serial: samples for serial, samples in found.items() if samples}
    if not answered:
        return None
    labels = [{one.at for one in samples} for samples in answered.values()]
    shared = set.intersection(*labels)
    at = max(shared) if shared else min(max(one) for one in labels)
    reached = {
        serial: [one for one in samples if one.at <= at] for serial, samples in answered.items()
    }
    return Moment(at, {serial: samples[-1] for serial, samples in reached.items() if samples})


def reached(history: History) -> datetime | None:
    """Return up to when everything has come from all inverters that answered at all."""
    return min(
        (
            samples[-1].at
            for samples in history.samples.values()
            if any(is_live(one) for one in samples)
        ),
        default=None,
    )


def newest(history: History) -> datetime | None:
    """Return the newest label at which an inverter answered."""
    labels = (
        next((one.at for one in reversed(samples) if is_live(one)), None)
        for samples in history.samples.values()
    )
    return max((one for one in labels if one is not None), default=None)


def plant_wh(history: History, at: datetime, end: datetime) -> float | None:
    """Return the plant's own word for its energy of the day, at the end of a slot."""
    start = midnight(history, at)
    return max((wh for told, wh in history.today_wh if start <= told < end), default=None)


def midnight(history: History, at: datetime) -> datetime:
    """Return when the day of a moment began at the plant (UTC)."""
    day = at.astimezone(history.zone).date()
    return datetime.combine(day, time(), history.zone).astimezone(UTC)


class Energies:
    """What each port gave since midnight, asked for at moments that only grow.

    It is the most that was said by then: the energy of a day never falls.
    """

    def __init__(self, history: History) -> None:
        """Begin before the first sample."""
        self._history: Final = history
        self._midnight: datetime | None = None
        self._next: dict[str, int] = {}
        self._most: dict[str, dict[int, float]] = {}
        self.fallen = 0
        """How often a port said less than before."""

    def at(self, at: datetime) -> Mapping[str, Mapping[int, float]]:
        """Return the Wh of each port by inverter; nothing of those that said nothing yet."""
        if (start := midnight(self._history, at)) != self._midnight:
            self._midnight = start
            for serial, samples in self._history.samples.items():
                self._next[serial], self._most[serial] = _place(samples, start), {}
        for serial, samples in self._history.samples.items():
            self._learn(serial, samples, at)
        return self._most

    def _learn(self, serial: str, samples: Sequence[Sample], at: datetime) -> None:
        most, place = self._most[serial], self._next[serial]
        while place < len(samples) and samples[place].at <= at:
            for port, one in samples[place].ports.items():
                if (wh := possible(one.energy_wh, ENERGY_WH)) is not None:
                    self.fallen += wh < most.get(port, 0.0)
                    most[port] = max(wh, most.get(port, 0.0))
            place += 1
        self._next[serial] = place


def _within(samples: Sequence[Sample], begin: datetime, end: datetime) -> Sequence[Sample]:
    return samples[_place(samples, begin) : _place(samples, end)]


def _place(samples: Sequence[Sample], at: datetime) -> int:
    return bisect_left(samples, at, key=lambda one: one.at)
