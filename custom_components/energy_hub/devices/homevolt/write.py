"""Writing a plan: entry by entry, and always read back as a whole."""

from collections.abc import Callable, Sequence
from typing import Final

from homeassistant.util import dt as dt_util

from ...errors import DeviceError, InvalidAuthError
from .client import Ecu, NotConfirmedError, OutcomeUnknownError
from .compose import MOST_ENTRIES, Wanted, agrees, can_be_kept
from .console import Verb, line
from .plan import Entry, Plan
from .poll import Document

_TIMES: Final = ("start", "end")


class PlanTooLongError(DeviceError):
    """So many entries no ECU has been seen to take."""

    key = "plan_too_long"


class ForeignPlanError(DeviceError):
    """The plan holds what only a partner can write: it would be lost by writing it again."""

    key = "foreign_plan"


class ClockWrongError(DeviceError):
    """The ECU understands other moments than were meant."""

    key = "clock_wrong"


class PlanWriter:
    """Reads and writes the plan of one ECU; `document` also gets what was read."""

    def __init__(self, ecu: Ecu, document: Document[Plan]) -> None:
        """Prepare; nothing is asked yet."""
        self._ecu = ecu
        self._document = document

    async def async_read(self) -> Plan:
        """Return the plan as it is now; raises DeviceError."""
        return await self._document.async_ask(self._ecu, dt_util.utcnow())

    async def async_write(self, wanted: Sequence[Wanted]) -> Plan:
        """Write a whole plan and return what the ECU says of it.

        Raises DeviceError: nothing was sent, or some of it was; the caller knows what was
        there before. Nothing is ever sent twice.
        """
        if len(wanted) > MOST_ENTRIES:
            raise PlanTooLongError
        for number, text in enumerate(_lines(wanted)):
            await self._async_send(text, wanted[: number + 1])
        plan = await self._async_read_back()
        if not agrees(plan, wanted):
            plan = await self._async_read_back()
        if not agrees(plan, wanted):
            raise _disagreement(plan, wanted)
        return plan

    async def async_add(self, wanted: Wanted) -> None:
        """Add one entry without reading it back; errors as with `Ecu.console`."""
        await self._ecu.console(line(Verb.ADD, wanted, dt_util.get_default_time_zone()))

    async def _async_send(self, text: str, so_far: Sequence[Wanted]) -> None:
        try:
            await self._ecu.console(text)
        except OutcomeUnknownError:
            if not agrees(await self._async_read_back(), so_far):
                raise

    async def _async_read_back(self) -> Plan:
        """Return the plan after something was sent.

        Raises OutcomeUnknownError or InvalidAuthError.
        """
        try:
            return await self.async_read()
        except InvalidAuthError:
            raise
        except DeviceError as err:
            raise OutcomeUnknownError from err


def _lines(wanted: Sequence[Wanted]) -> list[str]:
    """Return all lines, before the first one is sent."""
    zone = dt_util.get_default_time_zone()
    try:
        return [
            line(Verb.ADD if number else Verb.SET, one, zone) for number, one in enumerate(wanted)
        ]
    except ValueError as err:
        raise ClockWrongError from err


def _disagreement(plan: Plan, wanted: Sequence[Wanted]) -> DeviceError:
    """Return what is wrong with a plan that is not what was written."""
    modes = [one.entry.mode for one in wanted]
    if plan.local and [entry.mode for entry in plan.entries] == modes:
        pairs = zip(wanted, plan.entries, strict=True)
        if any(_other_time(one.entry, entry) for one, entry in pairs):
            return ClockWrongError()
    return NotConfirmedError()


def _other_time(wanted: Entry, entry: Entry) -> bool:
    """Return whether a time is off by so much that the clock must be another one."""
    for name in _TIMES:
        first, second = getattr(wanted, name), getattr(entry, name)
        if first and second and abs((first - second).total_seconds()) > 60:
            return True
    return False


def check_kept(plan: Plan, is_own: Callable[[Entry], bool]) -> None:
    """Return if what is not ours could be written again; raises ForeignPlanError.

    A plan of the partner is not kept: it is pushed again when the partner rules again.
    """
    if plan.manual and not can_be_kept(one for one in plan.entries if not is_own(one)):
        raise ForeignPlanError
