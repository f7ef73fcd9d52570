"""Asks the cloud what is due, one call after the other, and gives the answers to the plants."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from ...counters import Counters
from .absorb import absorb
from .cloud import Cloud
from .daylight import DEGREES_AN_HOUR, Place
from .errors import BadAnswerError, CloudRefusedError
from .fresh import validity
from .model import Status
from .pace import Fleet, Pace
from .period import RunningTotal
from .plan import CLOSING, WAKING, Agenda, Job, Task
from .plant import PlantState
from .zone import async_plant_zone

_DAY: Final = timedelta(days=1)
_HALF_DAY: Final = timedelta(hours=12)
_HOUR: Final = timedelta(hours=1)
_DARK_STEP: Final = timedelta(minutes=15)
_DAY_MINUTES: Final = 24 * 60
_AHEAD_MINUTES: Final = 10
# Where nothing is known of a plant; and what a plant of unknown size can give, in kW.
_WAKING_MINUTES: Final = 16.0 * 60
_MOST_KW: Final = 1_000.0
_STEP_KWH: Final = 0.001


class Asker:
    """What is known of the plants of an entry, and the way to learn more."""

    def __init__(
        self, hass: HomeAssistant, cloud: Cloud, pace: Pace, counters: Counters, zone: str | None
    ) -> None:
        """Prepare; `zone` is what the user chose for plants that name a wrong one."""
        self._hass = hass
        self._cloud = cloud
        self._counters = counters
        self._zone = zone
        self.pace: Final = pace
        self.agenda: Final = Agenda()
        self.states: Final[dict[int, PlantState]] = {}
        self.doubtful: Final[set[int]] = set()
        """Plants whose summer time is a guess."""

    def take(self, plants: Mapping[int, PlantState], now: datetime) -> None:
        """Read these plants and no others from now on."""
        for gone in self.states.keys() - plants.keys():
            del self.states[gone]
        self.states.update(plants)
        for plant in plants:
            for task in (Task.INVERTERS, Task.STATUS, Task.LIVE):
                self.agenda.add(task, now, plant)
            self._add_days(plant, now)
        self._keep()

    def due(self, now: datetime) -> Job | None:
        """Return the call to make next, if any is due; what failed comes after what did not."""
        jobs = [job for job in self.agenda if job.due <= now and self._is_worth(job, now)]
        return min(jobs, key=lambda one: (one.failures > 0, one.due), default=None)

    def next_due(self, now: datetime) -> datetime:
        """Return when the next call is due, as far as that can be seen."""
        times = (job.due for job in self.agenda if self._is_worth(job, now))
        return min(times, default=now + _HOUR)

    async def ask(self, job: Job) -> None:
        """Make a call; raises DeviceError. What it costs is up to the pace."""
        now = dt_util.utcnow()
        state = self.states[job.plant or 0]
        every = self.every(job, now)
        match job.task:
            case Task.INVERTERS:
                await self._inverters(state, now)
            case Task.STATUS:
                await self._status(state, now, every)
            case Task.LIVE:
                await self._live(state, now, every)
            case Task.DAY:
                await self._day(state, job, now, every)
            case _:
                await self._yesterday(state, now)
        if job.task in CLOSING and (state.is_dark(now) or state.is_resting(now)):
            job.closed = _evening(state, now)

    def every(self, job: Job, now: datetime) -> timedelta:
        """Return the interval of a call."""
        return self.pace.every(job.task, self._step(job, now), self.fleet(now), now)

    def _step(self, job: Job, now: datetime) -> timedelta:
        """Return how often there can be something new."""
        if job.plant is None:
            return _HOUR
        state = self.states[job.plant]
        return max(state.step, _DARK_STEP) if state.is_dark(now) else state.step

    def lifetime(self, now: datetime) -> timedelta:
        """Return how long the newest values outlive the call that brought them."""
        step = max((one.step for one in self.states.values()), default=_HOUR)
        return validity(self.pace.every(Task.LIVE, step, self.fleet(now), now), step)

    def least(self, job: Job, now: datetime) -> timedelta:
        """Return how long to wait after its first failure."""
        return self.pace.least(job.task, self._step(job, now), self.fleet(now), now)

    def fleet(self, now: datetime) -> Fleet:
        """Return how much there is to ask about."""
        places = (one.place for one in self.states.values() if one.place is not None)
        place = next(places, None)
        return Fleet(
            plants=len(self.states),
            inverters=sum(len(one.inverters) for one in self.states.values()),
            waking_minutes=place.waking_minutes(now) if place else _WAKING_MINUTES,
        )

    def _is_worth(self, job: Job, now: datetime) -> bool:
        """Return whether a call can bring something new."""
        if job.plant is None:
            return True
        state = self.states[job.plant]
        if job.task in (Task.LIVE, Task.DAY, Task.YESTERDAY) and state.zone is None:
            return False
        if job.task in (Task.DAY, Task.YESTERDAY) and not state.inverters:
            return False
        if job.task not in WAKING or job.done is None or not state.is_resting(now):
            return True
        return job.task in CLOSING and not job.is_closed(_evening(state, now))

    async def _inverters(self, state: PlantState, now: datetime) -> None:
        others = {
            inverter.serial
            for one in self.states.values()
            for inverter in one.inverters
            if one is not state
        }
        found = await self._cloud.inverters(state.plant.id)
        state.learn_inverters([one for one in found if one.serial not in others])
        self._add_days(state.plant.id, now)
        self._keep()

    async def _status(self, state: PlantState, now: datetime, every: timedelta) -> None:
        status = await self._cloud.status(state.plant.id)
        home = dt_util.get_default_time_zone()
        zone, doubtful = await async_plant_zone(status, now, home, self._zone)
        state.zone = zone or state.zone or home
        (self.doubtful.add if doubtful else self.doubtful.discard)(state.plant.id)
        state.place = self._place(state, status, now)
        state.capacity_kw = status.capacity_kw or state.capacity_kw
        state.learn_flags(status.flags, now, every)

    def _place(self, state: PlantState, status: Status, now: datetime) -> Place:
        """Return where a plant is: what it says, where we are, or a guess by its clock."""
        place, clock = _said(status), status.offset
        if place is not None and (clock is None or place.has_clock(clock)):
            return place
        config = self._hass.config
        offset = state.local(now).utcoffset() or timedelta()
        if dt_util.as_local(now).utcoffset() == offset:
            return Place(config.latitude, config.longitude)
        return Place(config.latitude, DEGREES_AN_HOUR * (offset / _HOUR), exact=False)

    async def _live(self, state: PlantState, now: datetime, every: timedelta) -> None:
        today = state.local(now).date()
        if self._cloud.by_inverter:
            await self._roll(state, today)
        live = await self._cloud.live(state.plant.id)
        state.learn_live(live, now, every)
        if state.running is not None:
            today_wh = state.today_wh(now)
            state.running.learn(today, today_wh)
            if today_wh is not None or state.running.wh:
                state.total_kwh = state.running.wh / 1000
        elif live.total_wh is not None:
            state.total_kwh = self._counters.update(
                f"{state.plant.id}/energy_total",
                live.total_wh / 1000,
                at=live.local.replace(tzinfo=state.zone).astimezone(UTC) if live.local else now,
                seen=now,
                max_per_hour=1.5 * (state.capacity_kw or _MOST_KW),
                step=_STEP_KWH,
            )

    async def _roll(self, state: PlantState, today: date) -> None:
        """Close the days before today, by what the cloud says of them if it does."""
        if state.running is None:
            state.running = RunningTotal(today)
        elif state.running.day < today:
            try:
                past = await self._cloud.past(state.plant.id, today)
            except BadAnswerError, CloudRefusedError:
                past = {}
            state.running.roll(today, past)

    async def _day(self, state: PlantState, job: Job, now: datetime, every: timedelta) -> None:
        """Learn the day that goes on, or the one that ended if its end was not seen."""
        local = state.local(now)
        day = _evening(state, now) if state.is_resting(now) else local.date()
        await self._learn(state, job.serial, day, every)

    async def _yesterday(self, state: PlantState, now: datetime) -> None:
        day = state.local(now).date() - _DAY
        if day not in state.days:
            await self._learn(state, None, day, _DAY)

    async def _learn(
        self, state: PlantState, serial: str | None, day: date, every: timedelta
    ) -> None:
        local = state.local(dt_util.utcnow())
        today = day == local.date()
        until = 60 * local.hour + local.minute + _AHEAD_MINUTES if today else _DAY_MINUTES
        inverters = [one for one in state.inverters if serial in {None, one.serial}]
        answer = await self._cloud.day(state.plant.id, day, until, inverters)
        if answer.strangers:
            self._look_for_strangers(state)
        state.learn_asked(one.serial for one in inverters)
        if answer.series:
            packed, newest = await self._hass.async_add_executor_job(
                absorb, state.days.get(day), answer.series
            )
            state.learn_day(day, packed, newest, dt_util.utcnow(), every)

    def _look_for_strangers(self, state: PlantState) -> None:
        """Ask for the list of inverters soon: there is one that is not in it."""
        now = dt_util.utcnow()
        job = self.agenda.add(Task.INVERTERS, now, state.plant.id)
        if job.done is None or now - job.done >= _HOUR:
            job.due = min(job.due, now)

    def _add_days(self, plant: int, now: datetime) -> None:
        if not self._cloud.by_inverter:
            self.agenda.add(Task.DAY, now, plant)
            self.agenda.add(Task.YESTERDAY, now, plant)
            return
        for inverter in self.states[plant].inverters:
            self.agenda.add(Task.DAY, now, plant, inverter.serial)

    def _keep(self) -> None:
        serials = {
            plant: {one.serial for one in state.inverters} for plant, state in self.states.items()
        }
        self.agenda.keep(set(self.states), serials)


def _said(status: Status) -> Place | None:
    """Return where a plant says that it is."""
    if status.latitude is None or status.longitude is None:
        return None
    return Place(status.latitude, status.longitude)


def _evening(state: PlantState, now: datetime) -> date:
    """Return the day to which the last evening belongs, until noon."""
    return (state.local(now) - _HALF_DAY).date()
