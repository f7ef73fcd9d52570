"""The one base coordinator: what every device entry has in common.

A coordinator connects, keeps the newest data and its age, maps errors to words, and
says which device pages (parts) exist. Polled devices implement `_async_update_data`,
pushing ones derive from `StreamCoordinator`.
"""

from abc import abstractmethod
import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
import random
from typing import Any, Final, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryNotReady
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator

from .command import ExportLimit
from .const import DOMAIN, LOGGER
from .control import BatteryControl, refusal
from .counters import Counters
from .errors import DeviceError, NoAnswerError, UnexpectedError
from .metric import AnyMetric, Metric, Pace
from .reading import History, Reading, Roof, Shown
from .site import Balances

type HubConfigEntry = ConfigEntry[HubCoordinator[Any]]

FIRST_DATA_TIMEOUT: Final = timedelta(seconds=10)
# A stream that breaks and comes back within this time was not away.
GRACE_SECONDS: Final = 10
_BACK_OFF_SECONDS: Final = (1, 2, 5, 10, 20)


@dataclass(frozen=True, slots=True)
class Part:
    """One device page: the entry's device itself or a sub-device, with its metrics."""

    id: str
    """Stable over restarts; the unique id of an entity is `<id>_<key>`."""
    info: DeviceInfo
    metrics: Sequence[AnyMetric]
    child: str | None = None
    """Which sub-device of the coordinator's data this is; None for the device itself."""
    via: Part | None = None
    """The part that it hangs on; None for the device itself."""
    piece: bool = False
    """Whether it is only a piece of what it hangs on, without a serial number of its own."""


class HubCoordinator[DataT](DataUpdateCoordinator[DataT]):
    """One entry's device: its newest data, whether it answers, which parts it has."""

    config_entry: HubConfigEntry

    def __init__(
        self, hass: HomeAssistant, entry: HubConfigEntry, update_interval: timedelta | None = None
    ) -> None:
        """Prepare; nothing is connected before `async_start`."""
        super().__init__(
            hass,
            LOGGER,
            config_entry=entry,
            name=entry.title,
            update_interval=update_interval,
        )
        self.counters = Counters(hass, entry)
        self.paces: Mapping[Pace, int] = {}
        """Least seconds between two state writes of a group of values."""

    @property
    @abstractmethod
    def parts(self) -> Sequence[Part]:
        """The device pages known so far, in the order in which they became known.

        The first is the entry's own device; pages are only ever added at the end.
        """

    @property
    def readings(self) -> Sequence[Reading]:
        """The newest reading of each flow, for the house; empty while it is silent."""
        return ()

    def shown(self, reading: Reading) -> Shown:
        """Return which sensors show what a reading says; the Energy dashboard needs them."""
        return Shown()

    def told(self, source: str, keys: Collection[str]) -> Mapping[str, Any]:
        """Return what the sensors `<source>_<key>` say, whether or not anybody has enabled them.

        By key, in the units of their kinds; those that are not there now are not in it.
        """
        return {
            key: value
            for part in self.parts
            if (view := self.view(part)) is not None
            for metric in part.metrics
            if isinstance(metric, Metric)
            and (key := f"{part.id}_{metric.key}".removeprefix(f"{source}_")) in keys
            and (value := metric.value(view)) is not None
        }

    @property
    def held_back(self) -> bool:
        """Whether something other than the sun limits what the panels give now."""
        return False

    @property
    def roofs(self) -> Sequence[Roof]:
        """What is known of the panels, to fill a form in with; often nothing."""
        return ()

    @property
    def balances(self) -> Balances | None:
        """What is known of the energy of a house; None of a device."""
        return None

    @property
    def histories(self) -> Mapping[str, str]:
        """What is remembered day by day: names by source, as in the readings; often nothing."""
        return {}

    async def async_history(self, source: str) -> History | None:
        """Return today and yesterday of a source, sample by sample; the device is not asked.

        None while nothing is known of it, or when it is none of `histories`.
        """
        return None

    async def async_past(self, source: str, start: datetime, end: datetime) -> History | None:
        """Return the local days of a span as the maker remembers them; today's as known so far.

        It takes its time, so that the present goes on undisturbed: ask for a day at a time.
        None as above. Raises DeviceError when the maker does not answer, or not now.
        """
        return None

    @property
    def battery(self) -> BatteryControl | None:
        """The battery that takes commands; None where there is none."""
        return None

    async def async_limit_export(self, limit: ExportLimit) -> ExportLimit:
        """Limit the feed-in and return what the device confirmed.

        Raises ServiceValidationError for a device or a limit that cannot, else DeviceError.
        """
        raise refusal("no_export_limit", name=self.config_entry.title)

    @abstractmethod
    def view(self, part: Part) -> Any:
        """Return what the metrics of `part` read from, or None while it is missing."""

    async def async_start(self) -> None:
        """Connect and fetch the first data.

        Raises ConfigEntryNotReady or ConfigEntryAuthFailed with a translated reason.
        """
        await self.counters.async_load()
        await self.async_config_entry_first_refresh()

    def diagnostics(self) -> dict[str, Any]:
        """Return what helps to understand a problem, without secrets and serials."""
        return {}


