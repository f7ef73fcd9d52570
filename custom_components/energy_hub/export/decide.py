"""What becomes of a record after an answer: the rules of retrying, splitting and parking."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from .pace import back_off
from .record import PLANT, Group, Record, State, devices_of
from .verdict import Outcome, Verdict

_RESENDS = 3
_UNCLEAR_RETRIES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The next state of a record."""

    state: State
    plan: tuple[Group, ...] = ()
    """What must be sent yet; empty when it is at its end."""
    refused: Mapping[str, str] = field(default_factory=dict)
    failures: int = 0
    wait: timedelta | None = None
    status: int | None = None
    words: str = ""
    unconfirmed: tuple[str, ...] = ()
    """Devices taken as stored although no answer named them."""


def decide(record: Record, verdict: Verdict, factor: float) -> Decision:
    """Return what becomes of a record; `factor` spreads the waiting of many houses."""
    match verdict.outcome:
        case Outcome.ACCEPTED:
            return _accepted(record, verdict, factor)
        case Outcome.UNCLEAR:
            return _unclear(record, verdict, factor)
        case Outcome.REFUSED | Outcome.TOO_LARGE:
            return _refused(record, verdict)
        case Outcome.UNWANTED:
            return _park(record, verdict)
        case Outcome.UNREACHED:
            failures = record.failures + 1
            wait = back_off(failures, factor) if verdict.wait is None else verdict.wait
            return _later(record, verdict, record.plan, failures=failures, wait=wait)
        case Outcome.DENIED | Outcome.MISPLACED:
            return _later(record, verdict, record.plan)


def _accepted(record: Record, verdict: Verdict, factor: float) -> Decision:
    """Send what failed again, at most three times; what is not named, once."""
    group, rest = record.plan[0], record.plan[1:]
    again = set(verdict.failed) if group.tries < _RESENDS else set()
    if group.tries == 0:
        again |= set(verdict.missing)
    refused = {
        **record.refused,
        **{one: verdict.failed[one] for one in verdict.failed.keys() - again},
    }
    unconfirmed = tuple(one for one in verdict.missing if one not in again)
    if again:
        rest = (*rest, Group(tuple(sorted(again)), group.tries + 1))
    return _next(
        record,
        verdict,
        rest,
        refused,
        wait=back_off(group.tries + 1, factor) if again else None,
        unconfirmed=unconfirmed,
    )


def _unclear(record: Record, verdict: Verdict, factor: float) -> Decision:
    """Try twice more, then give up what was sent."""
    group, rest = record.plan[0], record.plan[1:]
    if group.tries < _UNCLEAR_RETRIES:
        plan = (Group(group.devices, group.tries + 1), *rest)
        return _later(record, verdict, plan, wait=back_off(group.tries + 1, factor))
    return _park(record, verdict)


def _refused(record: Record, verdict: Verdict) -> Decision:
    """Halve until the bad device is alone, then give it up."""
    devices = record.devices
    if len(devices) < 2:
        return _park(record, verdict)
    middle = len(devices) // 2
    halves = Group(devices[:middle]), Group(devices[middle:])
    return _later(record, verdict, (*halves, *record.plan[1:]))


def _park(record: Record, verdict: Verdict) -> Decision:
    lost = dict.fromkeys(record.devices or (PLANT,), verdict.words)
    return _next(record, verdict, record.plan[1:], {**record.refused, **lost})


def _next(
    record: Record,
    verdict: Verdict,
    plan: tuple[Group, ...],
    refused: Mapping[str, str],
    *,
    wait: timedelta | None = None,
    unconfirmed: tuple[str, ...] = (),
) -> Decision:
    """Go on with the plan, or end it."""
    return Decision(
        state=State.PENDING if plan else _end(record, refused),
        plan=plan,
        refused=refused,
        wait=wait,
        status=verdict.status,
        words=verdict.words,
        unconfirmed=unconfirmed,
    )


def _later(
    record: Record,
    verdict: Verdict,
    plan: tuple[Group, ...],
    *,
    failures: int = 0,
    wait: timedelta | None = None,
) -> Decision:
    return Decision(
        state=State.PENDING,
        plan=plan,
        refused=record.refused,
        failures=failures,
        wait=wait,
        status=verdict.status,
        words=verdict.words,
    )


def _end(record: Record, refused: Mapping[str, str]) -> State:
    if not refused:
        return State.DELIVERED
    whole = set(devices_of(record.payload)) or {PLANT}
    return State.PARKED if whole <= refused.keys() else State.PARTIAL
