"""One Envoy: asked quickly for what moves, slowly for the rest, and never too much."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from datetime import UTC, datetime, timedelta
from typing import Any, Final, override

from homeassistant.const import CONF_HOST
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryNotReady
from homeassistant.helpers.sun import is_up
from homeassistant.helpers.update_coordinator import UpdateFailed
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from ...const import CONF_DEVICE_ID, DOMAIN
from ...coordinator import HubConfigEntry, HubCoordinator, Part
from ...errors import CannotConnectError, DeviceError, WrongDeviceError
from ...flow_base import split_host
from ...reading import Reading, Shown
from .access import Access
from .certificate import async_fingerprint
from .client import CtType, EnvoyData, Gateway, Identity, async_gateway
from .errors import CertificateChangedError, IncompleteError, TokenRefusedError
from .fleet import Fleet, units
from .guard import believed, believed_inverters, days_of, seven_days
from .host import authority
from .issues import async_report_certificate
from .metrics import main_parts, new_parts
from .options import CONF_CERTIFICATE, CONF_PATHS, INTERVAL
from .paths import (
    BATTERY_POWER,
    INVERTERS,
    LIVE_REPORT,
    PERIODS,
    READINGS,
    REPORTS,
    SOURCES,
    SUMMARY,
)
from .plant import Plant
from .read import read
from .readings import readings, shown
from .record import anonymous

# Without transformers nothing changes faster.
_SLOW_SECONDS: Final = 60
_LOOK_EVERY: Final = timedelta(hours=1)
_VALID_PASSES: Final = 3
# How many starts wait for what was there before: a busy gateway answers one after the other.
_PATIENT_STARTS: Final = 3
# A gateway that nobody knows yet, and that is busy, is given a moment; then it is met as it is.
_PATIENT_LOOKS: Final = 2
_LOOK_AGAIN_SECONDS: Final = 3
_DOUBT_EVERY: Final = timedelta(minutes=5)
_STARTS: HassKey[dict[str, int]] = HassKey(f"{DOMAIN}_enphase_starts")


class EnphaseCoordinator(HubCoordinator[Plant]):
    """Reads one gateway."""

    _gateway: Gateway
    _access: Access
    _identity: Identity
    _firmware: str | None = None

    def __init__(self, hass: HomeAssistant, entry: HubConfigEntry) -> None:
        """Prepare the gateway that the entry was made for."""
        super().__init__(hass, entry, timedelta(seconds=INTERVAL.read(entry)))
        self._parts: list[Part] = []
        self._live: set[str] = set()
        self._fleet = Fleet()
        self._energies: dict[str, float | None] = {}
        self._listed_at: float | None = None
        self._next_look: datetime | None = None
        self._doubts: frozenset[str] | set[str] = frozenset()
        self._at = self._next_care = self._next_doubt = dt_util.utcnow()

    @property
    @override
    def parts(self) -> Sequence[Part]:
        return self._parts

    @override
    def view(self, part: Part) -> Any:
        return self.data if part.child is None else self.data.child(part.child)

    @property
    @override
    def readings(self) -> Sequence[Reading]:
        if not self.last_update_success:
            return ()
        valid_for = _VALID_PASSES * (self.update_interval or _LOOK_EVERY)
        return readings(self._identity.serial, self.data, self._at, valid_for)

    @override
    def shown(self, reading: Reading) -> Shown:
        return shown(self._identity.serial, reading.flow)

    @override
    async def _async_setup(self) -> None:
        """Connect, see who answers, and log in; raises ConfigEntryNotReady."""
        now = dt_util.utcnow()
        try:
            await self._async_connect()
            await self._async_look(now)
            await self._access.async_open(self._identity, now)
        except DeviceError as err:
            self._note(err)
            raise err.wrapped(ConfigEntryNotReady) from err
        # What is refused now is refused although the token is good.
        self._gateway.replies.trusted = True

    async def _async_connect(self) -> None:
        """Open a session that talks to the trusted certificate only."""
        entry = self.config_entry
        host = entry.data[CONF_HOST]
        if CONF_CERTIFICATE not in entry.data:
            shown = await async_fingerprint(*split_host(host))
            self.hass.config_entries.async_update_entry(
                entry, data={**entry.data, CONF_CERTIFICATE: shown}
            )
        stack = AsyncExitStack()
        self._gateway = await stack.enter_async_context(
            async_gateway(authority(host), entry.data[CONF_CERTIFICATE], self.hass.loop.time)
        )
        entry.async_on_unload(stack.aclose)
        self._access = Access(self.hass, entry, self._gateway)

    async def _async_look(self, now: datetime) -> None:
        """See who answers now; other firmware is met by a reload. Raises DeviceError."""
        entry, known = self.config_entry, self._firmware
        found = await self._gateway.async_identify()
        if found.serial != entry.data[CONF_DEVICE_ID]:
            raise WrongDeviceError
        if found.legacy and entry.data[CONF_CERTIFICATE]:
            # Firmware that speaks TLS does not go back: this is not who it says.
            raise CannotConnectError
        self._identity, self._next_look = found, now + _LOOK_EVERY
        self._firmware = found.firmware
        if found.clock_s is not None:
            self._fleet.skew = datetime.fromtimestamp(found.clock_s, UTC) - now
        if known not in {None, found.firmware}:
            self.hass.config_entries.async_schedule_reload(entry.entry_id)

    @override
    async def _async_update_data(self) -> Plant:
        self._at = now = dt_util.utcnow()
        try:
            if self._next_look is None or now >= self._next_look:
                await self._async_look(now)
            data = await self._async_read(now)
        except DeviceError as err:
            # The next pass begins with a small question to see whether anybody is there.
            self._next_look = None
            self._note(err)
            raise err.wrapped(UpdateFailed) from err
        self._note(None)
        if self.data is not None and now >= self._next_care:
            # Not in the first pass: a cloud that is away would hold up the start.
            self._next_care = now + _LOOK_EVERY
            await self._access.async_care(now)
        plant = self._plant(data, now)
        if not self._parts:
            self._parts += main_parts(self._identity, self._gateway.model, plant)
        self._parts += new_parts(plant, {part.child or "" for part in self._parts})
        self.counters.report(now)
        return plant

    async def _async_read(self, now: datetime) -> EnvoyData:
        """Return everything; raises DeviceError."""
        replies = self._gateway.replies
        try:
            data = await self._gateway.async_update()
        except TokenRefusedError:
            await self._access.async_refused(now)
            replies.trusted = True
            data = await self._gateway.async_update()
        finally:
            replies.trusted = False
        self._access.accepted()
        if not self._parts:
            data = await self._async_begin(data)
        elif self._doubts and now >= self._next_doubt:
            await self._async_doubt(now)
        if not replies.failed.isdisjoint(self._live):
            self._next_look = None
        return data

    async def _async_begin(self, data: EnvoyData) -> EnvoyData:
        """Take up the pace that this gateway needs, and return what it said in the end.

        Raises IncompleteError while it does not show what it has shown before.
        """
        entry, replies = self.config_entry, self._gateway.replies
        known = entry.data.get(CONF_PATHS)
        if known is None:
            for _ in range(_PATIENT_LOOKS):
                if replies.unsure.isdisjoint(SOURCES):
                    break
                await asyncio.sleep(_LOOK_AGAIN_SECONDS)
                data = await self._gateway.async_look_again()
        found = SOURCES & replies.known & set(data.raw)
        lost = (SOURCES & set(known or ())) - found
        starts = self.hass.data.setdefault(_STARTS, {})
        if lost and starts.get(entry.entry_id, 0) < _PATIENT_STARTS:
            starts[entry.entry_id] = starts.get(entry.entry_id, 0) + 1
            raise IncompleteError
        starts.pop(entry.entry_id, None)
        self._doubts = lost | (SOURCES & replies.unsure)
        self._next_doubt = self._at + _DOUBT_EVERY
        if sorted(found) != known:
            self.hass.config_entries.async_update_entry(
                entry, data={**entry.data, CONF_PATHS: sorted(found)}
            )
        self._take_pace(data)
        return data

    async def _async_doubt(self, now: datetime) -> None:
        """See whether what was missing at the start is there by now; a reload takes it up."""
        self._next_doubt = now + _DOUBT_EVERY
        for path in self._doubts:
            with suppress(DeviceError):
                if await self._gateway.async_has(path):
                    self.hass.config_entries.async_schedule_reload(self.config_entry.entry_id)
                    return

    def _take_pace(self, data: EnvoyData) -> None:
        """Ask as often as this gateway has something new."""
        entry, replies = self.config_entry, self._gateway.replies
        measured = READINGS in replies.known
        seconds = INTERVAL.read(entry) if measured else max(_SLOW_SECONDS, INTERVAL.read(entry))
        self.update_interval = timedelta(seconds=seconds)
        replies.interval = seconds
        if CtType.PRODUCTION not in data.ctmeters:
            replies.periods = {**PERIODS, **LIVE_REPORT}
        self._live = {READINGS} if measured else {SUMMARY, *REPORTS}

    def _plant(self, data: EnvoyData, now: datetime) -> Plant:
        """Return what is shown of a pass."""
        replies, serial, fleet = self._gateway.replies, self._identity.serial, self._fleet
        listed_at = replies.at(INVERTERS)
        if listed_at is None or listed_at != self._listed_at:
            self._listed_at = listed_at
            fleet.update(data, now)
            self._energies = believed_inverters(self.counters, fleet, now)
        said = read(data, replies.is_stale)
        energy = believed(self.counters, serial, said, fleet, now)
        days = days_of(self.counters, serial, energy["production"], said, fleet, now)
        local = dt_util.as_local(now)
        return Plant(
            said=said,
            energy=energy,
            today_kwh=_rounded(days.today(local)),
            month_kwh=_rounded(days.month(local)),
            seven_days_kwh=_rounded(seven_days(days, said, fleet, now)),
            inverters=fleet.shown(self._energies, now, dark=not is_up(self.hass)),
            units=units(data, fresh=not replies.is_stale(BATTERY_POWER)),
        )

    @callback
    def _note(self, err: DeviceError | None) -> None:
        """Ask the user about a certificate that has changed, as long as it has."""
        if err is None or isinstance(err, CertificateChangedError):
            shown = None if err is None else err.fingerprint
            async_report_certificate(self.hass, self.config_entry, shown)

    @override
    def diagnostics(self) -> dict[str, Any]:
        replies = self._gateway.replies
        return {
            "firmware": self._identity.firmware,
            "part_number": self._identity.part_number,
            "model": self._gateway.model,
            "clock_skew_s": round(self._fleet.skew.total_seconds()),
            "interval_s": replies.interval,
            "failed": sorted(replies.failed),
            "unsure": sorted(replies.unsure),
            "inverters": len(self.data.inverters),
            "silent": self.data.silent,
            "batteries": len(self.data.units),
            "counters": self.counters.diagnostics(),
            "replies": anonymous(replies.records),
        }


def _rounded(kwh: float | None) -> float | None:
    """Return a figure in whole Wh, as the counters count."""
    return None if kwh is None else round(kwh, 3)
