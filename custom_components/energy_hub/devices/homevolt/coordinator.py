"""One Homevolt: polled document by document, so that one that fails costs only its own values."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final, override

from homeassistant.const import CONF_HOST, CONF_PASSWORD
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.update_coordinator import UpdateFailed
from homeassistant.util import dt as dt_util

from ...const import CONF_DEVICE_ID
from ...coordinator import HubConfigEntry, HubCoordinator, Part
from ...errors import DeviceError, InvalidAuthError, NoAnswerError, WrongDeviceError
from ...reading import Reading, Shown
from .act import HomevoltControl
from .address import Address
from .cluster import Cluster, digits_per_amp
from .connect import async_ecu
from .diagnostics import about
from .documents import Documents
from .ecu import Measured
from .guard import believed
from .homevolt import Homevolt, Told
from .info import unit_of
from .issues import Issues
from .limits import Limits
from .options import INTERVAL, ceiling_w
from .parts import Child, main_parts, sub_parts
from .poll import async_poll
from .readings import readings, shown

_VALID_POLLS: Final = 3
# An ECU whose time stands still shows what was.
_STANDS_STILL: Final = timedelta(minutes=2)


class HomevoltCoordinator(HubCoordinator[Homevolt]):
    """Reads one ECU and those that it leads."""

    def __init__(self, hass: HomeAssistant, entry: HubConfigEntry) -> None:
        """Prepare the ECU that the entry was made for."""
        self._wanted = timedelta(seconds=INTERVAL.read(entry))
        super().__init__(hass, entry, self._wanted)
        self._id: str = entry.data[CONF_DEVICE_ID]
        self._address = Address.parse(entry.data[CONF_HOST])
        self._ecu = async_ecu(hass, self._address, entry.data.get(CONF_PASSWORD))
        self._documents = Documents()
        self._parts: list[Part] = []
        self._digits_per_amp: int | None = None
        self._last_time: tuple[float, datetime] | None = None
        self._issues = Issues(hass, entry)
        self._battery = HomevoltControl(
            hass,
            entry,
            self._ecu,
            self._documents,
            self._issues,
            self._limits,
            self._async_show,
        )
        self._next_power_w: float | None = None

    @property
    @override
    def parts(self) -> Sequence[Part]:
        return self._parts

    @override
    def view(self, part: Part) -> Any:
        data, child = self.data, part.child or ""
        if child.startswith(Child.UNIT):
            return data.unit(child.removeprefix(Child.UNIT))
        if child.startswith(Child.CLAMP):
            return data.clamp(child.removeprefix(Child.CLAMP))
        views: dict[str, Any] = {
            Child.BATTERY: data if data.cluster.ecus else None,
            Child.PLAN: data.planned,
            Child.STATUS: data.status,
            Child.REPORT: data.report,
        }
        return views[child]

    @property
    @override
    def readings(self) -> Sequence[Reading]:
        if not self.last_update_success:
            return ()
        valid_for = _VALID_POLLS * (self.update_interval or self._wanted)
        return readings(self._id, self.data.cluster, self.data.measured, valid_for)

    @override
    def shown(self, reading: Reading) -> Shown:
        return shown(reading)

    @property
    @override
    def battery(self) -> HomevoltControl:
        return self._battery

    @override
    async def async_start(self) -> None:
        """Remember what was to be undone, and fetch the first data."""
        self.config_entry.async_on_unload(self._issues.forget)
        await self._battery.async_load()
        await super().async_start()

    def set_next_power(self, watts: float) -> None:
        """Keep the power that the next command takes."""
        self._next_power_w = watts
        self._async_show()

    @override
    async def _async_update_data(self) -> Homevolt:
        now = dt_util.utcnow()
        documents = self._documents
        documents.watch_plan(self._battery.engaged)
        try:
            await async_poll(self._ecu, documents.all, now)
        except InvalidAuthError as err:
            raise err.wrapped(ConfigEntryAuthFailed) from err
        except DeviceError as err:
            if documents.ems.value is None or documents.ems.at is None:
                raise err.wrapped(UpdateFailed) from err
        data = self._snapshot(now)
        self._grow(data.cluster)
        self.counters.report(now)
        await self._battery.async_watch(data.cluster.soc_percent)
        return replace(data, plan=documents.plan.value, told=self._told(data.cluster))

    @callback
    def _async_show(self) -> None:
        """Show what was read back after a command."""
        if self.data is not None and self.last_update_success:
            now, cluster = dt_util.utcnow(), self.data.cluster
            plan = self._documents.plan.value
            self.async_set_updated_data(
                replace(self.data, at=now, plan=plan, told=self._told(cluster))
            )

    def _limits(self) -> Limits:
        """Return what counts now; nothing is known of an ECU that is not heard of any more."""
        cluster = self.data.cluster if self.data is not None and self.last_update_success else None
        parameters = self._documents.limits.value
        return Limits(cluster, parameters, ceiling_w(self.config_entry))

    def _told(self, cluster: Cluster) -> Told:
        lease = self._battery.lease
        limits = Limits(cluster, None, ceiling_w(self.config_entry))
        mode = None if lease is None else lease.command.mode
        return Told(mode, self._next_power_w, limits.battery_w)

    def _snapshot(self, now: datetime) -> Homevolt:
        """Return what is known now; raises UpdateFailed when it is of another ECU, or old."""
        documents = self._documents
        measured, at = documents.ems.value, documents.ems.at
        if measured is None or at is None or self._stands_still(measured, now):
            raise NoAnswerError().wrapped(UpdateFailed)
        if self._id not in measured.ids:
            raise WrongDeviceError().wrapped(UpdateFailed)
        documents.follow(measured.clamps)
        cluster = self._cluster(measured, at)
        return Homevolt(
            cluster,
            at,
            now,
            documents.plan.value,
            documents.status.value,
            documents.report.value,
            documents.clamp_volts,
            self._told(cluster),
        )

    def _cluster(self, measured: Measured, at: datetime) -> Cluster:
        self._digits_per_amp = self._digits_per_amp or digits_per_amp(measured.ecus)
        return Cluster(
            measured.ecus,
            measured.clamps,
            {*measured.ids, *self._pages()},
            believed(self.counters, measured.ecus, measured.clamps, self._id, at),
            self._digits_per_amp,
        )

    def _pages(self) -> set[str]:
        """Return the ECUs that have a page of their own: they belong here, silent or not."""
        devices = dr.async_entries_for_config_entry(
            dr.async_get(self.hass), self.config_entry.entry_id
        )
        names = {unit_of(name) for device in devices for _, name in device.identifiers}
        return {name for name in names if name is not None}

    def _stands_still(self, measured: Measured, now: datetime) -> bool:
        """Return whether the ECU's own time has not moved for too long."""
        if measured.at_s is None:
            return False
        if self._last_time is None or self._last_time[0] != measured.at_s:
            self._last_time = (measured.at_s, now)
        return now - self._last_time[1] >= _STANDS_STILL

    def _grow(self, cluster: Cluster) -> None:
        """Add the pages that were not seen before."""
        status = self._documents.status.value
        firmware = None if status is None else status.firmware
        if not self._parts:
            self._parts += main_parts(self._id, cluster, firmware, self._address.url)
        known = {(part.id, part.child) for part in self._parts}
        self._parts += [
            part for part in sub_parts(self._id, cluster) if (part.id, part.child) not in known
        ]

    @override
    def diagnostics(self) -> dict[str, Any]:
        return about(self._documents, self.data, self._digits_per_amp) | {
            "counters": self.counters.diagnostics()
        }
