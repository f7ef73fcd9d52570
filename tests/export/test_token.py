"""A token: until when it is used, and which answers carry one."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.energy_hub.export.token import Token, token_of
from custom_components.energy_hub.export.verdict import Answer

from .tools import NOON

DAY = timedelta(days=1)


def told(expiration: object = None, *, value: object = "abc", status: int | None = 200) -> Any:
    """Return the token of an answer."""
    body = {"token": value, "expiration": expiration}
    return token_of(Answer(status=status, body=body), NOON)


@pytest.mark.parametrize(
    ("said", "end"),
    [
        ("2026-07-17T10:00:00+00:00", NOON + 30 * DAY),
        ("2026-07-17T10:00:00Z", NOON + 30 * DAY),
        ("2026-07-17T12:00:00+02:00", NOON + 30 * DAY),
        ("2026-07-17T10:00:00", NOON + 30 * DAY),
        (" 2026-07-17 10:00:00.250 ", NOON + 30 * DAY + timedelta(milliseconds=250)),
        ("2026-06-17T09:00:00Z", None),
        ("next spring", None),
        ("", None),
        (None, None),
        (1_784_000_000, None),
    ],
)
def test_the_end_of_a_token(said: object, end: datetime | None) -> None:
    assert told(said) == Token("abc", NOON, end)


@pytest.mark.parametrize(
    ("value", "status"),
    [("", 200), ("  ", 200), (None, 200), (7, 200), ("abc", 401), ("abc", None)],
)
def test_what_is_no_token(value: object, status: int | None) -> None:
    assert told(value=value, status=status) is None


@pytest.mark.parametrize("body", [None, [], "abc", {}])
def test_what_is_no_answer(body: Any) -> None:
    assert token_of(Answer(status=200, body=body), NOON) is None


@pytest.mark.parametrize(
    ("life", "margin"),
    [
        (timedelta(hours=1), timedelta(minutes=6)),
        (DAY, timedelta(hours=2.4)),
        (30 * DAY, DAY),
        (365 * DAY, DAY),
    ],
)
def test_a_token_is_renewed_before_its_end(life: timedelta, margin: timedelta) -> None:
    token = Token("abc", NOON, NOON + life)
    last = NOON + life - margin
    assert token.is_fresh(last - timedelta(seconds=1))
    assert not token.is_fresh(last)


def test_a_token_without_an_end_is_used_until_it_is_refused() -> None:
    assert Token("abc", NOON).is_fresh(NOON + 9999 * DAY)


@given(st.none() | st.datetimes(datetime(2026, 7, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_token_is_remembered(end: datetime | None) -> None:
    token = Token("abc", NOON, end)
    assert Token.from_state(token.as_state()) == token


def test_a_token_does_not_show_itself() -> None:
    assert "abc" not in repr(Token("abc", NOON))
