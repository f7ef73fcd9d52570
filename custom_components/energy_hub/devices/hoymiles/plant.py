"""Everything that is known of one plant, and what of it is still true. Knows no cloud."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final, NamedTuple

from ...reading import Flags
from .absorb import NO_PORT, Newest
from .daylight import Place
from .fresh import Fresh, validity
from .history import Began, Remembered
from .model import Inverter, Live, Plant
from .period import Period, RunningTotal
from .views import InverterView, PlantView, PortView, View

# An inverter that is so far behind the others does not count for the plant's power.
_BEHIND_MINUTES: Final = 45
_NOON: Final = 12
# When it is night wherever a plant stands that did not say where.
_NIGHT_HOUR: Final = 4
_NIGHT_LASTS: Final = timedelta(minutes=15)
_SAMPLE: Final = timedelta(minutes=5)
_TWO_DAYS: Final = timedelta(days=2)


class Power(NamedTuple):
    """A plant's power in W, when it was measured, and how long it may be called the present."""

    watts: float | None = None
    at: datetime | None = None
    until: datetime | None = None


@dataclass(slots=True)
class _InverterState:
    newest: Newest | None = None
    day: date = date.min
    fresh: Fresh = field(default_factory=Fresh)
    ports: dict[int, Period] = field(default_factory=dict)


