"""Tariffs: since when which one holds, how they are stored, what is refused."""

from datetime import UTC, date, datetime, time, timedelta
import json
from random import Random
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.energy_hub.ledger.capacity import Capacity, FloorOf
from custom_components.energy_hub.ledger.check import Problem, TariffError
from custom_components.energy_hub.ledger.price import (
    DayNightPrice,
    FlatPrice,
    Price,
    SeriesPrice,
    Window,
)
from custom_components.energy_hub.ledger.tariff import BEGINNING, Fees, Tariff, Tariffs, Version

from .tools import BRUSSELS, EARLIEST, HOUR, LATEST, QUARTER, always, flat, local

NEW_YEAR = local("2026-01-01 00:00")
JULY = local("2026-07-01 00:00")


def test_nothing_holds_before_the_first_tariff() -> None:
    tariffs = Tariffs((Version(NEW_YEAR, flat(0.3)),), BRUSSELS)
    assert tariffs.at(NEW_YEAR - QUARTER) is None
    assert tariffs.import_price(NEW_YEAR - QUARTER, {}) is None
    assert tariffs.export_price(NEW_YEAR - QUARTER, {}) is None
    assert tariffs.import_price(NEW_YEAR, {}) == 0.3


def test_feed_in_that_nobody_described_is_unknown_and_unpaid_feed_in_is_0() -> None:
    assert always(flat(0.3)).export_price(JULY, {}) is None
    assert always(flat(0.3, FlatPrice(0))).export_price(JULY, {}) == 0


def test_a_changed_price_leaves_the_past_alone() -> None:
    tariffs = always(flat(0.3)).changed(JULY, flat(0.25))
    assert tariffs.import_price(JULY - QUARTER, {}) == 0.3
    assert tariffs.import_price(JULY, {}) == 0.25


def test_a_correction_of_the_past_ends_where_the_next_tariff_begins() -> None:
    tariffs = always(flat(0.3)).changed(JULY, flat(0.25)).changed(NEW_YEAR, flat(0.28))
    prices = [
        tariffs.import_price(at, {})
        for at in (NEW_YEAR - QUARTER, NEW_YEAR, JULY - QUARTER, JULY, JULY + 365 * 24 * HOUR)
    ]
    assert prices == [0.3, 0.28, 0.28, 0.25, 0.25]


def test_the_same_moment_again_replaces() -> None:
    tariffs = always(flat(0.3)).changed(JULY, flat(0.25)).changed(JULY, flat(0.26))
    assert len(tariffs.versions) == 2
    assert tariffs.import_price(JULY, {}) == 0.26
    assert tariffs.changed(BEGINNING, flat(0.1)).import_price(NEW_YEAR, {}) == 0.1


def test_a_tariff_begins_at_a_full_quarter() -> None:
    with pytest.raises(TariffError) as raised:
        always(flat(0.3)).changed(JULY + timedelta(minutes=7), flat(0.25))
    assert (raised.value.field, raised.value.problem) == ("since", Problem.NOT_A_QUARTER)


def test_a_moment_of_another_zone_is_the_same_moment() -> None:
    tariffs = always(flat(0.3)).changed(JULY.astimezone(BRUSSELS), flat(0.25))
    assert tariffs.versions[1].since == JULY
    assert tariffs.versions[1].since.tzinfo is UTC
    assert tariffs.import_price(JULY.astimezone(ZoneInfo("Asia/Tokyo")), {}) == 0.25


# --- fees -----------------------------------------------------------------------------

ZONES = [
    "Europe/Brussels",
    "America/Bogota",
    "Australia/Lord_Howe",  # half an hour of summer time
    "America/Santiago",  # midnight does not exist on a day of spring
    "America/Havana",  # midnight comes twice on a day of autumn
    "Asia/Kathmandu",
]


@given(
    st.sampled_from(ZONES),
    st.dates(date(2015, 1, 1), date(2035, 12, 31)),
    st.floats(-1000, 1000),
)
def test_fees_add_up_over_month_and_year(zone_name: str, day: date, amount: float) -> None:
    zone = ZoneInfo(zone_name)
    month, year = day.replace(day=1), day.replace(month=1, day=1)
    next_month = (month + timedelta(days=32)).replace(day=1)
    monthly = always(Tariff(import_price=FlatPrice(0), fees=Fees(month=amount)), zone)
    yearly = always(Tariff(import_price=FlatPrice(0), fees=Fees(year=amount)), zone)
    daily = always(Tariff(import_price=FlatPrice(0), fees=Fees(day=amount)), zone)
    next_year = year.replace(year=year.year + 1)
    assert total(monthly, month, next_month, zone) == pytest.approx(amount, abs=1e-9)
    assert total(yearly, year, next_year, zone) == pytest.approx(amount, abs=1e-9)
    assert total(daily, day, day + timedelta(days=1), zone) == pytest.approx(amount, abs=1e-9)


