"""One destination: fills its queue from the plants, empties it to the platform, and shows how."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime
import sqlite3
from typing import Any, override

from homeassistant.const import CONF_URL
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryNotReady
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.event import async_track_point_in_utc_time, async_track_utc_time_change
from homeassistant.util import dt as dt_util

from ..const import CONF_DEVICE_ID, DOMAIN
from ..coordinator import HubConfigEntry, HubCoordinator, Part
from ..memory import memory_path, memory_store
from ..site import async_get_site
from .address import fingerprint
from .collect import Collector
from .connect import CONF_CREDENTIAL, client_for
from .desk import Desk
from .enrg import KIND
from .house_slots import HouseSlots
from .issues import Issues
from .metrics import Delivery, View, part_of
from .outbox import Outbox
from .report import report
from .round import Rounds
from .sender import Problem, Sender
from .settings import settings_of
from .site_devices import SiteDevices
from .status import Refusal, Summary
from .token import Token

_ROUND_AT_SECOND = 20


class EnrgCoordinator(HubCoordinator[View]):
    """Delivers the plants of a home, or of many, to one platform."""

    _outbox: Outbox
    _sender: Sender
    _rounds: Rounds
    _devices: SiteDevices
    _house: HouseSlots
    exporter: Desk

    def __init__(self, hass: HomeAssistant, entry: HubConfigEntry) -> None:
        """Prepare the destination that the entry describes."""
        super().__init__(hass, entry)
        self._settings = settings_of(entry.options)
        self._parts = (part_of(entry.data[CONF_DEVICE_ID], entry.title),)
        self._store = memory_store(hass, entry)
        self._issues = Issues(hass, entry)
        self._account = fingerprint(entry.data[CONF_URL], entry.data[CONF_CREDENTIAL])
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._token: Token | None = None
        self._refusals: Sequence[Refusal] = ()
        self._stale = False

    @property
    @override
    def parts(self) -> Sequence[Part]:
        return self._parts

    @override
    def view(self, part: Part) -> View | None:
        return self.data

    @override
    async def async_start(self) -> None:
        """Open the queue and show it; deliver if plants were chosen."""
        self._outbox = await self._async_open()
        unload = self.config_entry.async_on_unload
        unload(self._async_close)
        await self._prepare()
        await self._async_look_back()
        await self._async_show()
        unload(async_track_utc_time_change(self.hass, self._begin_round, second=_ROUND_AT_SECOND))
        if self._settings.kinds:
            unload(async_track_utc_time_change(self.hass, self._look_at_devices, second=0))
        if self._settings.plants:
            # Whoever listens keeps a polled source polling.
            unload(async_get_site(self.hass).listen(lambda _entry_id: None))
        if self._settings.sends:
            self._run("delivery", self._sender.run(self._timer))

    async def _async_open(self) -> Outbox:
        hass, entry = self.hass, self.config_entry
        path = memory_path(hass, entry, "outbox.db")
        try:
            return await Outbox.async_open(path, entry.data[CONF_URL], hass.async_add_executor_job)
        except sqlite3.Error as err:
            raise _unreadable() from err

    async def _prepare(self) -> None:
        """Put together what works on the queue."""
        hass, entry = self.hass, self.config_entry
        remembered = await self._store.async_load() or {}
        if remembered.get("account") == self._account and remembered.get("token"):
            self._token = Token.from_state(remembered["token"])
        self._sender = Sender(
            self._outbox,
            client_for(async_get_clientsession(hass), entry.data, entry.options),
            dt_util.utcnow,
            name=self.name,
            token=self._token,
            changed=self._changed,
        )
        collector = Collector(hass, self._settings, self._outbox)
        self._house = HouseSlots(hass, self._settings, self._outbox, collector)
        self._rounds = Rounds(
            hass, self._settings, self._outbox, collector, self._woken, house=self._house
        )
        self._devices = SiteDevices(hass, self._settings, self._outbox)
        self.exporter = Desk(
            hass, self._settings, self._outbox, collector, self._woken, house=self._house
        )

    async def _async_look_back(self) -> None:
        """Give up what waits of plants and kinds that are not chosen any more; see what was missed."""
        try:
            await self._outbox.async_give_up_others(
                self._settings.plants, (KIND, *self._settings.kinds)
            )
            await self._house.async_start(dt_util.utcnow())
            await self._rounds.async_start(dt_util.utcnow())
        except sqlite3.Error as err:
            raise _unreadable() from err

    @callback
    def _begin_round(self, now: datetime) -> None:
        """Look at the plants, unless the last look is still going on."""
        self._run("round", self._async_round(now))
        if self._rounds.is_behind:
            self._run("catch up", self._rounds.async_catch_up(now))

    async def _async_round(self, now: datetime) -> None:
        await self._rounds.async_go(now)
        self._changed()

    @callback
    def _look_at_devices(self, now: datetime) -> None:
        """Take down what other devices say, at the end of a slot."""
        if self._devices.look(now):
            self._run("devices", self._async_put_devices())

    async def _async_put_devices(self) -> None:
        try:
            if await self._devices.async_put():
                self._woken()
        except sqlite3.Error:
            self._rounds.disk_fails = True

    @callback
    def _woken(self) -> None:
        """Send what was added, and show it."""
        self._sender.wake()
        self._changed()

    @callback
    def _changed(self) -> None:
        """Show the queue; once more if it changes meanwhile."""
        self._stale = True
        self._run("show", self._async_show_all())

    async def _async_show_all(self) -> None:
        while self._stale:
            await self._async_show()

    async def _async_show(self) -> None:
        """Show the queue; while the disk fails, as it was."""
        self._stale = False
        try:
            summary = await self._async_summary()
        except sqlite3.Error as err:
            if self.data is None:
                raise _unreadable() from err
            summary, self._rounds.disk_fails = self.data.summary, True
        problem = self._sender.problem or (Problem.DISK if self._rounds.disk_fails else None)
        view = View(summary=summary, delivery=self._delivery, problem=problem)
        self._issues.report(
            view,
            self._refusals,
            self._settings,
            self._sender.words,
            replaced=self._outbox.replaced,
        )
        if problem is Problem.CREDENTIAL:
            self.config_entry.async_start_reauth(self.hass)
        await self._async_keep_token()
        if view != self.data:
            self.async_set_updated_data(view)

    async def _async_summary(self) -> Summary:
        midnight = dt_util.as_utc(dt_util.start_of_local_day())
        summary = await self._outbox.async_summary(midnight)
        self._refusals = await self._outbox.async_refusals() if summary.refused else []
        return summary

    @property
    def _delivery(self) -> Delivery:
        if not self._settings.plants:
            return Delivery.NOT_CHOSEN
        return Delivery.DRY if self._settings.dry_run else Delivery.ON

    async def _async_keep_token(self) -> None:
        """Remember a new token over restarts."""
        token = self._sender.token
        if token is not self._token:
            self._token = token
            state = None if token is None else token.as_state()
            await self._store.async_save({"account": self._account, "token": state})

    @callback
    def _run(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        """Let something go on in the background, unless it does already."""
        task = self._tasks.get(name)
        if task is not None and not task.done():
            work.close()
            return
        self._tasks[name] = self.config_entry.async_create_background_task(
            self.hass, work, f"{DOMAIN} {self.name} {name}"
        )

    @callback
    def _timer(self, at: datetime, call: Callable[[], None]) -> Callable[[], None]:
        @callback
        def ring(_now: datetime) -> None:
            call()

        return async_track_point_in_utc_time(self.hass, ring, at)

    async def _async_close(self) -> None:
        """End all work, then close the queue; what waits in it stays."""
        tasks = [*self._tasks.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._outbox.async_close()

    async def async_forget_dropped(self) -> None:
        """Take note that records were given up."""
        await self._outbox.async_forget_dropped()
        self._changed()

    @override
    def diagnostics(self) -> dict[str, Any]:
        return report(self.data, self._settings, self._sender, self._rounds, self._refusals)


def _unreadable() -> ConfigEntryNotReady:
    """Return why an entry cannot be set up now."""
    return ConfigEntryNotReady(translation_domain=DOMAIN, translation_key="queue_unreadable")
