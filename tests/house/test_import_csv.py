"""Exports of other programs, line by line."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, strategies as st
import pytest

from custom_components.energy_hub.house.import_csv import (
    NoTableError,
    Table,
    read_table,
    reasons,
)
from tests.ledger.tools import BRUSSELS, HOUR, local


def _read(text: str) -> Table:
    return read_table(text.splitlines(), BRUSSELS)


def test_hours_with_an_offset() -> None:
    table = _read(
        "start,pv,returned,Irradiance,note\n"
        "2026-06-17T12:00:00+02:00,1.25,0.5,620.5,fine\n"
        "2026-06-17T11:00:00.000Z,2,NULL,,\n"
    )
    ten = datetime(2026, 6, 17, 10, tzinfo=UTC)
    assert table.columns == {
        "solar": {ten: 1.25, ten + HOUR: 2.0},
        "export": {ten: 0.5},
        "irradiance": {ten: 620.5},
    }
    assert table.ignored == ["note"]
    assert table.rows == 2
    assert table.span == (ten, ten + 2 * HOUR)


def test_shorter_times_are_added_or_averaged() -> None:
    table = _read(
        "time;solar;temperature\n"
        "1781690400;0,25;20,5\n"
        "1781691300000;0,5;21,5\n"
        "1781691300;0,75;22,5\n"
    )
    ((hour, kwh),) = table.columns["solar"].items()
    assert hour == datetime(2026, 6, 17, 10, tzinfo=UTC)
    # The same time again replaces what was said before.
    assert kwh == 1.0
    assert table.columns["temperature"] == {hour: 21.5}


def test_local_times_of_the_day_of_25_hours() -> None:
    rows = "\n".join(f"2026-10-25 {hour:02}:00,{n}" for n, hour in enumerate((1, 2, 2, 3)))
    table = _read(f"start,solar\n{rows}\n")
    first = local("2026-10-25 01:00")
    assert table.columns["solar"] == {first + n * HOUR: float(n) for n in range(4)}


def test_what_cannot_be_true_spoils_its_day() -> None:
    table = _read(
        "start,solar,temperature\n"
        "2026-06-17 10:00,1,20\n"
        "yesterday,1,20\n"
        "2026-06-18 10:00,-1,20\n"
        "2026-06-19 10:00,much,20\n"
        "2026-06-20 10:00,1,200\n"
        "2026-06-21 10:00\n"
        "\n"
    )
    assert reasons(table) == {
        "2026-06-17": "row 2: no time",
        "2026-06-18": "row 3: solar is -1",
        "2026-06-19": "row 4: solar is 'much'",
        "2026-06-20": "row 5: temperature is 200",
    }


@pytest.mark.parametrize(
    ("text", "reason"),
    [("", "no_header"), ("\n", "no_header"), ("a,b\n1,2", "no_time"), ("start,b\n", "no_values")],
)
def test_what_is_no_table(text: str, reason: str) -> None:
    with pytest.raises(NoTableError, match=reason):
        _read(text)


def test_an_empty_table_has_no_span() -> None:
    assert _read("start,solar\n").span is None


@given(
    st.dictionaries(st.integers(0, 5000), st.floats(0, 50).map(lambda kwh: round(kwh, 3))),
    st.sampled_from((",", ";")),
)
def test_hours_come_back_as_they_were_written(hours: dict[int, float], mark: str) -> None:
    begin = datetime(2025, 12, 31, tzinfo=UTC)
    wanted = {begin + timedelta(hours=number): kwh for number, kwh in hours.items()}
    decimal = "," if mark == ";" else "."
    lines = [f"start{mark}solar"] + [
        f"{at.isoformat()}{mark}{str(kwh).replace('.', decimal)}" for at, kwh in wanted.items()
    ]
    table = read_table(lines, BRUSSELS)
    assert table.columns.get("solar", {}) == wanted
    assert not table.faulty


@given(st.lists(st.text(max_size=60), max_size=6))
def test_no_file_breaks_the_reader(lines: list[str]) -> None:
    try:
        table = read_table(["start,solar", *lines], BRUSSELS)
    except NoTableError:
        return
    kwh = [one for column in table.columns.values() for one in column.values()]
    assert all(one >= 0 for one in kwh)
