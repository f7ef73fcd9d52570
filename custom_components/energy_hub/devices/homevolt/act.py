"""Commands of a Homevolt: a lease at the head of the plan, and the plan behind it.

The ECU does not notice that Home Assistant is gone, so that every command has an end there,
and something safe stands behind it. Whatever is written is read back as a whole.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.util import dt as dt_util

from ...command import BatteryPlan, Capability, Command, Confirmation, Mode, Schedule
from ...control import CONF_CONTROL, LEASE, refusal
from ...errors import DeviceError
from ...planned import PlannedBattery, Value
from .client import Ecu, NotConfirmedError, OutcomeUnknownError
from .compose import CLOCK_TOLERANCE, is_background, same_command
from .desk import Back, Desk
from .documents import Documents
from .issues import Issues
from .limits import Limits
from .local_time import can_be_told, tellable
from .modes import ACCEPTED, IDLED
from .parameters import LOCAL, as_text, check_readable, check_writable, shown
from .plan import TYPES, Entry, Plan
from .translate import entry_of, plan_of, schedule_of

_LONGEST: Final = timedelta(hours=48)
_FIELDS: Final = frozenset({"min_soc", "max_soc", "import_limit_w", "export_limit_w"})
# Commands whose outcome may still be open.
_REMEMBERED: Final = 3
_FOREVER: Final = datetime.max.replace(tzinfo=UTC)


class HomevoltControl(PlannedBattery):
    """The batteries of one cluster, which follow a plan together."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        ecu: Ecu,
        documents: Documents,
        issues: Issues,
        limits: Callable[[], Limits],
        show: Callable[[], None],
    ) -> None:
        """Prepare; `limits` tells what may be told now, `show` shows what was read back."""
        super().__init__(hass, entry)
        self._ecu = ecu
        self._documents = documents
        self._limits = limits
        self._show = show
        self._desk = Desk(hass, entry, ecu, documents, issues)
        self._issues = issues

    async def async_load(self) -> None:
        """Remember what was to be undone, and take over the lease of before a reload."""
        await self._desk.async_load(control=bool(self._entry.options.get(CONF_CONTROL)))
        self.adopt()
        if self.lease is not None:
            self._desk.given = [self._entry_of(self.lease.command, self.lease.ends)]
        elif self._desk.memory.took_local:
            self._clear_until = _FOREVER

    @property
    @override
    def capability(self) -> Capability:
        limits, proof = self._limits(), self._desk.proof
        cluster = limits.cluster
        return Capability(
            modes=frozenset(TYPES.values()) if proof is None else proof.accepted,
            charge_w=limits.battery_w,
            discharge_w=limits.battery_w,
            grid_w=limits.grid_w,
            soc=None if cluster is None else cluster.soc_percent,
            longest=_LONGEST,
            fields=_FIELDS,
        )

    @property
    @override
    def follows(self) -> bool | None:
        plan, at = self._documents.plan.value, self._documents.plan.at
        if self.lease is None or plan is None or at is None or at <= self.lease.given:
            return None
        if plan.local is False:
            return False
        return any(self._desk.is_own(one) and (one.end or at) > at for one in plan.entries)

    @property
    def engaged(self) -> bool:
        """Whether something of ours stands in the plan, so that it is worth a close look."""
        return self.lease is not None or self._desk.known is not None

    @override
    def check(self, command: Command) -> None:
        self.check_control()
        self._check_mode(command.mode)
        super().check(command)
        self._check_battery()

    @override
    def check_schedule(self, schedule: Schedule) -> None:
        self.check_control()
        self._check_mode(schedule.command.mode)
        super().check_schedule(schedule)
        self._check_battery()
        zone = dt_util.get_default_time_zone()
        for at in (schedule.start, schedule.end):
            if at is not None and not can_be_told(at, zone):
                raise refusal("time_is_double", time=at.astimezone(zone).strftime("%H:%M"))

    def _check_mode(self, mode: Mode) -> None:
        """Return unless the firmware is known not to take a mode."""
        proof = self._desk.proof
        verdict = ACCEPTED if proof is None else proof.verdicts.get(mode, ACCEPTED)
        if verdict != ACCEPTED:
            raise refusal("mode_turned_idle" if verdict == IDLED else "mode_refused", mode=mode)

    def _check_battery(self) -> None:
        """Return if the battery is well and its clock right; raises ServiceValidationError."""
        cluster = self._limits().cluster
        if cluster is not None and cluster.alarms:
            raise refusal("battery_alarm", alarms=", ".join(cluster.alarms))
        if self._clock_is_wrong():
            raise refusal("clock_wrong")

    def _clock_is_wrong(self) -> bool:
        """Return whether the ECU shows another time than it is here, as far as it shows one."""
        measured, at = self._documents.ems.value, self._documents.ems.at
        if measured is None or at is None:
            return False
        offset = at.astimezone(dt_util.get_default_time_zone()).utcoffset() or timedelta()
        shown_s = (measured.at_s, at.timestamp()), (measured.offset_s, offset.total_seconds())
        return any(
            told is not None and abs(told - here) > CLOCK_TOLERANCE.total_seconds()
            for told, here in shown_s
        )

    @override
    def _tellable(self, end: datetime, now: datetime) -> datetime:
        return tellable(end, now + LEASE / 2, dt_util.get_default_time_zone())

    def _entry_of(self, command: Command, end: datetime) -> Entry:
        return entry_of(command, dt_util.utcnow(), end, self._limits().ceiling_w)

    @override
    async def async_command(self, command: Command) -> Confirmation:
        try:
            return await super().async_command(command)
        finally:
            self._show()

    @override
    async def async_release(self) -> Confirmation:
        try:
            return await super().async_release()
        finally:
            self._show()

    @override
    async def _async_give(self, command: Command, until: datetime) -> Confirmation:
        entry, lease = self._entry_of(command, until), self._running
        plan = await self._desk.async_read()
        back = self._desk.kept(plan), lease
        running = [] if lease is None else [lease]
        self._desk.given = [*running, *self._desk.given[-_REMEMBERED:], entry]
        await self._desk.async_take(plan)
        await self._async_prove(command.mode, plan, back)
        plan = await self._desk.async_put(back[0], entry, back)
        said = plan.entries[0]
        return Confirmation(
            mode=command.mode,
            power_w=said.max_charge_w if command.mode is Mode.SOLAR_CHARGE else said.power_w,
            until=command.until,
            soc_limit=said.min_soc if said.max_soc is None else said.max_soc,
        )

    async def _async_prove(self, mode: Mode, before: Plan, back: Back) -> None:
        """Find out, once for each firmware, what it takes; raises ServiceValidationError.

        A mode that it does not take leaves the battery as it was, and so does a DeviceError
        as soon as the ECU answers.
        """
        if self._desk.proof is not None:
            return
        try:
            await self._desk.async_prove(before)
        except DeviceError:
            self._clear_until = dt_util.utcnow() + LEASE
            raise
        try:
            self._check_mode(mode)
        except ServiceValidationError:
            await self._desk.async_restore(back)
            raise

    @override
    async def _async_clear(self) -> Confirmation:
        plan = await self._desk.async_clear()
        entry = plan.active(dt_util.utcnow())
        if entry is None or entry.mode is None:
            return Confirmation(mode=Mode.IDLE)
        return Confirmation(mode=entry.mode, power_w=entry.power_w, until=entry.end)

    @override
    async def _async_watch(self, soc: float | None, now: datetime) -> None:
        lease, lost = self.lease, self.follows is False
        if self._clock_is_wrong():
            self._issues.report_clock(True)
        if lease is not None and lost and await self._async_booted(lease.given):
            await self._async_tell(lease.command)
            return
        await super()._async_watch(soc, now)
        if lost:
            self._desk.given = []
            await self._desk.async_know(None)
            await self._desk.memory.async_note_local(False)
        elif self._desk.was_changed():
            await self._desk.async_know(None)
            self._issues.report_changed(True)

    async def _async_booted(self, since: datetime) -> bool:
        """Return whether the ECU has booted, and so forgotten what it was told."""
        now = dt_util.utcnow()
        status = await self._documents.status.async_ask(self._ecu, now)
        if status.up_ms is None:
            return False
        return now - timedelta(milliseconds=status.up_ms) > since

    # The plan behind the command.

    @property
    @override
    def windows(self) -> Sequence[Schedule]:
        plan, now = self._documents.plan.value, dt_util.utcnow()
        if plan is None or not plan.local or not plan.manual:
            return ()
        ahead = [one for one in self._desk.behind(plan) if one.end is None or one.end > now]
        found = [schedule_of(one) for one in ahead if not is_background(one)]
        return [one for one in found if one is not None]

    @override
    async def async_plan(self) -> BatteryPlan:
        plan = await self._desk.async_read()
        self._show()
        return plan_of(plan)

    @override
    async def _async_add(self, schedule: Schedule) -> BatteryPlan:
        plan, back = await self._async_local_plan()
        self.check_schedule(schedule)
        await self._async_prove(schedule.command.mode, plan, back)
        entry = entry_of(schedule.command, schedule.start, schedule.end, self._limits().ceiling_w)
        kept, lease = back
        plan = await self._desk.async_put((*kept, entry), lease, back, own=entry)
        self._show()
        return plan_of(plan)

    @override
    async def _async_drop(self, number: int | None) -> BatteryPlan:
        plan, back = await self._async_local_plan()
        kept, lease = back
        rest: Sequence[Entry] = ()
        if number is not None:
            # One that a command has cut short is called by what is left of it.
            called = [one for one in plan.entries if _number(one) == number]
            rest = [
                one
                for one in kept
                if _number(one) != number and not any(same_command(one, it) for it in called)
            ]
            if len(rest) == len(kept):
                raise refusal("no_such_schedule", id=str(number))
        plan = await self._desk.async_put(rest, lease, back)
        self._show()
        return plan_of(plan)

    async def _async_local_plan(self) -> tuple[Plan, Back]:
        """Return the plan as it is now, and what it would go back to.

        Raises ServiceValidationError while local mode is off, or on only for a command; else
        DeviceError.
        """
        plan = await self._desk.async_read()
        if not plan.local or self._desk.memory.took_local:
            raise refusal("local_mode_off", name=self._entry.title)
        return plan, (self._desk.kept(plan), self._running)

    @property
    def _running(self) -> Entry | None:
        """The command that runs, as an entry."""
        return None if self.lease is None else self._entry_of(self.lease.command, self.lease.ends)

    # Local mode and the other parameters.

    async def async_set_local(self, on: bool) -> None:
        """Switch local mode for good, with nothing planned.

        Raises ServiceValidationError while control is off, else DeviceError.
        """
        self.check_control()
        async with self._lock:
            await self._async_switch(on)

    async def _async_switch(self, on: bool) -> None:
        await self._desk.async_switch(on)
        if not on:
            self._lease = self._clear_until = None
        self._show()

    @override
    async def async_parameter(self, key: str) -> Value:
        check_readable(key)
        value = shown(await self._documents.limits.async_ask(self._ecu, dt_util.utcnow()), key)
        if value is None:
            raise refusal("parameter_not_offered", parameter=key)
        return value

    @override
    async def _async_set_parameter(self, key: str, value: Value) -> Value:
        check_writable(key, value)
        if key == LOCAL:
            await self._async_switch(value is True)
            return value
        try:
            await self._ecu.set_parameter(key, as_text(value))
        except OutcomeUnknownError:
            if await self.async_parameter(key) != value:
                raise
        if await self.async_parameter(key) != value:
            raise NotConfirmedError
        return value


def _number(entry: Entry) -> int:
    """Return what an entry is called in answers and calls."""
    return int(entry.start.timestamp())
