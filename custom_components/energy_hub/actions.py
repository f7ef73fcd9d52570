"""What an entry can be asked for by an action, beside what a battery or an inverter does."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol, runtime_checkable

from homeassistant.util.json import JsonObjectType

from .periods import Period


@runtime_checkable
class House(Protocol):
    """A house: it knows what happened in it."""

    async def async_get_totals(
        self, start: datetime, end: datetime, period: Period
    ) -> JsonObjectType:
        """Return `{"rows": [...]}`: energies, powers and money of each period (UTC instants)."""

    async def async_recalculate_costs(self, start: datetime, end: datetime) -> JsonObjectType:
        """Price a past span again; return `{"months": [...]}` with the cost before and after."""

    async def async_configure_dashboard(self, *, undo: bool) -> JsonObjectType:
        """Put the house into the Energy dashboard, or take it out; return what was done."""


@runtime_checkable
class SolarForecast(Protocol):
    """An entry that knows what panels will give."""

    @property
    def solar_forecast(self) -> Mapping[datetime, float]:
        """Wh of each hour that is expected, by its start (UTC); empty when nothing is known."""


class Exporter(Protocol):
    """What delivers a home's data; plants are named by their numbers there, None is all.

    Every method raises ServiceValidationError for a plant that is not delivered, and
    HomeAssistantError when its queue cannot be read or written.
    """

    async def async_export(
        self,
        start: datetime,
        end: datetime,
        *,
        plants: Collection[int] | None,
        dry_run: bool,
        correct: bool,
    ) -> JsonObjectType:
        """Queue a past span again; return by plant what was new, there already, or missing."""

    async def async_preview(self, plants: Collection[int] | None) -> JsonObjectType:
        """Return the messages that would be sent now."""

    async def async_retry_refused(self, plants: Collection[int] | None) -> JsonObjectType:
        """Let what was refused be sent again; return how many records."""

    async def async_purge(
        self, states: Collection[str], plants: Collection[int] | None
    ) -> JsonObjectType:
        """Delete records in these states; return how many."""


@runtime_checkable
class Exporting(Protocol):
    """An entry that delivers to a platform."""

    exporter: Exporter


IMPORT_SOURCES: Final = ("csv", "devices", "weather")
"""Where imported history can come from."""


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What shall be imported; instants are UTC, None is all there is."""

    source: str
    file: str | None
    start: datetime | None
    end: datetime | None
    preview: bool


@runtime_checkable
class Past(Protocol):
    """A house: it keeps its past, and takes in that of before."""

    async def async_get_history(self, start: datetime, end: datetime) -> JsonObjectType:
        """Return `{"rows": [...]}`: weather, forecast, solar energy and export by the hour."""

    async def async_import_history(self, request: ImportRequest) -> JsonObjectType:
        """Import what is wanted in the background; return how far it has come."""

    async def async_undo_import(self, import_id: str) -> JsonObjectType:
        """Take away what an import brought; return how far that has come."""
