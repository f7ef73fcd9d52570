"""One SUN2000: polled block by block, so that one that fails costs only its own values."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any, Final, override

from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryNotReady
from homeassistant.helpers.sun import is_up
from homeassistant.helpers.update_coordinator import UpdateFailed
from homeassistant.util import dt as dt_util

from ...command import ExportLimit
from ...const import CONF_DEVICE_ID, LOGGER
from ...control import CONF_CONTROL, BatteryControl, refusal
from ...coordinator import HubConfigEntry, HubCoordinator, Part
from ...errors import DeviceError, WrongDeviceError
from ...reading import Reading, Roof, Shown
from .act import LunaControl
from .client import Link
from .export import confirmed_limit, export_writes
from .guard import believed
from .inverter import Inverter, Values, asleep
from .issues import Issues
from .links import async_link
from .metrics import limited, parts_of
from .options import CONF_UNIT_ID, INTERVAL
from .plan import Item, make_plan, values_of
from .poll import async_poll
from .probe import Identity, async_grown, async_probe
from .readings import readings, shown
from .write import Write, async_writer

_NIGHT_INTERVAL: Final = timedelta(minutes=5)
# How often it is asked whether a meter or a battery has come.
_GROWTH: Final = timedelta(hours=1)
# A poll may take a fifth of the time: whoever answers slowly is asked less often.
_SHARE: Final = 5
_VALID_POLLS: Final = 3


class HuaweiCoordinator(HubCoordinator[Inverter]):
    """Reads one inverter, its meter and its batteries."""

    _link: Link
    _identity: Identity
    _plan: list[Item]

    def __init__(self, hass: HomeAssistant, entry: HubConfigEntry) -> None:
        """Prepare the inverter that the entry was made for."""
        self._wanted = timedelta(seconds=INTERVAL.read(entry))
        super().__init__(hass, entry, self._wanted)
        self._unit: int = entry.data[CONF_UNIT_ID]
        self._parts: Sequence[Part] = ()
        self._at = dt_util.utcnow()
        self._probed_at = self._at
        self._battery: LunaControl | None = None
        self._issues = Issues(hass, entry)

    @property
    @override
    def parts(self) -> Sequence[Part]:
        return self._parts

    @override
    def view(self, part: Part) -> Values | None:
        return None if part.child is None else self.data.block(part.child)

    @property
    @override
    def readings(self) -> Sequence[Reading]:
        if not self.last_update_success:
            return ()
        return readings(self.data, self._at, _VALID_POLLS * (self.update_interval or self._wanted))

    @override
    def shown(self, reading: Reading) -> Shown:
        return shown(self._identity, reading.flow)

    @property
    @override
    def held_back(self) -> bool:
        strings = self.data.block("strings") if self.last_update_success else None
        return strings is not None and bool(limited(strings))

    @property
    @override
    def roofs(self) -> Sequence[Roof]:
        return (Roof(self.config_entry.title, limit_w=self._identity.max_active_w),)

    @property
    @override
    def battery(self) -> BatteryControl | None:
        return self._battery

    @override
    async def async_start(self) -> None:
        """Take the link, learn what hangs on it, and fetch the first values."""
        data = self.config_entry.data
        stack = AsyncExitStack()
        self._link = await stack.enter_async_context(
            async_link(self.hass, data[CONF_HOST], data[CONF_PORT])
        )
        self.config_entry.async_on_unload(stack.aclose)
        self.config_entry.async_on_unload(self._issues.forget)
        await super().async_start()

    @override
    async def _async_setup(self) -> None:
        """Learn who answers; raises ConfigEntryNotReady when it is another inverter."""
        try:
            self._identity = await async_probe(self._link, self._unit)
            if self._identity.serial != self.config_entry.data[CONF_DEVICE_ID]:
                raise WrongDeviceError
        except DeviceError as err:
            raise err.wrapped(ConfigEntryNotReady) from err
        self._plan = make_plan(self._identity)
        self._parts = parts_of(self._identity)
        if self._identity.battery_units:
            self._battery = LunaControl(self.hass, self.config_entry, self._plan)
            self._battery.adopt()

    @override
    async def _async_update_data(self) -> Inverter:
        clock = self.hass.loop.time
        started = clock()
        self._at = dt_util.utcnow()
        inverter = self._plan[0]
        self.update_interval = self._wanted
        try:
            await async_poll(self._link, self._unit, self._plan, self._at)
        except DeviceError as err:
            if not inverter.values:
                return self._night(err)
        else:
            took = timedelta(seconds=round(_SHARE * (clock() - started)))
            self.update_interval = max(self._wanted, took)
        finally:
            self._issues.report_link(self._link.take_losses() > 0)
        await self._async_look_after()
        return Inverter(self._identity, self._blocks())

    async def async_set(self, register: str, value: float) -> None:
        """Set one register by name; returns when the device has confirmed it.

        Raises ServiceValidationError while control is off, else DeviceError.
        """
        await self._async_write([(register, value)])
        self.async_show()

    @override
    async def async_limit_export(self, limit: ExportLimit) -> ExportLimit:
        said = await self._async_write(export_writes(limit, self._identity))
        self.async_show()
        return confirmed_limit(said)

    @callback
    def async_show(self) -> None:
        """Show what was read back after a write."""
        self.async_set_updated_data(Inverter(self._identity, self._blocks()))

    async def _async_write(self, writes: Sequence[Write]) -> dict[str, float | None]:
        if not self.config_entry.options.get(CONF_CONTROL):
            raise refusal("control_off", name=self.config_entry.title)
        async with async_writer(self.hass, self.config_entry, self._plan) as writer:
            return await writer.async_write(writes)

    async def _async_look_after(self) -> None:
        """Do what is due after a poll: the battery's command, counters, repairs."""
        if self._battery is not None:
            await self._battery.async_watch(values_of(self._plan, "battery").get("soc_percent"))
        self.counters.report(self._at)
        self._issues.report_meter(any(item.closed for item in self._plan), self._at)
        if self._at - self._probed_at >= _GROWTH:
            self._probed_at = self._at
            await self._async_grow()

    async def _async_grow(self) -> None:
        """Load the entry again when a meter or a battery has come."""
        try:
            grown = await async_grown(self._link, self._unit, self._identity)
        except DeviceError:
            # The next hour is soon enough.
            return
        if grown:
            LOGGER.info("%s has more behind it than before", self.config_entry.title)
            self.hass.config_entries.async_schedule_reload(self.config_entry.entry_id)

    def _night(self, err: DeviceError) -> Inverter:
        """Return what is true of an inverter that sleeps in the dark; else raise the error."""
        if self._identity.battery_units or is_up(self.hass) or self.data is None:
            raise err.wrapped(UpdateFailed) from err
        self.update_interval = _NIGHT_INTERVAL
        last = self.data.block("inverter") or {}
        return Inverter(self._identity, {"inverter": asleep(last)}, asleep=True)

    def _blocks(self) -> dict[str, Values]:
        blocks = {
            item.name: believed(self.counters, self._identity, item.name, item.values, self._at)
            for item in self._plan
            if item.values
        }
        if "settings" in blocks:
            # What is set has its limits in what the battery says of itself.
            blocks["settings"] = {**blocks.get("unit1", {}), **blocks["settings"]}
        return blocks

    @override
    def diagnostics(self) -> dict[str, Any]:
        return {
            "model": self._identity.model,
            "firmware": self._identity.firmware,
            "asleep": self.data.asleep,
            "blocks": {
                item.name: {"refused": item.refused, "failures": item.failures, **item.values}
                for item in self._plan
            },
            "counters": self.counters.diagnostics(),
        }
