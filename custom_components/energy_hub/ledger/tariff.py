"""What a home pays and is paid, and since when. Pure.

A tariff holds from its moment on until the next one begins, so that the past keeps the
prices it had. The form of `Tariffs.as_dict` is what a config entry stores.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import pairwise
from typing import Final, Self

from .capacity import Capacity
from .check import Entered, Problem, TariffError
from .days import day_of, days_in_month, days_in_year, length_of, midnights, quarter_of
from .price import Market, Price, price_from

BEGINNING: Final = datetime.min.replace(tzinfo=UTC)
"""A tariff that begins here has always held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fees:
    """Fixed amounts, in the currency of the house; a refund is below zero."""

    day: float = 0.0
    month: float = 0.0
    year: float = 0.0

    def of_day(self, day: date) -> float:
        """Return the share of one local day; over a month and a year they add up."""
        return self.day + self.month / days_in_month(day) + self.year / days_in_year(day)

    def as_dict(self) -> dict[str, object]:
        """Return what `read` makes these fees of again."""
        return {"day": self.day, "month": self.month, "year": self.year}

    @classmethod
    def read(cls, entered: Entered) -> Self:
        """Return the fees that were entered; raise TariffError if one is no number."""
        return cls(**{key: entered.number_or(key, 0.0) for key in ("day", "month", "year")})


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """A contract: what a kWh costs and brings, and what is paid anyhow."""

    import_price: Price
    export_price: Price | None = None
    """None: not known. Feed-in that is not paid has the price 0."""
    fees: Fees = field(default_factory=Fees)
    capacity: Capacity | None = None

    def as_dict(self) -> dict[str, object]:
        """Return what `read` makes this tariff of again."""
        return {
            "import": self.import_price.as_dict(),
            "export": self.export_price and self.export_price.as_dict(),
            "fees": self.fees.as_dict(),
            "capacity": self.capacity and self.capacity.as_dict(),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> Self:
        """Return the tariff of a form; raise TariffError if it cannot be used."""
        return cls.read(Entered(data))

    @classmethod
    def read(cls, entered: Entered) -> Self:
        """Return the tariff that was entered; raise TariffError if it cannot be used."""

        def given(key: str) -> bool:
            return entered.data.get(key) is not None

        return cls(
            import_price=price_from(entered.part("import")),
            export_price=price_from(entered.part("export")) if given("export") else None,
            fees=Fees.read(entered.part("fees")) if given("fees") else Fees(),
            capacity=Capacity.read(entered.part("capacity")) if given("capacity") else None,
        )


@dataclass(frozen=True, slots=True)
class Version:
    """A tariff and the instant (UTC, a full quarter) since which it holds."""

    since: datetime
    tariff: Tariff

    def as_dict(self) -> dict[str, object]:
        """Return what `read` makes this version of again."""
        since = None if self.since == BEGINNING else self.since.isoformat()
        return {"since": since, **self.tariff.as_dict()}

    @classmethod
    def read(cls, entered: Entered) -> Self:
        """Return the version that was entered; raise TariffError if it cannot be used."""
        always = entered.data.get("since") is None
        return cls(BEGINNING if always else entered.instant("since"), Tariff.read(entered))


@dataclass(frozen=True, slots=True)
class Piece:
    """A span of time that lies in one local day and under one tariff."""

    start: datetime
    end: datetime
    day: date
    tariff: Tariff | None
    """None: no tariff is known."""
    share: float
    """The part of the local day that the span is."""

    @property
    def length(self) -> timedelta:
        """Return how long it lasts."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Tariffs:
    """The tariffs of a home, in the order of their moments, and its time zone."""

    versions: tuple[Version, ...]
    zone: tzinfo

    def at(self, moment: datetime) -> Tariff | None:
        """Return the tariff that holds at `moment`; None before the first one."""
        index = bisect_right(self.versions, moment, key=lambda version: version.since)
        return self.versions[index - 1].tariff if index else None

    def import_price(self, moment: datetime, market: Market) -> float | None:
        """Return what a kWh from the grid costs at `moment`; None if it is not known."""
        if (tariff := self.at(moment)) is None:
            return None
        return tariff.import_price.at(moment, self.zone, market)

    def export_price(self, moment: datetime, market: Market) -> float | None:
        """Return what a kWh to the grid brings at `moment`; None if it is not known."""
        if (tariff := self.at(moment)) is None or tariff.export_price is None:
            return None
        return tariff.export_price.at(moment, self.zone, market)

    def pieces(self, start: datetime, end: datetime) -> Iterator[Piece]:
        """Yield the span from `start` to `end` in pieces of one local day and one tariff."""
        changes = (version.since for version in self.versions)
        inside = {at for at in changes if start < at < end}
        edges = sorted({start, end, *inside, *midnights(start, end, self.zone)})
        for first, last in pairwise(edges):
            day = day_of(first, self.zone)
            share = (last - first) / length_of(day, self.zone)
            yield Piece(first, last, day, self.at(first), share)

    def changed(self, since: datetime, tariff: Tariff) -> Self:
        """Return the tariffs after `tariff` was entered as valid from `since` on.

        It holds until the next version begins; a version that began at the same moment
        is replaced. Raises TariffError if `since` is no full quarter.
        """
        if since != BEGINNING and quarter_of(since) != since:
            raise TariffError("since", Problem.NOT_A_QUARTER)
        kept = [version for version in self.versions if version.since != since]
        return type(self)(_ordered([*kept, Version(since.astimezone(UTC), tariff)]), self.zone)

    def as_dict(self) -> dict[str, object]:
        """Return what `from_dict` makes these tariffs of again: JSON without the zone."""
        return {"versions": [version.as_dict() for version in self.versions]}

    @classmethod
    def from_dict(cls, data: Mapping[str, object], zone: tzinfo) -> Self:
        """Return the tariffs that were stored; raise TariffError if they cannot be used."""
        parts = Entered(data).parts("versions")
        versions = _ordered([Version.read(part) for part in parts])
        for before, after in pairwise(versions):
            if before.since == after.since:
                raise TariffError("versions", Problem.SAME_MOMENT)
        return cls(versions, zone)


def _ordered(versions: list[Version]) -> tuple[Version, ...]:
    return tuple(sorted(versions, key=lambda version: version.since))
