"""One account or key of the cloud: its plants, asked in turn, each true or unknown by itself."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, override

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed
from homeassistant.helpers.update_coordinator import UpdateFailed
from homeassistant.util import dt as dt_util

from ...const import CONF_DEVICE_ID
from ...coordinator import HubConfigEntry, HubCoordinator, Part
from ...entity import async_device_id
from ...errors import (
    CannotConnectError,
    DeviceError,
    InvalidAuthError,
    NoAnswerError,
    UnexpectedError,
)
from ...memory import memory_store
from ...reading import Flow, History, Reading, Roof, Shown
from .access import cloud_for
from .asker import Asker
from .diagnostics import diagnostics
from .errors import AccountLockedError, BadAnswerError, NoCallsLeftError, SlowDownError
from .history import history
from .info import cloud_info
from .issues import Issues
from .key import Key
from .memory import async_recall, plants_from, remembered
from .metrics import KEY_METRICS, plant_part
from .model import Plant
from .options import CONF_ZONE, chosen_plants, in_detail, key_plan
from .pace import KeyPace, Pace
from .pages import Pages, async_enable, async_remove_pages, other_owner
from .past import Past
from .plan import Job, Task
from .plant import PlantState
from .views import CloudView, View

_LONGEST_PAUSE: Final = timedelta(minutes=5)
_SHORTEST_PAUSE: Final = timedelta(seconds=1)
# How long the cloud may be away before that is called an outage: values outlive less.
_GRACE: Final = timedelta(minutes=15)
_FIRST_SECONDS: Final = 10
_PASS_SECONDS: Final = 60
_SAVE_EVERY: Final = timedelta(minutes=5)
_FIRST_SAVE: Final = timedelta(seconds=10)
# So many calls in a row that reach nobody end a pass: the others would not either.
_PATIENCE: Final = 2
_OUTAGE_PAUSE: Final = timedelta(minutes=1)
_LONGEST_OUTAGE_PAUSE: Final = timedelta(minutes=16)


class HoymilesCoordinator(HubCoordinator[Mapping[str, View]]):
    """Reads the plants of one entry."""

    def __init__(self, hass: HomeAssistant, entry: HubConfigEntry) -> None:
        """Prepare the account or key that the entry was made for."""
        super().__init__(hass, entry, _LONGEST_PAUSE)
        self._cloud = cloud_for(hass, entry.data, key_plan(entry.options))
        is_key = isinstance(self._cloud, Key)
        pace = KeyPace(self._cloud.budget) if isinstance(self._cloud, Key) else Pace()
        zone = entry.options.get(CONF_ZONE)
        self._asker = Asker(hass, self._cloud, pace, self.counters, zone)
        self._pages = Pages(
            Part(
                entry.data[CONF_DEVICE_ID],
                cloud_info(entry.data[CONF_DEVICE_ID]),
                KEY_METRICS if is_key else (),
            )
        )
        self._issues = Issues(hass, entry)
        self._store = memory_store(hass, entry)
        self._saved: datetime | None = None
        self._views: dict[str, View] = {}
        self.all_plants: Sequence[Plant] = ()
        """The plants that the account or key sees, read or not."""
        self._turn = asyncio.Lock()
        """Held by whoever asks the cloud: one call after the other."""
        self._past = Past(hass, self._cloud, self._turn, self._paused)
        self._pause_until: datetime | None = None
        self._success: datetime | None = None
        self._failed: DeviceError | None = None
        self._detail: set[int] = set()
        self._recalled: Mapping[str, Any] = {}
        self._parts_of: dict[int, set[str]] = {}
        self._outages = 0
        self._changed: set[str] = set()
        self._was_well = True

    @property
    @override
    def parts(self) -> Sequence[Part]:
        return self._pages.parts

    @override
    def view(self, part: Part) -> View | None:
        if part.child is not None:
            return self._views.get(part.child)
        left = self._cloud.budget.left(dt_util.utcnow()) if isinstance(self._cloud, Key) else None
        return CloudView(left)

    @property
    @override
    def readings(self) -> Sequence[Reading]:
        if not self.last_update_success:
            return ()
        now = dt_util.utcnow()
        return tuple(_reading(state, now) for state in self._asker.states.values())

    @override
    def shown(self, reading: Reading) -> Shown:
        return Shown(power=f"{reading.source}_power", to_house=f"{reading.source}_energy_total")

    @property
    @override
    def roofs(self) -> Sequence[Roof]:
        plants = self._asker.states.values()
        return tuple(
            Roof(one.plant.name, one.capacity_kw * 1000) for one in plants if one.capacity_kw
        )

    @override
    async def async_start(self) -> None:
        """Remember the plants, and ask for as much as the first seconds allow."""
        await self._recall()
        self.config_entry.async_on_unload(self._issues.forget)
        self.config_entry.async_on_unload(self._async_close)
        await super().async_start()

    async def _recall(self) -> None:
        state = await self._store.async_load() or {}
        self._cloud.restore(state.get("cloud", {}))
        self._recalled = state.get("states", {})
        self._asker.agenda.add(Task.PLANTS, dt_util.utcnow())
        await self._take(plants_from(state))
        self._asker.agenda.restore(state.get("lists", ()))

    @override
    async def _async_update_data(self) -> Mapping[str, View]:
        first = self._success is None
        started = dt_util.utcnow()
        if self._pause_until is None or started >= self._pause_until:
            await self._work(_FIRST_SECONDS if first else _PASS_SECONDS)
        for state in tuple(self._asker.states.values()):
            self._look(state, dt_util.utcnow())
            # Others have their turn: a fleet has many plants.
            await asyncio.sleep(0)
        now = dt_util.utcnow()
        self.counters.report(now)
        self._report()
        self._save(now)
        self.update_interval = self._pause(now)
        if self._failed is not None and self._is_out(now):
            raise self._failed.wrapped(UpdateFailed)
        return self._views

    def _is_out(self, now: datetime) -> bool:
        """Return whether the cloud is away for longer than values live; asleep, nobody needs it."""
        if self._success is None:
            return True
        awake = any(not one.is_resting(now) for one in self._asker.states.values())
        return awake and now - self._success >= max(_GRACE, self._asker.lifetime(now))

    async def _work(self, seconds: float) -> None:
        """Make the calls that are due, one after the other, but not for ever."""
        clock = self.hass.loop.time
        end, patience = clock() + seconds, _PATIENCE
        while patience and clock() < end:
            job = self._asker.due(now := dt_util.utcnow())
            if job is None:
                return
            try:
                async with self._turn:
                    await self._do(job)
            except InvalidAuthError as err:
                raise err.wrapped(ConfigEntryAuthFailed) from None
            except SlowDownError as err:
                self._slow_down(job, err)
                return
            except DeviceError as err:
                self._fail(job, err)
                patience -= isinstance(err, CannotConnectError | NoAnswerError)
            except Exception:
                if not job.failures:
                    self.logger.exception("Unexpected error while reading %s", self.name)
                self._fail(job, UnexpectedError())
            else:
                patience, self._outages = _PATIENCE, 0
                self._failed, self._success = None, now
                self._issues.tell(AccountLockedError.key, on=False)
        if not patience:
            self._outages += 1
            pause = min(_OUTAGE_PAUSE * 2 ** (self._outages - 1), _LONGEST_OUTAGE_PAUSE)
            self._pause_until = dt_util.utcnow() + pause

    def _fail(self, job: Job, err: DeviceError) -> None:
        """Ask again later; the calls about other plants go on."""
        now = dt_util.utcnow()
        job.fail(now, self._asker.least(job, now))
        self._failed = err
        locked = isinstance(err, AccountLockedError)
        self._issues.tell(AccountLockedError.key, on=locked, name=self.name)

    async def _do(self, job: Job) -> None:
        if job.plant is None:
            await self._plants()
        else:
            await self._asker.ask(job)
            if (state := self._asker.states.get(job.plant)) is not None:
                self._look(state, dt_util.utcnow())
                self.async_update_listeners()
        now = dt_util.utcnow()
        job.succeed(now, self._asker.every(job, now))

    async def _plants(self) -> None:
        """Learn which plants there are; none at all is a fault of the cloud."""
        found = await self._cloud.plants()
        if not found and self.all_plants:
            raise BadAnswerError
        await self._take(found)

    async def _take(self, plants: Sequence[Plant]) -> None:
        """Read the plants that were chosen and that no other entry reads."""
        self.all_plants = plants
        entry, known = self.config_entry, self._asker.states
        chosen = chosen_plants(entry, plants)
        detail = in_detail(entry, plants)
        plain = {one.id for one in plants} - detail
        unread = {one.id for one in plants} - {one.id for one in chosen}
        async_remove_pages(self.hass, entry, unread, plain)
        async_enable(self.hass, entry, detail)
        self._detail = detail
        taken: dict[int, PlantState] = {}
        for plant in chosen:
            if self._is_free(plant):
                taken[plant.id] = known.get(plant.id) or await self._new(plant)
        for gone in self._parts_of.keys() - taken.keys():
            self._forget(self._parts_of.pop(gone))
        self._asker.take(taken, dt_util.utcnow())

    async def _new(self, plant: Plant) -> PlantState:
        state = PlantState(plant)
        await async_recall(state, self._recalled.get(str(plant.id), {}))
        # The page says to other entries that the plant is taken.
        async_device_id(self, plant_part(plant))
        return state

    def _is_free(self, plant: Plant) -> bool:
        """Return whether no other entry reads a plant; one that does is told of."""
        owner = other_owner(self.hass, self.config_entry, plant.id)
        title = "" if owner is None else owner.title
        on = owner is not None
        self._issues.tell("plant_twice", on=on, about=plant.id, plant=plant.name, entry=title)
        return not on

    def _look(self, state: PlantState, now: datetime) -> None:
        """Note what is true of a plant now, and what of it has changed."""
        plant = state.plant.id
        detail = plant in self._detail
        self._pages.grow(state, detail=detail)
        views = dict(state.views(now, detail=detail))
        self._forget(self._parts_of.get(plant, set()) - views.keys())
        self._parts_of[plant] = {*views}
        for part, view in views.items():
            if self._views.get(part) != view:
                self._views[part] = view
                self._changed.add(part)

    def _forget(self, parts: Iterable[str]) -> None:
        for part in parts:
            del self._views[part]
            self._changed.add(part)

    @callback
    @override
    def async_update_listeners(self) -> None:
        """Tell the entities of what has changed; all of them when the cloud came or went."""
        everybody = self.last_update_success != self._was_well
        self._was_well = self.last_update_success
        changed, self._changed = self._changed, {self.parts[0].id}
        for update, context in list(self._listeners.values()):
            if everybody or context is None or context in changed:
                update()

    def _slow_down(self, job: Job, err: SlowDownError) -> None:
        """Leave the cloud alone for as long as it wants; the call waits behind the others."""
        self._hold(err)
        if not isinstance(err, NoCallsLeftError):
            now = dt_util.utcnow()
            job.fail(now, self._asker.least(job, now))

    def _hold(self, err: SlowDownError) -> None:
        """Ask nothing for a while; less than before if it was the cloud that said so."""
        now = dt_util.utcnow()
        self._pause_until = now + timedelta(seconds=err.seconds)
        if not isinstance(err, NoCallsLeftError):
            self._asker.pace.slow_down(now)

    def _paused(self) -> float:
        """Return for how many seconds nothing may be asked."""
        until = self._pause_until
        return 0.0 if until is None else (until - dt_util.utcnow()).total_seconds()

    def _pause(self, now: datetime) -> timedelta:
        """Return how long nothing has to be asked or taken back."""
        states = self._asker.states.values()
        due = self._asker.next_due(now)
        if self._pause_until is not None:
            due = max(due, self._pause_until)
        times = [due, *(at for one in states if (at := one.changes_at(now)) is not None)]
        return min(max(min(times) - now, _SHORTEST_PAUSE), _LONGEST_PAUSE)

    def _report(self) -> None:
        """Raise or withdraw what the user should know of."""
        names = [
            one.plant.name
            for one in self._asker.states.values()
            if one.plant.id in self._asker.doubtful
        ]
        self._issues.tell("zone_doubtful", on=bool(names), plants=", ".join(names))
        self._issues.tell("too_many_ports", on=self._pages.full, name=self.config_entry.title)

    def _save(self, now: datetime) -> None:
        """Ask for a save, once in a while: every new request would put the save off.

        The first comes soon: a start that ends in a crash shall not ask for the lists again.
        """
        if self._saved is None or now - self._saved >= _SAVE_EVERY:
            delay = _FIRST_SAVE if self._saved is None else _SAVE_EVERY
            self._saved = now
            self._store.async_delay_save(self._remember, delay.total_seconds())

    def _remember(self) -> dict[str, Any]:
        states = remembered(self.all_plants, self._asker.states.values())
        lists = self._asker.agenda.as_state()
        return {**states, "lists": lists, "cloud": self._cloud.as_state()}

    async def _async_close(self) -> None:
        await self._store.async_save(self._remember())

    @property
    @override
    def histories(self) -> Mapping[str, str]:
        return {str(one.plant.id): one.plant.name for one in self._asker.states.values()}

    @override
    async def async_history(self, source: str) -> History | None:
        state = self._state(source)
        return None if state is None else await self._history(state, state.days)

    @override
    async def async_past(self, source: str, start: datetime, end: datetime) -> History | None:
        state = self._state(source)
        if state is None or state.zone is None:
            return None
        try:
            days = await self._past.async_days(state, start, end)
        except NoCallsLeftError:
            raise
        except SlowDownError as err:
            self._hold(err)
            raise
        return await self._history(state, days)

    def _state(self, source: str) -> PlantState | None:
        states = self._asker.states.values()
        return next((one for one in states if str(one.plant.id) == source), None)

    async def _history(self, state: PlantState, days: Mapping[date, bytes]) -> History | None:
        known = state.remembered(days, dt_util.utcnow())
        return None if known is None else await self.hass.async_add_executor_job(history, known)

    @override
    def diagnostics(self) -> dict[str, Any]:
        return diagnostics(self._cloud, self._asker, dt_util.utcnow())


def _reading(state: PlantState, now: datetime) -> Reading:
    """Return what a plant gives to the house."""
    power = state.power(now)
    at, until = power.at or now, power.until or now
    return Reading(
        source=str(state.plant.id),
        flow=Flow.SOLAR,
        at=at,
        valid_for=until - at,
        power_w=power.watts,
        to_house_kwh=state.total_kwh,
    )
