"""One house: gathers the readings of its sources, and keeps its ledger."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, override

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import async_track_time_interval, async_track_utc_time_change
from homeassistant.helpers.storage import Store
from homeassistant.helpers.sun import is_up
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType

from ..actions import ImportRequest
from ..const import CONF_DEVICE_ID, DOMAIN
from ..coordinator import HubConfigEntry, HubCoordinator, Part
from ..ledger.account import hour_of
from ..ledger.days import quarter_of
from ..ledger.energy import Energy
from ..ledger.graded import graded
from ..ledger.live import Live
from ..ledger.meter import BilledMeter
from ..ledger.quarter import Peaks, quarters, running
from ..ledger.source import Source, Total
from ..periods import Period
from ..reading import Flow, Reading
from ..site import async_get_site
from ..statistics import async_write_changes
from .balances import HouseBalances
from .costs import HouseCosts
from .forecast import HouseForecast
from .foreign import ForeignCounters
from .healer import Healer
from .import_series import ImportSeries
from .imports import HouseImports
from .in_dashboard import InDashboard
from .metrics import house_part, money_metrics
from .moment import Moment
from .names import source_names
from .past_hours import async_hours
from .peak_series import PeakSeries
from .series import HouseSeries
from .sources import foreign_sources, sources_of
from .tariffs import tariffs_of
from .totals import Span, async_totals

_STORE_VERSION: Final = 1
_RECORDER: Final = "recorder"
# Powers change every second somewhere; a picture every ten is enough for eyes and rows.
_PICTURE_EVERY: Final = timedelta(seconds=10)
# The ledger is written soon after each of its slots has ended.
_SETTLE_AT_SECOND: Final = 20
# The last readings of an inverter's day come while the sun is just below the horizon.
_SURELY_DARK: Final = timedelta(minutes=90)


class HouseCoordinator(HubCoordinator[Moment]):
    """Joins the sources of one house."""

    _energy: Energy
    _counters: ForeignCounters
    _costs: HouseCosts
    _peaks: Peaks
    _peak_series: PeakSeries
    _healer: Healer
    imports: HouseImports
    _dashboard: InDashboard
    _meter: BilledMeter
    _settled: datetime | None
    _graded: datetime | None
    """The last hour of which the quarters were counted."""
    _balances: HouseBalances

    def __init__(self, hass: HomeAssistant, entry: HubConfigEntry) -> None:
        """Prepare the house that the entry describes."""
        super().__init__(hass, entry)
        house_id: str = entry.data[CONF_DEVICE_ID]
        self._foreign = foreign_sources(entry)
        self._sources = sources_of(entry, self._foreign)
        self._live = Live(self._sources)
        self._settling: asyncio.Task[None] | None = None
        currency = hass.config.currency
        self._tariffs = tariffs_of(entry, dt_util.get_default_time_zone())
        more = money_metrics(currency) if self._tariffs else ()
        self._forecast = HouseForecast(hass, entry, house_id)
        self._parts = (house_part(house_id, entry.title, (*more, *self._forecast.metrics)),)
        self._series = HouseSeries(house_id, entry.title, currency)
        self._store: Store[dict[str, Any]] = Store(
            hass, _STORE_VERSION, f"{DOMAIN}.{entry.entry_id}.house"
        )

    @property
    @override
    def parts(self) -> Sequence[Part]:
        return self._parts

    @override
    def view(self, part: Part) -> Moment | None:
        return self.data

    @override
    async def async_start(self) -> None:
        """Remember the ledger, listen to the sources, and show the house."""
        await self.counters.async_load()
        remembered = await self._store.async_load() or {}
        now = dt_util.utcnow()
        if "energy" in remembered:
            self._energy = Energy.from_state(remembered["energy"], self._sources, now)
        else:
            self._energy = Energy(self._sources, now)
        self._counters = ForeignCounters(self.counters, remembered.get("foreign", {}))
        self._peaks = Peaks.from_state(remembered.get("peaks", {}), dt_util.get_default_time_zone())
        self._peak_series = PeakSeries(self._series.month_peak, remembered)
        self._costs = HouseCosts(self.hass, self._tariffs, self._series, remembered)
        self._costs.listen(now)
        self._costs.stand(self._energy.rows(), now, self._peaks)
        self._balances = HouseBalances(
            self.hass, self._energy, self._costs, self._forecast, self._series
        )
        self._meter = BilledMeter(self._sources, self._peaks)
        self._settled = dt_util.parse_datetime(remembered.get("settled") or "")
        self._graded = dt_util.parse_datetime(remembered.get("graded") or "")
        self._dashboard = InDashboard(
            self.hass,
            self.config_entry,
            self._series,
            priced=self._tariffs is not None,
            forecast=self._forecast.wanted,
            remembered=remembered,
        )
        self._healer = Healer(self.hass, self.config_entry, self._energy, self._feed)
        await self._forecast.async_start()
        solar = {one.id: name for one, name in self._named().items() if one.flow is Flow.SOLAR}
        series = ImportSeries(self._series, self._forecast.series, solar)
        self.imports = HouseImports(self.hass, self.config_entry, series, self._forecast.url)
        if _RECORDER in self.hass.config.components:
            await self.imports.async_start()
        site = async_get_site(self.hass)
        unload = self.config_entry.async_on_unload
        unload(self._async_save)
        unload(site.listen(self._heard))
        for entry_id in site.sources:
            self._heard(entry_id)
        self._show(now)
        unload(async_track_time_interval(self.hass, self._show, _PICTURE_EVERY))
        unload(
            async_track_utc_time_change(
                self.hass, self._settle, minute=range(0, 60, 5), second=_SETTLE_AT_SECOND
            )
        )

    @callback
    def _heard(self, entry_id: str) -> None:
        """Take in what a device has to say; nothing when it has gone."""
        source = async_get_site(self.hass).sources.get(entry_id)
        if source is None:
            return
        for reading in source.readings:
            self._live.feed(reading)
            self._healer.take(source, reading)
            self._meter.feed(reading)

    @callback
    def _feed(self, reading: Reading) -> None:
        self._energy.feed(reading, dt_util.utcnow())

    @callback
    def _show(self, now: datetime) -> None:
        """Show the house as it is now."""
        for source in self._foreign:
            if source.power is not None:
                self._live.feed(source.power_reading(self.hass, now))
            for reading in self._counters.readings(self.hass, source, now):
                self._energy.feed(reading, now)
        self._costs.listen(now)
        midnight = dt_util.as_utc(dt_util.start_of_local_day(now))
        picture = self._live.picture(now, dark=not is_up(self.hass, now))
        imported = self._energy.totals(now, quarter_of(now))[Total.IMPORT]
        moment = Moment(
            picture=picture,
            totals=self._energy.totals(now),
            today=self._energy.totals(now, midnight),
            midnight=midnight,
            names=self._named(),
            late=self._energy.late(now),
            quarter=running(now, imported, picture.grid_w, self._meter.said),
            peak=self._peaks.at(now),
            import_price=self._costs.import_price(now),
            export_price=self._costs.export_price(now),
            money=self._costs.money,
            forecast=self._forecast.view(now),
        )
        self.counters.report(now)
        self.async_set_updated_data(moment)

    @callback
    def _settle(self, now: datetime) -> None:
        """Bring the statistics up to date, unless that is still going on."""
        if self._settling is None or self._settling.done():
            self._settling = self.config_entry.async_create_background_task(
                self.hass, self._async_settle(now), f"{DOMAIN} {self.name} statistics"
            )

    async def _async_settle(self, now: datetime) -> None:
        """Write what is new in the ledger to the statistics, and remember it."""
        dark = not is_up(self.hass, now) and not is_up(self.hass, now - _SURELY_DARK)
        if dark and not self._healer.waits:
            self._energy.rest(now)
        more = True
        while more:
            # After a long outage there is more than is written at once.
            more = await self._async_write(now)
        if _RECORDER in self.hass.config.components:
            await self._peak_series.async_write(self.hass, self._peaks.months)
            await self._forecast.async_settle(now, self._energy.rows())
        await self._async_save()

    async def _async_write(self, now: datetime) -> bool:
        """Write the oldest changes to the statistics; return whether there are more."""
        before = self._energy.rows()
        changes = self._energy.changes(now)
        # Each step takes some milliseconds of the event loop; together they would be noticed.
        await asyncio.sleep(0)
        after = self._energy.rows()
        # What the ledger forgets now may not be paid for yet: after a long outage.
        gone = [row for row in before if not after or row.start < after[0].start]
        rows = (*gone, *after)
        for quarter in quarters((*gone, *changes.rows)):
            self._peaks.add(quarter)
        costs = self._costs.settle(rows, changes, now, self._peaks)
        await asyncio.sleep(0)
        self._costs.stand(rows, now, self._peaks)
        self._balances.settled = changes.settled
        if _RECORDER not in self.hass.config.components:
            return False
        names = {source.id: name for source, name in self.data.names.items()}
        counts = graded(changes.rows, self._graded)
        series_of = self._series.hours(changes.rows, names) | self._series.graded(counts)
        for series, hours in series_of.items():
            await async_write_changes(self.hass, series, hours)
        self._graded = max([*counts.missing, *filter(None, [self._graded])], default=None)
        await self._costs.async_write(costs)
        self._energy.confirm(changes.revision)
        self._settled = self._costs.settled(changes.settled)
        self._dashboard.offer()
        return changes.more

    async def async_get_totals(
        self, start: datetime, end: datetime, period: Period
    ) -> JsonObjectType:
        """Return what happened, by period, from long-term statistics (see `totals.py`)."""
        powers = {
            flow: entity_id
            for flow in ("solar", "grid", "battery", "house")
            if (entity_id := self._entity_id(f"{flow}_power"))
        }
        span = Span(start=start, end=end, period=period)
        rows = await async_totals(self.hass, self._series, powers, span, self._settled)
        return {"rows": rows}

    def _named(self) -> Mapping[Source, str]:
        return source_names(self.hass, self._sources, self._foreign)

    async def async_get_history(self, start: datetime, end: datetime) -> JsonObjectType:
        """Return the hourly table of a span (see `past_hours.py`)."""
        rows = await async_hours(self.hass, self._series, self._forecast.series, start, end)
        return {"rows": rows}

    async def async_import_history(self, request: ImportRequest) -> JsonObjectType:
        """Import history (see `imports.py`)."""
        return await self.imports.async_import(request)

    async def async_undo_import(self, import_id: str) -> JsonObjectType:
        """Take an import back."""
        return await self.imports.async_undo(import_id)

    @property
    @override
    def balances(self) -> HouseBalances:
        return self._balances

    @property
    def solar_forecast(self) -> Mapping[datetime, float]:
        """Wh of each hour that is expected, by its start (UTC)."""
        return {at: energy.corrected_w for at, energy in self._forecast.hours.items()}

    async def async_recalculate_costs(self, start: datetime, end: datetime) -> JsonObjectType:
        """Price the full hours of a past span again (see `recalculate.py`)."""
        if self._settling is not None:
            await asyncio.wait([self._settling])
        first, last = hour_of(start), min(end, dt_util.utcnow())
        rows = self._energy.rows()
        told = await self._costs.async_recalculate(first, last, rows, self._peaks)
        await self._async_save()
        return told

    async def async_configure_dashboard(self, *, undo: bool) -> JsonObjectType:
        """Put the house into the Energy dashboard, or take it out; returns what was done."""
        if undo:
            told = await self._dashboard.async_undo()
        else:
            told = await self._dashboard.async_configure(
                self._sources, self._foreign, self._entity_id
            )
        await self._async_save()
        return told

    def _entity_id(self, key: str) -> str | None:
        return er.async_get(self.hass).async_get_entity_id(
            Platform.SENSOR, DOMAIN, f"{self._parts[0].id}_{key}"
        )

    async def _async_save(self) -> None:
        await self._store.async_save(
            {
                "energy": self._energy.as_state(),
                "foreign": self._counters.as_state(),
                "settled": self._settled and self._settled.isoformat(),
                "graded": self._graded and self._graded.isoformat(),
                "peaks": self._peaks.as_state(),
                **self._peak_series.as_state(),
                **self._dashboard.as_state(),
                **self._costs.as_state(),
            }
        )

    @override
    def diagnostics(self) -> dict[str, Any]:
        """Return how the sources fare, numbered: their ids hold serials."""
        return {
            "forecast": self._forecast.diagnostics(),
            "imports": self.imports.diagnostics(),
            "gaps": self._healer.diagnostics(),
            "sources": [
                {"flow": source.flow, "power": source.power, "counters": source.counters}
                for source in self._sources
            ],
            "reached": [
                {
                    "flow": register.flow,
                    "direction": register.direction,
                    "at": at,
                    "unplaced_kwh": self._energy.unplaced_kwh[register],
                }
                for register, at in self._energy.reached.items()
            ],
            "counters": self.counters.diagnostics(),
        }
