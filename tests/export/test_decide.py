"""The rules of retrying, splitting and parking, played to their end."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given, strategies as st

from custom_components.energy_hub.export.decide import Decision, decide
from custom_components.energy_hub.export.record import PLANT as WHOLE_PLANT, WHOLE, Record, State
from custom_components.energy_hub.export.verdict import Outcome, Verdict

from .tools import NOON, SERIALS, TARGET, message

ALL = frozenset(SERIALS)

type Server = Callable[[tuple[str, ...]], Verdict]


def record(*serials: str) -> Record:
    """Return a record that was not sent yet."""
    made = message(NOON, *serials)
    if not serials:
        made = replace(made, payload={**made.payload, "INFORMATION_MICRO_INVERTERS": []})
    return Record(
        id=1,
        target=TARGET,
        slot=made.slot,
        revision=0,
        payload=made.payload,
        live=True,
        failures=0,
        plan=WHOLE,
        refused={},
    )


def after(one: Record, decision: Decision) -> Record:
    """Return the record as it is taken the next time."""
    assert decision.plan
    return replace(one, plan=decision.plan, refused=decision.refused, failures=decision.failures)


def play(one: Record, server: Server) -> tuple[Decision, list[tuple[str, ...]]]:
    """Send until the record is at its end; return that, and which devices were sent when."""
    sent = []
    while True:
        sent.append(one.devices)
        assert len(sent) < 100
        decision = decide(one, server(one.devices), 1.0)
        if decision.state is not State.PENDING:
            assert not decision.plan
            return decision, sent
        one = after(one, decision)


def accepted(**rest: Any) -> Verdict:
    """Return the verdict of a good answer."""
    return Verdict(outcome=Outcome.ACCEPTED, status=200, **rest)


def test_a_record_that_is_taken_is_delivered() -> None:
    decision, sent = play(record(*SERIALS), lambda _devices: accepted())
    assert (decision.state, decision.refused, sent) == (State.DELIVERED, {}, [SERIALS])


@given(st.sets(st.sampled_from(SERIALS)))
def test_bad_devices_are_found_and_the_others_delivered(bad: set[str]) -> None:
    stored: Counter[str] = Counter()

    def server(devices: tuple[str, ...]) -> Verdict:
        if hit := bad & set(devices):
            return Verdict(outcome=Outcome.REFUSED, status=422, words=f"bad: {sorted(hit)}")
        stored.update(devices)
        return accepted()

    decision, sent = play(record(*SERIALS), server)
    assert stored == Counter(ALL - bad)
    assert decision.refused == {one: f"bad: ['{one}']" for one in bad}
    assert len(sent) <= 2 * len(SERIALS) - 1
    assert len(set(sent)) == len(sent)
    whole = State.PARKED if bad == ALL else State.PARTIAL
    assert decision.state is (whole if bad else State.DELIVERED)


def test_a_plant_without_devices_is_refused_as_a_whole() -> None:
    verdict = Verdict(outcome=Outcome.REFUSED, status=422, words="unknown plant")
    decision, sent = play(record(), lambda _devices: verdict)
    assert (decision.state, sent) == (State.PARKED, [()])
    assert decision.refused == {WHOLE_PLANT: "unknown plant"}


@given(st.integers(1, 5))
def test_what_is_too_large_is_halved_until_it_fits(most: int) -> None:
    def server(devices: tuple[str, ...]) -> Verdict:
        if len(devices) > most:
            return Verdict(outcome=Outcome.TOO_LARGE, status=413)
        return accepted()

    decision, sent = play(record(*SERIALS), server)
    assert decision.state is State.DELIVERED
    assert sorted(one for group in sent if len(group) <= most for one in group) == [*SERIALS]


@given(st.integers(0, 6))
def test_failed_devices_are_sent_again_three_times(failures: int) -> None:
    left = failures

    def server(devices: tuple[str, ...]) -> Verdict:
        nonlocal left
        if "B2" not in devices or left == 0:
            return accepted()
        left -= 1
        return accepted(failed={"B2": "not registered"})

    decision, sent = play(record(*SERIALS), server)
    assert sent == [SERIALS, *[("B2",)] * min(failures, 3)]
    if failures > 3:
        assert (decision.state, decision.refused) == (State.PARTIAL, {"B2": "not registered"})
    else:
        assert (decision.state, decision.refused) == (State.DELIVERED, {})


def test_between_two_tries_time_passes() -> None:
    one = record(*SERIALS)
    waits = []
    for _ in range(3):
        decision = decide(one, accepted(failed={"B2": "no"}), 1.0)
        assert decision.wait is not None
        waits.append(decision.wait.total_seconds())
        one = after(one, decision)
    assert waits == [30, 60, 120]


def test_a_device_that_is_not_named_is_sent_once_more_and_then_believed() -> None:
    def server(devices: tuple[str, ...]) -> Verdict:
        return accepted(missing=tuple(one for one in devices if one == "C3"))

    decision, sent = play(record(*SERIALS), server)
    assert sent == [SERIALS, ("C3",)]
    assert (decision.state, decision.unconfirmed) == (State.DELIVERED, ("C3",))


def test_an_unclear_answer_is_asked_for_twice_more() -> None:
    verdict = Verdict(outcome=Outcome.UNCLEAR, status=200, words="HTTP 200")
    decision, sent = play(record(*SERIALS), lambda _devices: verdict)
    assert sent == [SERIALS] * 3
    assert decision.state is State.PARKED
    assert decision.refused == dict.fromkeys(SERIALS, "HTTP 200")


@given(st.integers(0, 50))
def test_who_is_away_is_waited_for_without_an_end(failures: int) -> None:
    one = replace(record(*SERIALS), failures=failures)
    decision = decide(one, Verdict(outcome=Outcome.UNREACHED), 1.0)
    assert (decision.state, decision.plan) == (State.PENDING, WHOLE)
    assert decision.failures == failures + 1
    assert decision.wait == timedelta(seconds=min(30 * 2**failures, 1800))


def test_the_wish_of_the_server_wins() -> None:
    wish = Verdict(outcome=Outcome.UNREACHED, status=429, wait=timedelta(seconds=5))
    assert decide(record(*SERIALS), wish, 1.0).wait == timedelta(seconds=5)


@given(st.sampled_from([Outcome.DENIED, Outcome.MISPLACED]))
def test_what_a_user_must_mend_leaves_the_record_as_it_is(outcome: Outcome) -> None:
    decision = decide(record(*SERIALS), Verdict(outcome=outcome, status=403), 1.0)
    assert (decision.state, decision.plan, decision.wait) == (State.PENDING, WHOLE, None)


def test_a_part_that_is_left_goes_on_after_an_outage() -> None:
    one = record(*SERIALS)
    one = after(one, decide(one, Verdict(outcome=Outcome.REFUSED, status=422), 1.0))
    assert one.devices == ("A1", "B2")
    one = after(one, decide(one, Verdict(outcome=Outcome.UNREACHED), 1.0))
    assert (one.devices, one.failures) == (("A1", "B2"), 1)
    one = after(one, decide(one, accepted(), 1.0))
    assert (one.devices, one.failures) == (("C3", "D4"), 0)
    assert decide(one, accepted(), 1.0).state is State.DELIVERED