class PlantState:
    """One plant of an entry."""

    def __init__(self, plant: Plant) -> None:
        """Start with what the list of plants says."""
        self.plant: Final = plant
        self.inverters: tuple[Inverter, ...] = ()
        self.zone: tzinfo | None = None
        self.place: Place | None = None
        self.capacity_kw: float | None = None
        self.total_kwh: float | None = None
        self.running: RunningTotal | None = None
        """Where the cloud has no total of its own."""
        self.step = _SAMPLE
        """Time between two samples, as far as was seen."""
        self.days: dict[date, bytes] = {}
        """The series of the last two days, packed."""
        self._told: list[tuple[datetime, float]] = []
        self._rest: tuple[datetime | None, bool] = None, False
        self._flags = Flags()
        self._flags_until: datetime | None = None
        self._live = Live()
        self._live_fresh = Fresh()
        self._sum_w: float | None = None
        self._sum_fresh = Fresh()
        self._today, self._month, self._year = Period(), Period(), Period()
        self._states: dict[str, _InverterState] = {}

    def local(self, now: datetime) -> datetime:
        """Return the plant's own clock; UTC before its zone is known."""
        return now.astimezone(self.zone or UTC)

    def is_dark(self, now: datetime) -> bool:
        """Return whether nothing can come from it."""
        return self.place is not None and self.place.dark(now)

    def is_resting(self, now: datetime) -> bool:
        """Return whether it is not worth asking."""
        minute = now.replace(second=0, microsecond=0)
        if self._rest[0] != minute:
            self._rest = minute, self.place is not None and self.place.resting(now)
        return self._rest[1]

    def at(self, day: date, minute: int) -> datetime:
        """Return the moment of a label; of an hour that comes twice, the first."""
        local = datetime.combine(day, time(*divmod(minute, 60)), self.zone or UTC)
        return local.astimezone(UTC)

    def learn_inverters(self, found: Sequence[Inverter]) -> None:
        """Take over a list of inverters; an empty one after a full one is a fault of the cloud."""
        if found or not self.inverters:
            self.inverters = tuple(found)

    def learn_flags(self, flags: Flags, now: datetime, poll: timedelta) -> None:
        """Take over what the cloud thinks of the plant."""
        self._flags, self._flags_until = flags, now + validity(poll, _SAMPLE)

    def learn_live(self, live: Live, now: datetime, poll: timedelta) -> None:
        """Take over the plant's own figures; they belong to the day on which they were taken."""
        self._live = live
        local = live.local
        if local is not None:
            at = local.replace(tzinfo=self.zone or UTC).astimezone(UTC)
            self._live_fresh.learn(at, now, validity(poll, self.step))
        elif live.today_wh:
            # The key API does not say when; and 0 is what it says of a day without news.
            local = self.local(now)
        if local is not None and local.date() <= self.local(now).date():
            day = local.date()
            self._today.learn(day, live.today_wh)
            self._note(local, live.today_wh)
            self._month.learn(day.replace(day=1), live.month_wh)
            self._year.learn(day.replace(month=1, day=1), live.year_wh)

    def _note(self, local: datetime, wh: float | None) -> None:
        """Keep what the plant says of its energy since midnight, if its inverters say nothing."""
        if wh is None or self._is_counted():
            return
        at = local.replace(tzinfo=self.zone or UTC).astimezone(UTC)
        if not self._told or at > self._told[-1][0]:
            self._told.append((at, wh))
        while self._told[-1][0] - self._told[0][0] > _TWO_DAYS:
            del self._told[0]

    def _is_counted(self) -> bool:
        """Return whether its inverters say what they gave."""
        return any(one.start for state in self._states.values() for one in state.ports.values())

    def learn_asked(self, serials: Iterable[str]) -> None:
        """Note that these inverters were asked for, whether or not they said something."""
        for serial in serials:
            self._states.setdefault(serial, _InverterState())

    def learn_day(
        self, day: date, packed: bytes, found: Mapping[str, Newest], now: datetime, poll: timedelta
    ) -> None:
        """Take over the series of a day, and the newest of the inverters that are in an answer."""
        self.days[day] = packed
        for old in sorted(self.days)[:-2]:
            del self.days[old]
        for serial, newest in found.items():
            state = self._states[serial]
            for port in newest.ports:
                state.ports.setdefault(port, Period()).learn(day, newest.port(port).wh)
            if newest.step:
                self.step = timedelta(minutes=newest.step)
            at = self.at(day, newest.minute)
            if state.fresh.learn(at, now, validity(poll, self.step)):
                state.newest, state.day = newest, day
        self._learn_sum(now, poll)

    def _learn_sum(self, now: datetime, poll: timedelta) -> None:
        """Add the inverters up at the newest label that all who report have in common."""
        if any(one.serial not in self._states for one in self.inverters):
            # Without one that is still to be asked it would be too little.
            return
        known = [self._states[one.serial] for one in self.inverters]
        last = max((one.day for one in known), default=None)
        rows = [one.newest for one in known if one.newest is not None and one.day == last]
        if last is None or not rows:
            return
        newest = max(one.minute for one in rows)
        rows = [one for one in rows if newest - one.minute <= _BEHIND_MINUTES]
        minute = min(one.minute for one in rows)
        powers = [power for one in rows if (power := one.power_at(minute)) is not None]
        if len(powers) == len(rows) and self._sum_fresh.learn(
            self.at(last, minute), now, validity(poll, self.step)
        ):
            self._sum_w = sum(powers)

    def remembered(self, days: Mapping[date, bytes], now: datetime) -> Remembered | None:
        """Return what is known of some days; None before it is known where its midnight is."""
        if self.zone is None:
            return None
        return Remembered(
            source=str(self.plant.id),
            zone=self.zone,
            step=self.step,
            serials=tuple(one.serial for one in self.inverters),
            days={**self.days, **days},
            wanted=frozenset(days),
            began=self._began(),
            told=() if self._is_counted() else tuple(self._told),
            flags=self._flags_now(now),
        )

    def _began(self) -> Began | None:
        """Return the counter at the newest midnight at which it can be told."""
        if self.total_kwh is None:
            return None
        if self.running is not None:
            return Began(self.running.day, self.running.before_wh / 1000)
        today = self._today
        if today.start is None or today.wh is None:
            return None
        return Began(today.start, self.total_kwh - today.wh / 1000)

    def _flags_now(self, now: datetime) -> Flags:
        valid = self._flags_until is not None and now < self._flags_until
        return self._flags if valid or self.is_resting(now) else Flags()

    def views(self, now: datetime, *, detail: bool) -> Iterator[tuple[str, View]]:
        """Yield what is true now of the plant, its inverters and, in detail, ports, by part."""
        yield str(self.plant.id), self._view(now)
        today, untouched = self.local(now).date(), self._is_untouched(now)
        for inverter in self.inverters:
            state = self._states.get(inverter.serial) or _InverterState()
            newest = state.newest if state.fresh.is_true(now) else None
            energies = []
            for port in self.ports_of(inverter):
                wh = state.ports.get(port, Period()).of(today, untouched=untouched)
                energies.append(wh)
                if detail:
                    sample = newest.port(port) if newest else NO_PORT
                    view = PortView(sample.voltage, sample.current, sample.power, _kwh(wh))
                    yield f"{inverter.serial}_{port}", view
            yield inverter.serial, _inverter_view(newest, energies)

    def ports_of(self, inverter: Inverter) -> tuple[int, ...]:
        """Return the ports of an inverter: those of the list, and those that were seen."""
        state = self._states.get(inverter.serial)
        return tuple(sorted({*inverter.ports, *(state.ports if state else ())}))

    def changes_at(self, now: datetime) -> datetime | None:
        """Return when something that is true now will not be any more."""
        times = [self._live_fresh.until, self._sum_fresh.until, self._flags_until]
        times += [one.fresh.until for one in self._states.values()]
        return min((one for one in times if one is not None and one > now), default=None)

    def power(self, now: datetime) -> Power:
        """Return the power now, of the night too."""
        if self._live_fresh.is_true(now) and self._live.power_w is not None:
            return Power(self._live.power_w, self._live_fresh.at, self._live_fresh.until)
        if self._sum_fresh.is_true(now):
            return Power(self._sum_w, self._sum_fresh.at, self._sum_fresh.until)
        return Power(0.0, now, now + _NIGHT_LASTS) if self.is_dark(now) else Power()

    def today_wh(self, now: datetime) -> float | None:
        """Return the energy of today; the sum of the ports where the plant itself is silent."""
        today, untouched = self.local(now).date(), self._is_untouched(now)
        own = self._today.of(today, untouched=untouched)
        if own is not None:
            return own
        states = [self._states.get(one.serial) for one in self.inverters]
        energies = [_sum(state.ports.values(), today) if state else None for state in states]
        known = [one for one in energies if one is not None]
        return sum(known) if known and len(known) == len(energies) else None

    def _view(self, now: datetime) -> PlantView:
        local, untouched = self.local(now), self._is_untouched(now)
        month, year = local.date().replace(day=1), local.date().replace(month=1, day=1)
        return PlantView(
            power_w=self.power(now).watts,
            today_kwh=_kwh(self.today_wh(now)),
            month_kwh=_kwh(self._month.of(month, untouched=untouched)),
            year_kwh=_kwh(self._year.of(year, untouched=untouched)),
            total_kwh=self.total_kwh,
            flags=self._flags_now(now),
            last_data=self._last_data(),
        )

    def _last_data(self) -> datetime | None:
        times = [self._live_fresh.at, *(one.fresh.at for one in self._states.values())]
        return max((one for one in times if one is not None), default=None)

    def _is_untouched(self, now: datetime) -> bool:
        """Return whether the sun has not been up yet today."""
        hour = self.local(now).hour
        if self.place is None or not self.place.exact:
            return hour < _NIGHT_HOUR
        return hour < _NOON and self.place.dark(now)


def _inverter_view(newest: Newest | None, energies: Sequence[float | None]) -> InverterView:
    known = [one for one in energies if one is not None]
    today = _kwh(sum(known)) if known else None
    if newest is None:
        return InverterView(None, None, None, (), today)
    return InverterView(newest.power, newest.frequency, newest.temperature, newest.volts, today)


def _sum(ports: Iterable[Period], today: date) -> float | None:
    known = [wh for one in ports if (wh := one.of(today, untouched=False)) is not None]
    return sum(known) if known else None


def _kwh(wh: float | None) -> float | None:
    return None if wh is None else wh / 1000