def total(tariffs: Tariffs, first: date, last: date, zone: ZoneInfo) -> float:
    start, end = (datetime.combine(day, time(), zone).astimezone(UTC) for day in (first, last))
    return sum(
        piece.tariff.fees.of_day(piece.day) * piece.share
        for piece in tariffs.pieces(start, end)
        if piece.tariff
    )


@pytest.mark.parametrize(
    ("day", "hours"), [("2026-03-29", 23), ("2026-06-15", 24), ("2026-10-25", 25)]
)
def test_an_hour_is_its_part_of_a_long_or_short_day(day: str, hours: int) -> None:
    start = local(f"{day} 00:00")
    pieces = [*always(flat(0)).pieces(start, start + hours * HOUR)]
    assert [piece.share for piece in pieces] == [1.0]
    (piece,) = always(flat(0)).pieces(start + HOUR, start + 2 * HOUR)
    assert piece.share == pytest.approx(1 / hours)


@given(
    st.sampled_from(ZONES),
    st.datetimes(EARLIEST, LATEST, timezones=st.just(UTC)),
    st.timedeltas(timedelta(0), timedelta(days=40)),
    st.lists(st.integers(0, 40 * 96), max_size=3),
)
def test_pieces_are_the_span_without_hole_or_overlap(
    zone_name: str, start: datetime, length: timedelta, changes: list[int]
) -> None:
    zone = ZoneInfo(zone_name)
    quarter = start.replace(minute=0, second=0, microsecond=0)
    tariffs = always(flat(0), zone)
    for n in changes:
        tariffs = tariffs.changed(quarter + n * QUARTER, flat(n))
    at = start
    for piece in tariffs.pieces(start, start + length):
        assert piece.start == at < piece.end
        assert piece.day == piece.start.astimezone(zone).date()
        assert (piece.end - timedelta(microseconds=1)).astimezone(zone).date() == piece.day
        assert piece.tariff is tariffs.at(piece.end - timedelta(microseconds=1))
        assert 0 < piece.share <= 1
        at = piece.end
    assert at == start + length


# --- storage --------------------------------------------------------------------------

AMOUNTS = st.floats(-1e6, 1e6)
CLOCKS = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
WINDOWS = st.builds(Window, st.frozensets(st.integers(0, 6), min_size=1), start=CLOCKS, end=CLOCKS)
PRICES: st.SearchStrategy[Price] = st.one_of(
    st.builds(FlatPrice, AMOUNTS),
    st.builds(DayNightPrice, AMOUNTS, AMOUNTS, st.tuples(WINDOWS) | st.tuples(WINDOWS, WINDOWS)),
    st.builds(SeriesPrice, st.text(min_size=1), AMOUNTS, AMOUNTS, st.floats(0, 100)),
)
NOT_BELOW_ZERO = st.floats(0, 1e6)
TARIFFS = st.builds(
    Tariff,
    import_price=PRICES,
    export_price=st.none() | PRICES,
    fees=st.builds(Fees, day=AMOUNTS, month=AMOUNTS, year=AMOUNTS),
    capacity=st.none()
    | st.builds(
        Capacity,
        rate=NOT_BELOW_ZERO,
        floor_kw=NOT_BELOW_ZERO,
        floor_of=st.sampled_from(FloorOf),
        max_per_kwh=st.none() | NOT_BELOW_ZERO,
    ),
)


@given(TARIFFS, st.dictionaries(st.integers(0, 10**6), TARIFFS, max_size=3), st.randoms())
def test_what_is_stored_comes_back(first: Tariff, later: dict[int, Tariff], random: Random) -> None:
    tariffs = always(first)
    for n, tariff in later.items():
        tariffs = tariffs.changed(NEW_YEAR + n * QUARTER, tariff)
    stored = json.loads(json.dumps(tariffs.as_dict()))
    random.shuffle(stored["versions"])
    assert Tariffs.from_dict(stored, BRUSSELS) == tariffs


def test_what_was_not_entered_has_a_default() -> None:
    entered = {"import": {"kind": "day_night", "day": 0.3, "night": 0.2}}
    tariffs = Tariffs.from_dict({"versions": [entered]}, BRUSSELS)
    assert tariffs == always(Tariff(import_price=DayNightPrice(0.3, 0.2)))
    entered |= {"capacity": {"rate": 53.39}, "export": {"kind": "series", "source": "x"}}
    (version,) = Tariffs.from_dict({"versions": [entered]}, BRUSSELS).versions
    assert version.tariff.capacity == Capacity(rate=53.39, floor_kw=2.5, floor_of=FloorOf.MONTH)
    assert version.tariff.export_price == SeriesPrice("x", 1, 0, 0)


