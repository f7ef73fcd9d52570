"""What happened, priced: cost, revenue, fixed cost, saving. Pure.

Each quarter has the price of that quarter, whenever its energy becomes known; the same
slots and tariffs give the same bill at any time. Formulas: docs/house-costs.md.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from .capacity import Capacity, Uses, billed_months
from .days import days_in_month, midnight, month_of, months_later
from .money import NO_TIME, NOTHING, Item, Sum, price_of
from .price import Market
from .slot import Slot, between
from .tariff import Piece, Tariffs


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What a span of time cost."""

    import_cost: Sum = NOTHING
    export_revenue: Sum = NOTHING
    fees: Sum = NOTHING
    capacity: Sum = NOTHING
    energy_saving: Sum = NOTHING
    capacity_saving: Sum = NOTHING

    @property
    def fixed_cost(self) -> Sum:
        """Return the fees and the capacity tariff."""
        return self.fees.beside(self.capacity)

    @property
    def net_cost(self) -> Sum:
        """Return import and fixed cost, less revenue."""
        return self.import_cost.beside(self.fixed_cost).beside(self.export_revenue, -1)

    @property
    def saving(self) -> Sum:
        """Return how much more the same house would have cost without solar and battery."""
        return self.energy_saving.beside(self.capacity_saving)

    def __add__(self, other: Bill) -> Bill:
        """Return the bill of two spans of time."""
        return Bill(
            import_cost=self.import_cost + other.import_cost,
            export_revenue=self.export_revenue + other.export_revenue,
            fees=self.fees + other.fees,
            capacity=self.capacity + other.capacity,
            energy_saving=self.energy_saving + other.energy_saving,
            capacity_saving=self.capacity_saving + other.capacity_saving,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cost:
    """What the energy of a quarter, or of a part of one, costs."""

    slot: Slot
    import_price: float | None
    export_price: float | None

    @property
    def imported(self) -> float | None:
        """Return what the import cost."""
        return price_of(self.slot.import_kwh, self.import_price)

    @property
    def exported(self) -> float | None:
        """Return what the export brought."""
        return price_of(self.slot.export_kwh, self.export_price)

    @property
    def saved(self) -> float | None:
        """Return what the use of the house would have cost, less what it did cost."""
        used = price_of(self.slot.house_kwh, self.import_price)
        if used is None or self.imported is None or self.exported is None:
            return None
        return used - self.imported + self.exported


@dataclass(frozen=True, slots=True, kw_only=True)
class Biller:
    """Prices the energy of one home with what is known at the moment."""

    tariffs: Tariffs
    market: Market = field(default_factory=dict)
    uses: Uses = field(default_factory=dict)
    """Month peaks of the grid, for the capacity tariff."""
    house_uses: Uses = field(default_factory=dict)
    """The same of the house, as if it had neither solar nor battery."""
    _costs_of_months: dict[tuple[date, Capacity], tuple[Item, Item]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """What was reckoned already: every day of a month asks for the same."""

    def bill(self, start: datetime, end: datetime, slots: Sequence[Slot]) -> Bill:
        """Return the bill from `start` to `end`; time without a slot is unknown.

        The slots stand in the order of time and may reach beyond the span. Raises
        ValueError where two of them overlap, or if the span ends before it begins.
        """
        if end < start:
            raise ValueError("the span ends before it begins")
        inside = between(slots, start, end)
        missing = end - start - sum((slot.length for slot in inside), NO_TIME)
        costs = [(cost, guessed) for slot in inside for cost, guessed in self._costs(slot)]
        pieces = list(self.tariffs.pieces(start, end))
        return Bill(
            import_cost=Sum.of((Item(c.imported, c.slot.length, g) for c, g in costs), missing),
            export_revenue=Sum.of((Item(c.exported, c.slot.length, g) for c, g in costs), missing),
            energy_saving=Sum.of((Item(c.saved, c.slot.length, g) for c, g in costs), missing),
            fees=Sum.of(map(_fees, pieces)),
            capacity=Sum.of(map(self._capacity, pieces)),
            capacity_saving=Sum.of(map(self._capacity_saving, pieces)),
        )

    def fixed(self, piece: Piece) -> tuple[float | None, float | None]:
        """Return fixed cost, and saving of the capacity tariff, of a piece; None is unknown."""
        fees, capacity = _fees(piece).amount, self._capacity(piece).amount
        fixed = None if fees is None or capacity is None else fees + capacity
        return fixed, self._capacity_saving(piece).amount

    def by_month(self, start: datetime, end: datetime, slots: Sequence[Slot]) -> dict[date, Bill]:
        """Return the bills from `start` to `end` by local month (its first day)."""
        return {
            month: self.bill(first, last, slots) for month, first, last in self._months(start, end)
        }

    def _months(self, start: datetime, end: datetime) -> Iterator[tuple[date, datetime, datetime]]:
        """Yield the months of a span, and where they begin and end in it."""
        zone = self.tariffs.zone
        month = month_of(start, zone)
        while start < end:
            month = months_later(month, 1)
            last = min(midnight(month, zone), end)
            yield months_later(month, -1), start, last
            start = last

    def _costs(self, slot: Slot) -> list[tuple[_Cost, bool]]:
        """Return the costs of a slot by quarter, and whether they are estimates.

        Cutting a slot into quarters is a guess only if their prices differ.
        """
        costs = [
            _Cost(
                slot=part,
                import_price=self.tariffs.import_price(part.start, self.market),
                export_price=self.tariffs.export_price(part.start, self.market),
            )
            for part in slot.quarters()
        ]
        prices = {(cost.import_price, cost.export_price) for cost in costs}
        return [(cost, slot.estimated or len(prices) > 1) for cost in costs]

    def _capacity(self, piece: Piece) -> Item:
        """Return the share of a piece in the capacity tariff of its month."""
        return self._share(piece, 0)

    def _capacity_saving(self, piece: Piece) -> Item:
        """Return how much more of the capacity tariff the piece would have cost."""
        return self._share(piece, 1)

    def _share(self, piece: Piece, which: int) -> Item:
        """Return the share of a piece in the cost (0) or the saving (1) of its month."""
        if piece.tariff is None:
            return Item(None, piece.length)
        if piece.tariff.capacity is None:
            return Item(0.0, piece.length)
        key = piece.day.replace(day=1), piece.tariff.capacity
        if key not in self._costs_of_months:
            self._costs_of_months[key] = self._month(*key)
        whole = self._costs_of_months[key][which]
        if whole.amount is None:
            return Item(None, piece.length)
        share = piece.share / days_in_month(piece.day)
        return Item(whole.amount * share, piece.length, whole.estimated)

    def _month(self, month: date, capacity: Capacity) -> tuple[Item, Item]:
        """Return what the capacity tariff of a month costs, and what is saved of it."""
        actual = _month_cost(month, capacity, self.uses)
        without = _month_cost(month, capacity, self._uses_without(month))
        if actual.amount is None or without.amount is None:
            return actual, Item(None, NO_TIME)
        return actual, Item(without.amount - actual.amount, NO_TIME, without.estimated)

    def _uses_without(self, month: date) -> Uses:
        """Return the peaks as they would be without solar and battery, to bill `month`.

        Earlier months of which that is not known are taken as they were: they save nothing.
        """
        as_they_were = {
            each: replace(use, estimated=True) for each, use in self.uses.items() if each != month
        }
        known = {each: use for each, use in self.house_uses.items() if use.peak_kw is not None}
        return as_they_were | known


def _fees(piece: Piece) -> Item:
    """Return the fees of a piece of a day."""
    if piece.tariff is None:
        return Item(None, piece.length)
    return Item(piece.tariff.fees.of_day(piece.day) * piece.share, piece.length)


def _month_cost(month: date, capacity: Capacity, uses: Uses) -> Item:
    """Return what the capacity tariff of a month costs."""
    seen = [uses[each] for each in billed_months(month) if each in uses]
    estimated = any(use.estimated for use in seen)
    return Item(capacity.month_cost(month, uses), NO_TIME, estimated)


@dataclass(frozen=True, slots=True)
class Repriced:
    """A month, or the part of it that was asked for, under two tariffs."""

    month: date
    before: Bill
    after: Bill


def reprice(
    before: Biller, after: Biller, start: datetime, end: datetime, slots: Sequence[Slot]
) -> list[Repriced]:
    """Return what a span cost by month with both billers, for the same energy.

    Raises ValueError as `Biller.bill` does.
    """
    now = after.by_month(start, end, slots)
    return [
        Repriced(month, bill, now[month])
        for month, bill in before.by_month(start, end, slots).items()
    ]
