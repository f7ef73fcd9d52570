"""Where the plan of an ECU is worked on: read, taken over, written, put back."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from ...errors import DeviceError
from .client import Ecu, NotConfirmedError
from .compose import compose, same_command, still_says
from .documents import Documents
from .issues import Issues
from .memory import Memory
from .modes import ModeProof, async_prove, probe_entries
from .plan import Entry, Plan
from .write import ClockWrongError, PlanWriter, check_kept

type Back = tuple[Sequence[Entry], Entry | None]
"""What a plan goes back to: the entries that were kept, and a command before them."""

NOTHING: Final[Back] = ((), None)


class Desk:
    """The plan of one ECU, and what of it is ours."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        ecu: Ecu,
        documents: Documents,
        issues: Issues,
    ) -> None:
        """Prepare; nothing is asked yet."""
        self._ecu = ecu
        self._documents = documents
        self._issues = issues
        self._writer = PlanWriter(ecu, documents.plan)
        self.memory = Memory(hass, entry)
        self.given: list[Entry] = []
        """Commands of ours that may stand in the plan."""
        self.known: tuple[Entry, ...] | None = None
        """The plan as it was last written here; None when nobody here cares."""
        self._cut: list[Entry] = []

    async def async_load(self, *, control: bool) -> None:
        """Remember the last run; the plan only where control is still allowed."""
        await self.memory.async_load()
        if control:
            self.known, self._cut = self.memory.plan, self.memory.cut

    async def async_know(self, plan: Sequence[Entry] | None, cut: Iterable[Entry] = ()) -> None:
        """Keep what the plan is since it was written here, and what a command has cut in it."""
        self.known, self._cut = None if plan is None else tuple(plan), list(cut)
        await self.memory.async_note_plan(self.known, self._cut)

    @property
    def firmware(self) -> str:
        """What the ECU runs; empty where it does not say."""
        status = self._documents.status.value
        return (status.firmware if status else None) or ""

    @property
    def proof(self) -> ModeProof | None:
        """What the firmware does with each mode, as far as that was found out."""
        return self.memory.proof(self.firmware)

    async def async_read(self) -> Plan:
        """Return the plan as it is now; raises DeviceError."""
        return await self._writer.async_read()

    def is_own(self, entry: Entry) -> bool:
        """Return whether an entry is a command of ours."""
        return any(same_command(entry, one) for one in self.given)

    def kept(self, plan: Plan) -> tuple[Entry, ...]:
        """Return what of a plan stays behind a command; raises ForeignPlanError."""
        check_kept(plan, self.is_own)
        return self.behind(plan)

    def behind(self, plan: Plan) -> tuple[Entry, ...]:
        """Return what stands behind a command.

        What that has cut short begins when it did before, what it hides altogether is there.
        """
        if not plan.manual:
            return ()
        shown = [entry for entry in plan.entries if not self.is_own(entry)]
        whole = [
            next((one for one in self._cut if same_command(one, entry)), entry) for entry in shown
        ]
        return (*whole, *(one for one in self._hidden() if one not in whole))

    def _hidden(self) -> Sequence[Entry]:
        """Return what a command has cut, as long as nobody else has written the plan."""
        if self.known is None or self.was_changed():
            return ()
        now = dt_util.utcnow()
        return [one for one in self._cut if one.end is None or one.end > now]

    async def async_take(self, plan: Plan) -> None:
        """Switch local mode on if it is off, to be undone later; raises DeviceError."""
        if plan.local:
            return
        if plan.local is None:
            raise NotConfirmedError
        await self.memory.async_note_local(True)
        await self._ecu.set_local(True)

    async def async_prove(self, before: Plan) -> ModeProof:
        """Find out what the firmware takes; the plan must be written after it.

        Raises DeviceError; the probes count as ours then, so that they are taken out.
        """
        probes = [*probe_entries(dt_util.utcnow())]
        self.given = [*self.given, *probes]
        proof = await async_prove(self._writer, self.firmware, probes, before)
        await self.memory.async_note_proof(proof)
        return proof

    async def async_put(
        self,
        kept: Iterable[Entry],
        lease: Entry | None,
        back: Back = NOTHING,
        own: Entry | None = None,
    ) -> Plan:
        """Write the whole plan and return what is read back.

        Raises DeviceError. Then the plan is what it shall go back to, or idle, or nobody
        knows. `own` is an idle entry that keeps its bounds.
        """
        before = self._documents.plan.value
        kept = list(kept)
        try:
            plan = await self._writer.async_write(compose(kept, lease, dt_util.utcnow(), own))
        except DeviceError as err:
            if isinstance(err, ClockWrongError):
                self._issues.report_clock(True)
            await self._async_recover(back, before)
            raise
        self._issues.report_changed(False)
        self._issues.report_clock(False)
        end = None if lease is None else lease.end
        self.given = [] if lease is None else [lease]
        cut = [one for one in kept if end is not None and one.start < end]
        await self.async_know(plan.entries, cut)
        return plan

    async def _async_recover(self, back: Back, before: Plan | None) -> None:
        """Put back what was there, or else idle; what fails here is tried again later."""
        with suppress(DeviceError):
            plan = await self._writer.async_read()
            if before is not None and plan.entries == before.entries:
                return
        for kept, lease in (back, NOTHING):
            with suppress(DeviceError):
                wanted = compose(kept, lease, dt_util.utcnow())
                plan = await self._writer.async_write(wanted)
                await self.async_know(plan.entries, self._cut)
                return

    async def async_restore(self, back: Back) -> None:
        """Go back to a plan that was read before, and to who ruled; raises DeviceError."""
        await self.async_put(*back)
        if self.memory.took_local:
            await self.async_clear()

    async def async_clear(self) -> Plan:
        """Take our command out of the plan, and give local mode back; raises DeviceError."""
        plan = await self.async_read()
        took = self.memory.took_local
        if plan.local and (took or any(self.is_own(entry) for entry in plan.entries)):
            plan = await self.async_put(() if took else self.kept(plan), None)
        if took and plan.local:
            await self._ecu.set_local(False)
            plan = await self.async_read()
        await self.memory.async_note_local(False)
        self.given = []
        if not plan.local:
            await self.async_know(None)
        return plan

    async def async_switch(self, on: bool) -> Plan:
        """Switch local mode for good, with nothing planned, and return the plan after it.

        The plan of the one who ruled before would go on running: it is idled on both ways.
        """
        plan = await self.async_read()
        if on and not plan.local:
            await self._ecu.set_local(True)
            plan = await self.async_put((), None)
        elif plan.local and not on:
            await self.async_put((), None)
            await self._ecu.set_local(False)
            plan = await self.async_read()
            await self.async_know(None)
        await self.memory.async_note_local(False)
        return plan

    def was_changed(self) -> bool:
        """Return whether somebody else has changed the plan since it was written here."""
        plan, at = self._documents.plan.value, self._documents.plan.at
        if self.known is None or plan is None or at is None:
            return False
        return not still_says(plan, self.known, at)