FLAT = {"kind": "flat", "price": 0.3}
WINDOW = {"days": [0], "from": "07:00", "to": "22:00"}


def day_night(**window: object) -> dict[str, object]:
    return {"kind": "day_night", "day": 1, "night": 1, "windows": [WINDOW | window]}


@pytest.mark.parametrize(
    ("entered", "field", "problem"),
    [
        ({}, "import", Problem.MISSING),
        ({"import": 0.3}, "import", Problem.MISSING),
        ({"import": {"price": 0.3}}, "import.kind", Problem.MISSING),
        ({"import": {"kind": "free"}}, "import.kind", Problem.UNKNOWN_KIND),
        ({"import": {"kind": "flat"}}, "import.price", Problem.MISSING),
        ({"import": FLAT | {"price": "0.3"}}, "import.price", Problem.NOT_A_NUMBER),
        ({"import": FLAT | {"price": True}}, "import.price", Problem.NOT_A_NUMBER),
        ({"import": FLAT | {"price": float("nan")}}, "import.price", Problem.OUT_OF_RANGE),
        ({"import": FLAT | {"price": float("inf")}}, "import.price", Problem.OUT_OF_RANGE),
        ({"import": FLAT | {"price": 10**400}}, "import.price", Problem.OUT_OF_RANGE),
        ({"import": {"kind": "series", "source": ""}}, "import.source", Problem.MISSING),
        (
            {"import": {"kind": "series", "source": "x", "tax_percent": 101}},
            "import.tax_percent",
            Problem.OUT_OF_RANGE,
        ),
        ({"import": {"kind": "day_night", "day": 1}}, "import.night", Problem.MISSING),
        (
            {"import": {"kind": "day_night", "day": 1, "night": 1, "windows": []}},
            "import.windows",
            Problem.MISSING,
        ),
        ({"import": day_night(days=[])}, "import.windows.0.days", Problem.MISSING),
        ({"import": day_night(days=[7])}, "import.windows.0.days", Problem.OUT_OF_RANGE),
        ({"import": day_night(days=[True])}, "import.windows.0.days", Problem.OUT_OF_RANGE),
        ({"import": day_night(to="25:00")}, "import.windows.0.to", Problem.NOT_A_TIME),
        ({"import": day_night(to=None)}, "import.windows.0.to", Problem.MISSING),
        (
            {"import": day_night(**{"from": "07:10"})},
            "import.windows.0.from",
            Problem.NOT_A_QUARTER,
        ),
        ({"import": FLAT, "export": {"kind": "flat"}}, "export.price", Problem.MISSING),
        ({"import": FLAT, "fees": {"month": "x"}}, "fees.month", Problem.NOT_A_NUMBER),
        ({"import": FLAT, "capacity": {}}, "capacity.rate", Problem.MISSING),
        ({"import": FLAT, "capacity": {"rate": -1}}, "capacity.rate", Problem.OUT_OF_RANGE),
        (
            {"import": FLAT, "capacity": {"rate": 1, "floor_of": "year"}},
            "capacity.floor_of",
            Problem.UNKNOWN_KIND,
        ),
        ({"import": FLAT, "since": "soon"}, "since", Problem.NOT_A_TIME),
        ({"import": FLAT, "since": "2026-01-01T00:00:00"}, "since", Problem.NOT_A_TIME),
        ({"import": FLAT, "since": "2026-01-01T00:01:00Z"}, "since", Problem.NOT_A_QUARTER),
    ],
)
def test_what_cannot_be_used_is_named(
    entered: dict[str, object], field: str, problem: Problem
) -> None:
    with pytest.raises(TariffError) as raised:
        Tariffs.from_dict({"versions": [entered]}, BRUSSELS)
    assert (raised.value.field, raised.value.problem) == (f"versions.0.{field}", problem)


def test_two_tariffs_of_one_moment_are_refused() -> None:
    with pytest.raises(TariffError) as raised:
        Tariffs.from_dict({"versions": [{"import": FLAT}, {"import": FLAT}]}, BRUSSELS)
    assert raised.value.problem is Problem.SAME_MOMENT


@pytest.mark.parametrize("stored", [{}, {"versions": []}, {"versions": {"import": FLAT}}])
def test_no_tariff_at_all_is_refused(stored: dict[str, object]) -> None:
    with pytest.raises(TariffError) as raised:
        Tariffs.from_dict(stored, BRUSSELS)
    assert (raised.value.field, raised.value.problem) == ("versions", Problem.MISSING)


def test_a_form_reads_one_tariff_of_its_own() -> None:
    with pytest.raises(TariffError) as raised:
        Tariff.from_dict({"import": FLAT | {"price": None}})
    assert raised.value.field == "import.price"
    assert Tariff.from_dict({"import": FLAT}) == flat(0.3)
