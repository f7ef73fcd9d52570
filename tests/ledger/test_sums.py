"""The house out of its sums: never negative, and right in the end."""

from hypothesis import given, strategies as st

from custom_components.energy_hub.ledger.source import Direction, Grade, Register, Total
from custom_components.energy_hub.ledger.sums import add_up, balance, share_out
from custom_components.energy_hub.ledger.track import UNKNOWN, Cell
from custom_components.energy_hub.reading import Flow

MEASURED, ESTIMATED = Grade.MEASURED, Grade.ESTIMATED
SOLAR = [Register(Flow.SOLAR, Direction.TO_HOUSE, name) for name in "ab"]
IMPORT = Register(Flow.GRID, Direction.TO_HOUSE, "meter")
EXPORT = Register(Flow.GRID, Direction.FROM_HOUSE, "meter")
OUT = Register(Flow.BATTERY, Direction.TO_HOUSE, "battery")
IN = Register(Flow.BATTERY, Direction.FROM_HOUSE, "battery")
HEAT_PUMP = Register(Flow.LOAD, Direction.FROM_HOUSE, "heat pump")


def test_the_house_is_what_comes_less_what_goes() -> None:
    sums = add_up(
        {
            SOLAR[0]: Cell(500, MEASURED),
            SOLAR[1]: Cell(100, ESTIMATED, 2),
            IMPORT: Cell(30, MEASURED),
            EXPORT: Cell(200, MEASURED),
            OUT: Cell(7, MEASURED),
            IN: Cell(50, MEASURED, 1),
            HEAT_PUMP: Cell(90, MEASURED, 5),
        },
        (),
    )
    assert sums == {
        Total.SOLAR: Cell(600, ESTIMATED, 2),
        Total.IMPORT: Cell(30, MEASURED),
        Total.EXPORT: Cell(200, MEASURED),
        Total.BATTERY_OUT: Cell(7, MEASURED),
        Total.BATTERY_IN: Cell(50, MEASURED, 1),
    }
    assert balance(sums) == Cell(600 + 30 - 200 + 7 - 50, ESTIMATED, 2)


def test_one_unknown_counter_makes_its_sum_and_the_house_unknown() -> None:
    sums = add_up({SOLAR[0]: Cell(500, MEASURED), SOLAR[1]: UNKNOWN}, ())
    assert sums[Total.SOLAR] == UNKNOWN
    assert balance(sums) == UNKNOWN


def test_a_flow_that_the_house_does_not_have_is_nothing() -> None:
    sums = add_up({IMPORT: Cell(30, MEASURED)}, ())
    assert sums[Total.BATTERY_IN] == sums[Total.SOLAR] == Cell(0, MEASURED)


def test_a_sum_that_waits_is_not_there() -> None:
    assert Total.SOLAR not in add_up({SOLAR[0]: Cell(500, MEASURED)}, {Total.SOLAR})


def energies(balances: list[Cell], debt: int = 0) -> tuple[list[int | None], list[int]]:
    house = share_out(balances, debt)
    return [cell.mwh for cell in house.slots], house.debts


def test_what_a_slot_is_short_of_is_taken_from_the_gap_it_belongs_to() -> None:
    # A meter that was silent for three slots: its export was spread over all of them.
    gap = [Cell(500, ESTIMATED, 1), Cell(100, ESTIMATED, 2), Cell(-250, ESTIMATED, 3)]
    assert energies([Cell(80, MEASURED), *gap]) == ([80, 350, 0, 0], [0, 0, 0, 0])


def test_what_is_short_after_that_is_paid_by_the_next_slots() -> None:
    cells = [Cell(80, MEASURED), Cell(20, MEASURED, 1), Cell(-130, MEASURED, 1), Cell(40, MEASURED)]
    assert energies([*cells, Cell(90, MEASURED)]) == ([80, 0, 0, 0, 20], [0, 0, 110, 70, 0])
    assert energies([Cell(90, MEASURED)], debt=100) == ([0], [10])


def test_a_slot_that_gave_or_took_is_an_estimate() -> None:
    cells = [Cell(80, MEASURED), Cell(20, MEASURED), Cell(-10, MEASURED, 1), Cell(40, MEASURED)]
    grades = [cell.grade for cell in share_out(cells, 0).slots]
    assert grades == [MEASURED, ESTIMATED, ESTIMATED, MEASURED]


def test_nothing_is_taken_from_or_paid_by_an_unknown_slot() -> None:
    cells = [Cell(80, MEASURED), UNKNOWN, Cell(-30, MEASURED, 2), UNKNOWN, Cell(50, MEASURED)]
    assert energies(cells) == ([50, None, 0, None, 50], [0, 0, 0, 0, 0])
    cells = [UNKNOWN, Cell(-30, MEASURED, 2), UNKNOWN, Cell(50, MEASURED)]
    assert energies(cells) == ([None, 0, None, 20], [0, 30, 30, 0])


@given(
    st.lists(st.tuples(st.none() | st.integers(-1000, 1000), st.integers(0, 9))),
    st.integers(0, 500),
)
def test_the_house_is_never_negative_and_loses_nothing(
    given_cells: list[tuple[int | None, int]], debt: int
) -> None:
    cells = [Cell(mwh, MEASURED, back) for mwh, back in given_cells]
    house = share_out(cells, debt)
    assert all(cell.mwh is None or cell.mwh >= 0 for cell in house.slots)
    assert [cell.mwh is None for cell in house.slots] == [cell.mwh is None for cell in cells]
    total = sum(cell.mwh or 0 for cell in house.slots)
    left = house.debts[-1] if house.debts else debt
    assert total - left == sum(cell.mwh or 0 for cell in cells) - debt
