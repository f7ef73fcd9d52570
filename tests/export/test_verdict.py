"""What an answer means."""

from datetime import timedelta
from email.utils import format_datetime
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.energy_hub.export.verdict import Answer, Outcome, judge

from .tools import NOON, PLANT

SENT = ("A1", "B2")


def results(*rows: Any) -> dict[str, Any]:
    """Return the body of an answer."""
    return {"data": {"results": [*rows]}}


def device(name: object, status: object = "ok", message: object = "") -> dict[str, Any]:
    """Return the row of a device."""
    return {"id_device": name, "status": status, "message": message}


PLANT_ROW = {"id_plant": PLANT, "status": "ok"}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.sampled_from(["data", "results", "id_plant", "id_device", "status", "message"])
            | st.text(),
            inner,
        )
    ),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (None, Outcome.UNREACHED),
        (302, Outcome.MISPLACED),
        (307, Outcome.MISPLACED),
        (400, Outcome.REFUSED),
        (401, Outcome.DENIED),
        (402, Outcome.MISPLACED),
        (403, Outcome.DENIED),
        (404, Outcome.MISPLACED),
        (405, Outcome.MISPLACED),
        (408, Outcome.UNREACHED),
        (409, Outcome.ACCEPTED),
        (410, Outcome.MISPLACED),
        (413, Outcome.TOO_LARGE),
        (422, Outcome.REFUSED),
        (425, Outcome.UNREACHED),
        (429, Outcome.UNREACHED),
        (500, Outcome.UNREACHED),
        (503, Outcome.UNREACHED),
        (599, Outcome.UNREACHED),
    ],
)
def test_a_status_has_its_class(status: int | None, outcome: Outcome) -> None:
    verdict = judge(Answer(status=status, body={"message": " no\n way "}), PLANT, SENT, NOON)
    assert (verdict.outcome, verdict.status) == (outcome, status)
    assert verdict.words == "no way"
    assert not verdict.failed
    assert not verdict.missing


@pytest.mark.parametrize("status", [200, 201, 202, 207])
def test_everything_is_stored(status: int) -> None:
    body = results(device("A1"), PLANT_ROW, device(" B2 ", "stored"))
    verdict = judge(Answer(status=status, body=body), PLANT, SENT, NOON)
    assert verdict.outcome is Outcome.ACCEPTED
    assert not verdict.failed
    assert not verdict.missing


def test_some_devices_fail() -> None:
    body = results(PLANT_ROW, device("A1"), device("B2", " ERROR", "not registered"))
    verdict = judge(Answer(status=200, body=body), PLANT, SENT, NOON)
    assert verdict.outcome is Outcome.ACCEPTED
    assert verdict.failed == {"B2": "not registered"}
    assert not verdict.silent


def test_numbers_and_texts_name_the_same() -> None:
    body = results({"id_plant": str(PLANT)}, device(77, "error"), {"id_device": "78"})
    verdict = judge(Answer(status=200, body=body), PLANT, ("77", "78"), NOON)
    assert verdict.failed == {"77": ""}
    assert not verdict.missing


def test_rows_are_missing() -> None:
    body = results(PLANT_ROW, device("A1"), device("Z9", "error", "of somebody else"))
    verdict = judge(Answer(status=200, body=body), PLANT, SENT, NOON)
    assert (verdict.missing, verdict.silent, verdict.failed) == (("B2",), False, {})


def test_a_server_may_name_only_errors() -> None:
    body = results(PLANT_ROW, device("A1", "error", "no"))
    verdict = judge(Answer(status=200, body=body), PLANT, SENT, NOON)
    assert (verdict.missing, verdict.silent, verdict.failed) == (("B2",), True, {"A1": "no"})


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (None, "HTTP 200"),
        ([], "HTTP 200"),
        ({"data": []}, "HTTP 200"),
        ({"data": {"results": {}}, "message": "queued"}, "queued"),
        (results(), "HTTP 200"),
        (results(device("A1"), device("B2")), "HTTP 200"),
        (results({"id_plant": 1}, device("A1"), device("B2")), "HTTP 200"),
        (results({"id_plant": PLANT, "status": "error", "message": "not active"}), "not active"),
        (
            results(PLANT_ROW, {"id_plant": PLANT, "status": "error", "message": "not active"}),
            "not active",
        ),
    ],
)
def test_without_a_good_row_of_the_plant_it_is_unclear(body: Any, words: str) -> None:
    verdict = judge(Answer(status=200, body=body), PLANT, SENT, NOON)
    assert (verdict.outcome, verdict.words) == (Outcome.UNCLEAR, words)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("90", 90),
        (" 0 ", 0),
        (format_datetime(NOON + timedelta(minutes=5), usegmt=True), 300),
        (format_datetime(NOON - timedelta(minutes=5), usegmt=True), 0),
        ("9" * 400, 10**9),
        ("-1", None),
        ("soon", None),
        ("Wed, 17 Jun 2026 10:05:00", None),
        (None, None),
    ],
)
def test_how_long_the_server_wants_to_be_left_alone(
    said: str | None, seconds: float | None
) -> None:
    answer = Answer(status=429, retry_after=said)
    wait = judge(answer, PLANT, SENT, NOON).wait
    assert wait == (None if seconds is None else timedelta(seconds=seconds))


def test_words_fit_to_be_shown() -> None:
    said = "no\x00\r\n\t such   field\x1b[31m " + "x" * 1000
    words = judge(Answer(status=422, body={"message": said}), PLANT, SENT, NOON).words
    assert words.startswith("no such field [31m xxx")
    assert len(words) == 300
    way = Answer(status=None, words="no answer in time")
    assert judge(way, PLANT, SENT, NOON).words == "no answer in time"


@given(st.none() | st.integers(100, 599), JSON, st.none() | st.text())
def test_nothing_that_comes_is_a_surprise(
    status: int | None, body: Any, retry_after: str | None
) -> None:
    answer = Answer(status=status, body=body, retry_after=retry_after)
    verdict = judge(answer, PLANT, SENT, NOON)
    assert set(verdict.failed) | set(verdict.missing) <= set(SENT)
    assert not set(verdict.failed) & set(verdict.missing)