class StreamCoordinator[DataT](HubCoordinator[DataT]):
    """A device that keeps sending by itself over a connection that is kept open."""

    def __init__(self, hass: HomeAssistant, entry: HubConfigEntry) -> None:
        """Prepare; nothing is connected before `async_start`."""
        super().__init__(hass, entry)
        self._first_data: asyncio.Future[None] = hass.loop.create_future()
        self._failures = 0
        self._grace: asyncio.TimerHandle | None = None

    @abstractmethod
    async def _async_stream(self) -> None:
        """Connect and hand over data with `_async_received` until the connection ends.

        Raises DeviceError when it cannot connect, or when nothing valid comes.
        """

    @override
    async def async_start(self) -> None:
        """Keep the stream open in the background and wait for the first data."""
        await self.counters.async_load()
        self.config_entry.async_create_background_task(
            self.hass, self._async_run(), f"{DOMAIN} {self.name} stream"
        )
        try:
            async with asyncio.timeout(FIRST_DATA_TIMEOUT.total_seconds()):
                await self._first_data
        except DeviceError as err:
            raise err.wrapped(ConfigEntryNotReady) from err
        except TimeoutError as err:
            raise NoAnswerError().wrapped(ConfigEntryNotReady) from err

    @callback
    def _async_received(self, data: DataT) -> None:
        """Publish new data; after an outage this is what says that it is over."""
        if not self.last_update_success:
            self.logger.info("%s answers again", self.name)
        self._failures = 0
        self._end_grace()
        self.async_set_updated_data(data)
        if not self._first_data.done():
            self._first_data.set_result(None)

    @callback
    def _async_lost(self, err: DeviceError) -> None:
        """Make the entities unavailable now; logged once per outage by the base class."""
        self._end_grace()
        if self._first_data.done():
            self.async_set_update_error(err)
        else:
            self._first_data.set_exception(err)

    @callback
    def _async_broken(self, err: DeviceError) -> None:
        """Give a broken stream a moment to come back before the entities notice."""
        if not self._first_data.done() or isinstance(err, NoAnswerError):
            self._async_lost(err)
        elif self._grace is None and self.last_update_success:
            self._grace = self.hass.loop.call_later(GRACE_SECONDS, self._async_lost, err)

    @callback
    def _end_grace(self) -> None:
        if self._grace is not None:
            self._grace.cancel()
            self._grace = None

    async def _async_run(self) -> None:
        """Keep the stream open until the entry unloads."""
        try:
            await self._async_reopen()
        finally:
            self._end_grace()

    async def _async_reopen(self) -> None:
        """Reopen the stream for ever: quickly at first, never in step with others."""
        while True:
            try:
                await self._async_stream()
            except DeviceError as err:
                self._async_broken(err)
            except Exception:
                if self.last_update_success:
                    self.logger.exception("Unexpected error while reading %s", self.name)
                self._async_lost(UnexpectedError())
            pause = _BACK_OFF_SECONDS[min(self._failures, len(_BACK_OFF_SECONDS) - 1)]
            self._failures += 1
            await asyncio.sleep(pause * random.uniform(0.8, 1.2))  # noqa: S311 - jitter, no secret
