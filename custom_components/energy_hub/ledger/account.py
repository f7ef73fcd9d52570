"""The money of a house while it runs: by hour, of this day, and in all. Pure.

Bring it up to date with `settle` whenever the ledger of energy is. Amounts of hours that
may still change are made anew each time, so the order in which energy and prices arrive
does not matter; those that cannot change are added to what was counted before.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Final, TypedDict

from .bill import Bill, Biller
from .capacity import MonthUse, Uses
from .days import day_of, midnight, month_of, months_later
from .energy import Changes, Row
from .money import NO_TIME, Sum
from .price import Market
from .quarter import Peaks, PeakState, quarters
from .slot import Slot, between
from .slots import Slots
from .source import Grade, Total
from .tariff import Tariffs
from .timegrid import slot_of, slot_start

HOUR: Final = timedelta(hours=1)
# What came later than this is in the hours, but not in what was counted since the beginning.
_LATEST: Final = timedelta(days=6)
_MONTHS_KEPT: Final = 13

type Hours = dict[datetime, float]
"""An amount by the hour (its start, UTC)."""


@dataclass(slots=True)
class Costs:
    """Amounts by hour, of the hours that were asked for or have changed."""

    import_cost: Hours = field(default_factory=dict)
    export_revenue: Hours = field(default_factory=dict)
    fixed_cost: Hours = field(default_factory=dict)
    saving: Hours = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """What a house costs, up to a moment; None is unknown."""

    import_cost: float | None
    export_revenue: float | None
    fixed_cost: float | None
    """These three since the account began."""
    cost_today: float | None
    """Import and fixed cost less revenue, of the local day so far."""
    saving_today: float | None
    midnight: datetime
    """When that day began."""


class AccountState(TypedDict):
    """What an account remembers over a restart (JSON); instants are ISO texts."""

    begin: str
    closed: str
    fixed_from: str
    import_cost: float | None
    export_revenue: float | None
    fixed_cost: float | None
    months: dict[str, tuple[float, float]]
    savings: dict[str, float]
    house_peaks: dict[str, PeakState]


class Account:
    """What one house pays and is paid under its tariffs."""

    def __init__(self, tariffs: Tariffs, state: AccountState | None = None) -> None:
        """Go on from what `as_state` returned; a new account begins with its first `settle`."""
        self._tariffs: Final = tariffs
        self._zone: Final = tariffs.zone
        self._begin: datetime | None = None
        self._closed = self._fixed_from = datetime.min.replace(tzinfo=UTC)
        self._import_cost: float | None = None
        self._export_revenue: float | None = None
        self._fixed_cost: float | None = None
        self._months: dict[date, tuple[float, float]] = {}
        self._savings: Hours = {}
        self._house_peaks = Peaks(self._zone)
        self._latest = Costs()
        self._told: Costs | None = None
        self._slots: Final = Slots()
        if state:
            self._restore(state)

    def biller(self, market: Market, peaks: Peaks) -> Biller:
        """Return who prices with what is known at the moment."""
        return Biller(
            tariffs=self._tariffs,
            market=market,
            uses=self._uses(peaks, self._months),
            house_uses=self._uses(self._house_peaks, {}),
        )

    def settle(
        self, rows: Sequence[Row], changes: Changes, now: datetime, market: Market, peaks: Peaks
    ) -> Costs:
        """Return the amounts of hours that are new or other than those confirmed.

        `rows` are all that the ledger keeps, `changes` those of them that changed, and
        `peaks` has their quarters. Until the first confirmation all hours are returned:
        the tariffs may be others than in the last run.
        """
        edge = slot_start(slot_of(now))
        slots = self._slots.of(rows)
        of = rows if self._told is None else changes.rows
        if self._begin is None:
            self._begin = min([edge, *(slot.start for slot in slots[:1])])
            self._closed = self._fixed_from = self._begin
        for quarter in quarters(of, Total.HOUSE):
            self._house_peaks.add(quarter)
        until = min(changes.settled, edge)
        self._close(slots, max(until, edge - _LATEST), self.biller(market, peaks))
        biller = self.biller(market, peaks)
        self._latest = self._costs(biller, slots, {hour_of(row.start) for row in of}, edge)
        self._close_months(until, biller)
        told = self._told or Costs()
        return Costs(
            import_cost=self._latest.import_cost,
            export_revenue=self._latest.export_revenue,
            fixed_cost=_other(self._latest.fixed_cost, told.fixed_cost),
            saving=_other(self._latest.saving, told.saving),
        )

    def settled(self, energy: datetime) -> datetime:
        """Return up to when no amount changes any more, given the same of the energy.

        Under a capacity tariff the next peak changes all days of its month.
        """
        return min(energy, self._fixed_from) if self._has_capacity else energy

    def confirm(self) -> None:
        """Note that what `settle` returned is written."""
        self._told = self._latest

    def money(
        self, rows: Iterable[Row], now: datetime, market: Market, peaks: Peaks
    ) -> Money | None:
        """Return where the account stands; None before its first `settle`."""
        if self._begin is None:
            return None
        edge = slot_start(slot_of(now))
        return self._money(self.biller(market, peaks), self._slots.of(rows), edge)

    def correct(self, savings: Mapping[datetime, float]) -> None:
        """Take over what hours saved in energy, after they were priced again."""
        self._savings.update(
            {hour: amount for hour, amount in savings.items() if hour in self._savings}
        )

    def as_state(self) -> AccountState | None:
        """Return all of it for JSON; None while it has not begun."""
        if self._begin is None:
            return None
        return {
            "begin": self._begin.isoformat(),
            "closed": self._closed.isoformat(),
            "fixed_from": self._fixed_from.isoformat(),
            "import_cost": self._import_cost,
            "export_revenue": self._export_revenue,
            "fixed_cost": self._fixed_cost,
            "months": {month.isoformat(): seen for month, seen in self._months.items()},
            "savings": {str(int(at.timestamp())): one for at, one in self._savings.items()},
            "house_peaks": self._house_peaks.as_state(),
        }

    @property
    def _has_capacity(self) -> bool:
        return any(version.tariff.capacity is not None for version in self._tariffs.versions)

    def _restore(self, state: AccountState) -> None:
        self._begin = datetime.fromisoformat(state["begin"])
        self._closed = datetime.fromisoformat(state["closed"])
        self._fixed_from = datetime.fromisoformat(state["fixed_from"])
        self._import_cost = state["import_cost"]
        self._export_revenue = state["export_revenue"]
        self._fixed_cost = state["fixed_cost"]
        self._months = {
            date.fromisoformat(month): (kwh, seconds)
            for month, (kwh, seconds) in state["months"].items()
        }
        self._savings = {
            datetime.fromtimestamp(int(at), UTC): one for at, one in state["savings"].items()
        }
        self._house_peaks = Peaks.from_state(state["house_peaks"], self._zone)

    def _close(self, slots: Sequence[Slot], until: datetime, biller: Biller) -> None:
        """Count the hours that cannot change any more."""
        until = hour_of(until)
        if until <= self._closed:
            return
        bill = biller.bill(self._closed, until, slots)
        self._import_cost = _plus(self._import_cost, bill.import_cost, until - self._closed)
        self._export_revenue = _plus(
            self._export_revenue, bill.export_revenue, until - self._closed
        )
        for slot in between(slots, self._closed, until):
            if slot.import_kwh is not None:
                month = month_of(slot.start, self._zone)
                kwh, seconds = self._months.get(month, (0.0, 0.0))
                seconds += slot.length.total_seconds()
                self._months[month] = (kwh + slot.import_kwh, seconds)
        for old in sorted(self._months)[:-_MONTHS_KEPT]:
            del self._months[old]
        self._closed = until

    def _close_months(self, until: datetime, biller: Biller) -> None:
        """Count the fixed cost of months whose energy cannot change any more."""
        month = midnight(month_of(until, self._zone), self._zone)
        if month <= self._fixed_from:
            return
        self._fixed_cost = self._fixed_until(biller, month)
        self._fixed_from = month
        self._savings = {at: one for at, one in self._savings.items() if at + HOUR > month}

    def _costs(
        self,
        biller: Biller,
        slots: Sequence[Slot],
        changed: Collection[datetime],
        edge: datetime,
    ) -> Costs:
        """Return the amounts of the changed hours, and of all hours of the open months."""
        costs = Costs()
        if not self._has_capacity:
            # Without it a saving never changes afterwards.
            self._savings = {}
        for hour in sorted(changed):
            _add_energy(costs, hour, biller.bill(hour, hour + HOUR, slots))
        self._savings.update(costs.saving)
        costs.fixed_cost, more = fixed_hours(biller, self._fixed_from, edge)
        costs.saving = {
            hour: one + more[hour] for hour, one in self._savings.items() if hour in more
        }
        return costs

    def _money(self, biller: Biller, slots: Sequence[Slot], edge: datetime) -> Money:
        """Return where the account stands at `edge`."""
        now = biller.bill(self._closed, edge, slots)
        length = edge - self._closed
        day = midnight(day_of(edge, self._zone), self._zone)
        start = max(day, self._begin or day, self._tariffs.versions[0].since)
        today = _Today()
        if start < edge or biller.tariffs.import_price(edge, biller.market) is not None:
            today = _today(biller, slots, start, edge)
        return Money(
            import_cost=_plus(self._import_cost, now.import_cost, length),
            export_revenue=_plus(self._export_revenue, now.export_revenue, length),
            fixed_cost=self._fixed_until(biller, edge),
            cost_today=today.cost,
            saving_today=today.saving,
            midnight=day,
        )

    def _fixed_until(self, biller: Biller, end: datetime) -> float | None:
        """Return the fixed cost since the account began; None if it is not known now."""
        start = max(self._fixed_from, self._tariffs.versions[0].since)
        if start >= end:
            return self._fixed_cost
        fixed = biller.bill(start, end, ()).fixed_cost
        return None if fixed.unknown else (self._fixed_cost or 0.0) + fixed.amount

    def _uses(self, peaks: Peaks, months: Mapping[date, tuple[float, float]]) -> Uses:
        """Return what the capacity tariff needs to know of months."""
        found = {}
        for month, peak in peaks.months.items():
            length = _month_length(month, self._zone)
            kwh, seconds = months.get(month, (None, 0.0))
            found[month] = MonthUse(
                peak_kw=peak.power_w / 1000,
                import_kwh=kwh,
                covered=seconds / length.total_seconds(),
                estimated=peak.grade is not Grade.MEASURED,
            )
        return found


@lru_cache(maxsize=2 * _MONTHS_KEPT)
def _month_length(month: date, zone: tzinfo) -> timedelta:
    return midnight(months_later(month, 1), zone) - midnight(month, zone)


def _add_energy(costs: Costs, hour: datetime, bill: Bill) -> None:
    """Note what the energy of an hour cost, brought and saved, as far as anything is known."""
    for hours, amount in (
        (costs.import_cost, bill.import_cost),
        (costs.export_revenue, bill.export_revenue),
        (costs.saving, bill.energy_saving),
    ):
        if amount.unknown < HOUR:
            hours[hour] = amount.amount


def fixed_hours(biller: Biller, start: datetime, end: datetime) -> tuple[Hours, Hours]:
    """Return fixed cost, and saving of the capacity tariff, by the hour where they are known."""
    fixed: Hours = {}
    saved: Hours = {}
    for piece in biller.tariffs.pieces(start, end) if start < end else ():
        cost, saving = biller.fixed(piece)
        for hour, share in _shares(piece.start, piece.end):
            if cost is not None:
                fixed[hour] = fixed.get(hour, 0.0) + cost * share
            if saving is not None:
                saved[hour] = saved.get(hour, 0.0) + saving * share
    return fixed, saved


def _shares(start: datetime, end: datetime) -> Iterator[tuple[datetime, float]]:
    """Yield the hours of a span, and which part of it lies in each."""
    hour, whole = hour_of(start), HOUR / (end - start)
    while hour < end:
        after = hour + HOUR
        if start <= hour and after <= end:
            yield hour, whole
        else:
            yield hour, (min(after, end) - max(hour, start)) / (end - start)
        hour = after


@dataclass(frozen=True, slots=True)
class _Today:
    """What a day cost and saved so far; None if energy of it has no price."""

    cost: float | None = None
    saving: float | None = None


def _today(biller: Biller, slots: Sequence[Slot], start: datetime, end: datetime) -> _Today:
    """Return the part of a day, unknown if nothing of it is known or it has not begun.

    Energy that has not come yet is missing in it until it comes.
    """
    if start > end:
        return _Today()
    inside = between(slots, start, end)
    if start < end and all(slot.import_kwh is None for slot in inside):
        return _Today()

    def priced(slot: Slot) -> bool:
        at, market = slot.start, biller.market
        bought = slot.import_kwh or slot.house_kwh
        return not (
            (bought and biller.tariffs.import_price(at, market) is None)
            or (slot.export_kwh and biller.tariffs.export_price(at, market) is None)
        )

    if not all(map(priced, inside)):
        return _Today()
    bill = biller.bill(start, end, slots)
    unsaved = bill.capacity_saving.unknown or bill.energy_saving.unknown >= end - start > NO_TIME
    return _Today(
        None if bill.fixed_cost.unknown else bill.net_cost.amount,
        None if unsaved else bill.saving.amount,
    )


def _plus(known: float | None, more: Sum, length: timedelta) -> float | None:
    """Return the sum of what is known; None if that is nothing at all."""
    return known if more.unknown >= length else (known or 0.0) + more.amount


def hour_of(at: datetime) -> datetime:
    """Return the instant (UTC) at which the hour of `at` began."""
    return at.replace(minute=0, second=0, microsecond=0)


def _other(hours: Hours, before: Hours) -> Hours:
    return {hour: amount for hour, amount in hours.items() if before.get(hour) != amount}
