"""Imports history into the series of a house: by days, resumable, and it can be undone.

Hours that have a row already are left alone. What an import will write it notes before it
writes, so that a restart at any moment neither doubles nor loses an hour, and an undo takes
away exactly what the import brought.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
import secrets
from typing import Any, Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType

from ..actions import ImportRequest
from ..const import DOMAIN, LOGGER
from ..control import refusal
from ..coordinator import HubConfigEntry
from ..errors import DeviceError
from ..ledger.account import hour_of
from ..memory import import_store
from ..rewrite import RewriteError, async_hours_there, async_rewrite
from ..statistics import Series
from .import_csv import ENERGIES, MEASURES, Hours, Table, reasons
from .import_job import Block, Job
from .import_load import (
    ArchiveLoader,
    Columns,
    DeviceLoader,
    Loader,
    TableLoader,
    read_file,
    span_of_days,
)
from .import_series import ImportSeries, removal, rewrite

# The ledger still works on what is younger.
_YOUNGEST: Final = timedelta(hours=26)
_PATIENCE_S: Final = 10
_AGAIN_S: Final = 900
_UNDONE_AT_ONCE: Final = 720
# How long it rests after each span of days, as a multiple of the time that they took.
_REST: Final = 2
_DAY: Final = timedelta(days=1)


class HouseImports:
    """The imports of one house."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: HubConfigEntry,
        series: ImportSeries,
        url: str | None,
    ) -> None:
        """Prepare; `url` is the user's own weather server."""
        self._hass = hass
        self._entry = entry
        self._series = series
        self._url = url
        self._store = import_store(hass, entry)
        self._jobs: dict[str, Job] = {}
        self._running: dict[str, asyncio.Task[None]] = {}
        self._stuck: set[str] = set()

    async def async_start(self) -> None:
        """Go on with what was not over when Home Assistant stopped."""
        state = await self._store.async_load() or {}
        self._jobs = {one: Job.from_state(one, job) for one, job in state.items()}
        for job in self._jobs.values():
            if not job.over:
                self._go_on(job)

    async def async_import(self, request: ImportRequest) -> JsonObjectType:
        """Begin an import, or tell what it would do."""
        zone = dt_util.get_default_time_zone()
        table, digest = Table(), None
        if request.file is not None:
            table, digest = await self._async_file(request.file, zone)
        job = self._job(request, table, digest, zone)
        loader = self._loader(job, table, zone)
        if request.preview:
            return await self._async_preview(job, loader, table, zone)
        self._jobs[job.id] = job
        await self._async_save()
        self._go_on(job, loader)
        await asyncio.wait([self._running[job.id]], timeout=_PATIENCE_S)
        return {**self._told(job), **_of_table(table)}

    async def async_undo(self, import_id: str) -> JsonObjectType:
        """Take away what an import brought."""
        job = self._jobs.get(import_id)
        if job is None:
            raise refusal("no_import", import_id=import_id)
        if (task := self._running.get(import_id)) is not None:
            task.cancel()
            await asyncio.wait([task])
        job.undoing = True
        await self._async_save()
        before = job.rows
        self._go_on(job)
        await asyncio.wait([self._running[job.id]], timeout=_PATIENCE_S)
        return {**self._told(job), "rows_removed": before - job.rows}

    @property
    def running(self) -> Mapping[str, asyncio.Task[None]]:
        """The work of each import of this run, by its id."""
        return self._running

    def rows(self, import_id: str) -> int:
        """Return how many rows an import has brought so far."""
        return self._jobs[import_id].rows

    @property
    def known(self) -> bool:
        """Whether there is any import."""
        return bool(self._jobs)

    @property
    def over(self) -> bool:
        """Whether no import has anything left to do."""
        return all(job.over for job in self._jobs.values())

    def diagnostics(self) -> list[dict[str, Any]]:
        """Return how the imports fare."""
        return [
            {"source": job.source, "undoing": job.undoing, "rows": job.rows, **job.counts()}
            for job in self._jobs.values()
        ]

    async def _async_file(self, name: str, zone: tzinfo) -> tuple[Table, str]:
        folder = Path(self._hass.config.config_dir)
        return await self._hass.async_add_executor_job(read_file, folder, name, zone)

    def _job(self, request: ImportRequest, table: Table, digest: str | None, zone: tzinfo) -> Job:
        """Return the blocks of a request; raises ServiceValidationError for none."""
        latest = hour_of(dt_util.utcnow() - _YOUNGEST)
        known = table.span or (None, latest)
        start = request.start or known[0]
        end = min(request.end or known[1], latest)
        if start is None or end <= start:
            raise refusal("nothing_to_import")
        first = start.astimezone(zone).date()
        count = ((end - timedelta(seconds=1)).astimezone(zone).date() - first).days + 1
        days = [first + number * _DAY for number in range(count)]
        return Job(
            id=secrets.token_hex(4),
            source=request.source,
            file=request.file,
            digest=digest,
            first=first,
            blocks=[Block.FAULTY if day in table.faulty else Block.TO_DO for day in days],
        )

    def _loader(self, job: Job, table: Table, zone: tzinfo) -> Loader:
        if job.source == "weather":
            return ArchiveLoader(self._hass, self._url, zone)
        if job.source == "devices":
            return DeviceLoader(self._hass, self._series.solar, zone)
        return TableLoader(table, zone)

    async def _async_preview(
        self, job: Job, loader: Loader, table: Table, zone: tzinfo
    ) -> JsonObjectType:
        """Return what an import would write; a slow source tells of its newest days only."""
        found: dict[str, int] = {}
        free: dict[str, int] = {}
        while places := job.waiting(loader.days_at_once):
            columns = await self._async_load(loader, job, places)
            for name, hours in columns.items():
                found[name] = found.get(name, 0) + len(hours)
            for name, _, wanted in await self._async_wanted(job, places, columns, zone):
                free[name] = free.get(name, 0) + len(wanted)
            for place in places:
                job.blocks[place] = Block.CLOSED
            if not isinstance(loader, TableLoader):
                break
        counts = {
            name: {"hours": hours, "rows": free.get(name, 0)} for name, hours in found.items()
        }
        return {
            "preview": True,
            "first_day": job.first.isoformat(),
            "days": len(job.blocks),
            "columns": dict(counts),
            **_of_table(table),
        }

    def _go_on(self, job: Job, loader: Loader | None = None) -> None:
        """Work on a job in the background."""
        work = self._async_undo_rows(job) if job.undoing else self._async_run(job, loader)
        self._running[job.id] = self._entry.async_create_background_task(
            self._hass, work, f"{DOMAIN} {self._entry.title} import {job.id}"
        )

    async def _async_run(self, job: Job, loader: Loader | None) -> None:
        zone = dt_util.get_default_time_zone()
        try:
            loader = loader or await self._async_resumed(job, zone)
            clock = self._hass.loop.time
            while places := job.waiting(loader.days_at_once):
                began = clock()
                columns = await self._async_load(loader, job, places)
                await self._async_write(job, places, columns, zone)
                # Everything else has its turn: other threads share one interpreter.
                await asyncio.sleep(_REST * (clock() - began))
        except (DeviceError, RewriteError) as err:
            self._later(job, err)
            return
        await self._async_save()
        LOGGER.info("The import %s is over: %s rows", job.id, job.rows)

    async def _async_resumed(self, job: Job, zone: tzinfo) -> Loader:
        """Return the loader of a job of an earlier run; a file that has changed ends it."""
        table = Table()
        if job.file is not None:
            try:
                table, digest = await self._async_file(job.file, zone)
            except ServiceValidationError:
                digest = None
            if digest != job.digest:
                LOGGER.warning("The import %s ends: its file has changed", job.id)
                job.blocks = [
                    Block.CLOSED if block is Block.CLOSED else Block.FAULTY for block in job.blocks
                ]
        return self._loader(job, table, zone)

    def _later(self, job: Job, err: HomeAssistantError) -> None:
        """Go on after a while, if the house is still there; said once."""
        if job.id not in self._stuck:
            self._stuck.add(job.id)
            LOGGER.warning("The import %s goes on later: %s", job.id, err)

        @callback
        def again(_now: datetime) -> None:
            self._go_on(job)

        self._entry.async_on_unload(async_call_later(self._hass, _AGAIN_S, again))

    async def _async_load(self, loader: Loader, job: Job, places: Sequence[int]) -> Columns:
        return await loader.async_days([job.day(place) for place in places])

    async def _async_wanted(
        self, job: Job, places: Sequence[int], columns: Columns, zone: tzinfo
    ) -> list[tuple[str, Series, Hours]]:
        """Return the hours that have no row, or one of this import."""
        start, end = span_of_days([job.day(place) for place in places], zone)
        pairs = [(name, one) for name in columns for one in self._series.of(name)]
        there = await async_hours_there(self._hass, [one for _, one in pairs], start, end)
        latest = hour_of(dt_util.utcnow() - _YOUNGEST)
        return [
            (
                name,
                one,
                {
                    at: value
                    for at, value in columns[name].items()
                    if at < latest and (at not in there[one] or job.owns(one.key, at))
                },
            )
            for name, one in pairs
        ]

    async def _async_write(
        self, job: Job, places: Sequence[int], columns: Columns, zone: tzinfo
    ) -> None:
        wanted = await self._async_wanted(job, places, columns, zone)
        for _, series, hours in wanted:
            job.claim(series.key, hours)
        await self._async_save()
        rewrites = [rewrite(series, name, hours) for name, series, hours in wanted if hours]
        if rewrites:
            await async_rewrite(self._hass, rewrites)
        for place in places:
            job.blocks[place] = Block.DONE
        await self._async_close(job, places, wanted, zone)

    async def _async_close(
        self,
        job: Job,
        places: Sequence[int],
        wanted: Sequence[tuple[str, Series, Hours]],
        zone: tzinfo,
    ) -> None:
        """Look whether everything stands there."""
        start, end = span_of_days([job.day(place) for place in places], zone)
        there = await async_hours_there(self._hass, [one for _, one, _ in wanted], start, end)
        whole = all(there[series] >= hours.keys() for _, series, hours in wanted)
        for place in places:
            job.blocks[place] = Block.CLOSED if whole else Block.FAULTY

    async def _async_undo_rows(self, job: Job) -> None:
        """Take away the rows of an import, the newest first."""
        known = {
            one.key: one
            for column in (
                *ENERGIES,
                *MEASURES,
                *(f"solar:{source}" for source in self._series.solar),
            )
            for one in self._series.of(column)
        }
        try:
            for key in list(job.own):
                while hours := job.last_hours(key, _UNDONE_AT_ONCE):
                    if key in known:
                        await async_rewrite(self._hass, [removal(known[key], hours)])
                    job.give_up(key, len(hours))
                    await self._async_save()
        except RewriteError as err:
            self._later(job, err)
            return
        del self._jobs[job.id]
        await self._async_save()
        job.undoing = False
        LOGGER.info("The import %s is undone", job.id)

    async def _async_save(self) -> None:
        await self._store.async_save({one: job.as_state() for one, job in self._jobs.items()})

    def _told(self, job: Job) -> JsonObjectType:
        return {
            "import_id": job.id,
            "finished": self._running[job.id].done(),
            "blocks": dict(job.counts()),
            "rows_written": job.rows,
        }


def _of_table(table: Table) -> Mapping[str, Any]:
    """Return what a file has that is not imported."""
    return {"ignored_columns": list(table.ignored), "faulty_days": dict(reasons(table))}
