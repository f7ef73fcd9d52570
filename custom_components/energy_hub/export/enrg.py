"""Messages for ENRG from what is remembered of a plant. Pure; nothing is shared between plants.

What is not known is null, unless the platform was said to want something else; a value that
cannot be true is not known. docs/enrg-openapi.yaml describes the keys.
"""

from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from ..reading import Flags, History
from .device import Notes, extension, filled, measured
from .fields import ENERGY_KWH, FLAGS, possible
from .form import Choice, Compatibility, Form, TimeMode, Unknown
from .moment import PATIENCE, Energies, Moment, moment, newest, plant_wh, reached
from .record import Message, Origin, Slot
from .slots import clock_text, floor, slots

KIND: Final = "micro-inverter"
VERSION: Final = "2026.1"
_MEANS: Final = (Origin.SHORT_STATISTICS, Origin.LONG_STATISTICS)


@dataclass(slots=True)
class Built:
    """The messages of a span, oldest first."""

    messages: list[Message] = field(default_factory=list)
    gaps: list[datetime] = field(default_factory=list)
    """Slots in which nobody answered, between two others of the same day."""
    notes: Notes = field(default_factory=Notes)


def build(
    history: History,
    choice: Choice,
    form: Form,
    start: datetime,
    end: datetime,
    now: datetime,
    origin: Origin = Origin.LIVE,
) -> Built:
    """Return the messages of the slots that begin in a span and are complete.

    A slot is complete when it is over and all inverters were heard of since, or when that
    did not happen for long enough.
    """
    maker = _Maker(history, choice, form, origin, now)
    built = Built(notes=maker.notes)
    silent: list[datetime] = []
    last: datetime | None = None
    for begin, finish in slots(start, end, form.interval, history.zone):
        if not maker.is_complete(finish):
            break
        if (found := moment(maker.history, begin, finish)) is None:
            silent.append(begin)
            continue
        if last is not None and _day(last, history) == _day(begin, history):
            built.gaps += [one for one in silent if one > last]
        last = begin
        built.messages.append(maker.message(found, begin, finish))
    return built


def preview(history: History, choice: Choice, form: Form, now: datetime) -> Message | None:
    """Return what would be sent of the newest slot if it ended now; None without any sample."""
    maker = _Maker(history, choice, form, Origin.LIVE, now)
    last = newest(maker.history)
    if last is None:
        return None
    begin = floor(last, form.interval, history.zone)
    finish = begin + form.interval
    found = moment(maker.history, begin, finish)
    return None if found is None else maker.message(found, begin, finish)


class _Maker:
    """Makes the messages of one plant, slot after slot."""

    def __init__(
        self, history: History, choice: Choice, form: Form, origin: Origin, now: datetime
    ) -> None:
        self.history: Final = _chosen(history, choice)
        self.notes: Final = Notes()
        self._choice: Final = choice
        self._form: Final = form
        self._origin: Final = origin
        self._now: Final = now
        self._reached: Final = reached(self.history)
        self._energies: Final = Energies(self.history)
        self._most_wh: tuple[object, float] = (None, 0.0)
        self._fallen = 0

    def is_complete(self, finish: datetime) -> bool:
        """Return whether nothing of a slot is on its way any more."""
        if self._now < finish:
            return False
        heard = self._reached is not None and self._reached >= finish
        return heard or self._now >= finish + PATIENCE

    def message(self, found: Moment, begin: datetime, finish: datetime) -> Message:
        """Return the message of a slot."""
        energies = self._energies.at(found.at)
        text = self._text(begin, found.at)
        payload = {
            "GENERATION": self._generation(energies, found.at, finish),
            "ID_PLANT": self._choice.id,
            "DATE_GENERATION": text,
            "STATE_OPERATION": self._state(finish) | {"LAST_AT": text},
            "INFORMATION_MICRO_INVERTERS": [
                self._device(serial, found, begin, energies[serial])
                for serial in sorted(self.history.samples)
            ],
        }
        self.notes.fallen = self._energies.fallen + self._fallen
        if self._form.compatibility is Compatibility.EXTENDED:
            payload |= self._extension(found)
        return Message(Slot(KIND, self._choice.id, begin), payload, self._origin)

    def _text(self, begin: datetime, at: datetime) -> str:
        shown = begin if self._form.time_mode is TimeMode.SLOT else at
        return clock_text(shown, self.history.zone)

    def _generation(
        self, energies: Mapping[str, Mapping[int, float]], at: datetime, finish: datetime
    ) -> float | None:
        """Return the energy of the day, kWh: what the inverters say, else what the plant says."""
        said = [wh for ports in energies.values() for wh in ports.values()]
        wh = sum(said) if said else plant_wh(self.history, at, finish)
        wh = None if wh is None else self._risen(wh, _day(at, self.history))
        kwh = None if wh is None else possible(wh / 1000, ENERGY_KWH, self._form.decimals)
        return 0.0 if kwh is None and self._form.unknown is Unknown.ZERO else kwh

    def _risen(self, wh: float, day: object) -> float:
        """Return the energy of a day, never less than it was: who is asked may have changed."""
        known = self._most_wh[1] if self._most_wh[0] == day else 0.0
        self._fallen += wh < known
        self._most_wh = (day, max(wh, known))
        return self._most_wh[1]

    def _state(self, finish: datetime) -> dict[str, Any]:
        """Return the flags of the plant: what holds now says nothing of a slot long ago."""
        recent = self._now < finish + PATIENCE + self._form.interval
        flags = dict(zip(FLAGS, astuple(self.history.flags if recent else Flags()), strict=True))
        if self._form.unknown is Unknown.ZERO:
            return {name: bool(flag) for name, flag in flags.items()}
        return flags

    def _device(
        self, serial: str, found: Moment, begin: datetime, energies: Mapping[int, float]
    ) -> dict[str, Any]:
        form, sample = self._form, found.samples.get(serial)
        types = self._choice.types.get(serial, (form.type_inverter, form.type_device))
        row = {
            "DATE": self._text(begin, found.at if sample is None else sample.at),
            "ID_DEVICE": serial,
            **filled(measured(serial, sample, self.notes), form.unknown),
            "TYPE_INVERTER": types[0],
            "TYPE_DEVICE": types[1],
        }
        if form.compatibility is Compatibility.EXTENDED:
            row |= extension(sample, energies, mean=self._origin in _MEANS)
        return row

    def _extension(self, found: Moment) -> dict[str, Any]:
        """Return what a plant says beside the known keys."""
        more: dict[str, Any] = {
            "SCHEMA_VERSION": VERSION,
            "DATE_UTC": found.at.astimezone(UTC).isoformat(),
            "INTERVAL_SECONDS": self._form.interval // timedelta(seconds=1),
            "ORIGIN": self._origin.value,
            "GENERATION_TOTAL": next(self._totals(found.at), None),
        }
        if isinstance(self.history.zone, ZoneInfo):
            more["TIMEZONE"] = self.history.zone.key
        return more

    def _totals(self, at: datetime) -> Iterator[float]:
        """Yield what the counter of the plant said, the newest first."""
        for reading in reversed(self.history.readings):
            if reading.at <= at and reading.to_house_kwh is not None:
                yield round(reading.to_house_kwh, 3)


def _chosen(history: History, choice: Choice) -> History:
    samples = {
        serial: one for serial, one in history.samples.items() if serial not in choice.left_out
    }
    return replace(history, samples=samples)


def _day(at: datetime, history: History) -> object:
    return at.astimezone(history.zone).date()
