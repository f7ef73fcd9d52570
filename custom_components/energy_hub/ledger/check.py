"""What a user entered, checked value by value. Pure; the texts belong to the form."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from enum import StrEnum
from typing import Final, Self

from .days import quarter_of

# No amount in any currency is larger; it keeps infinity out.
_MOST: Final = 1e12


class Problem(StrEnum):
    """What is wrong with a value."""

    MISSING = "missing"
    UNKNOWN_KIND = "unknown_kind"
    NOT_A_NUMBER = "not_a_number"
    OUT_OF_RANGE = "out_of_range"
    NOT_A_TIME = "not_a_time"
    NOT_A_QUARTER = "not_a_quarter"
    """Prices change at the full quarters of the clock only."""
    SAME_MOMENT = "same_moment"
    """Two versions begin at the same moment."""


class TariffError(ValueError):
    """A tariff cannot be made from what was entered: `field` has the `problem`."""

    def __init__(self, field: str, problem: Problem) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Entered:
    """A part of a plain dictionary, and where it stands in the whole."""

    data: Mapping[str, object]
    path: str = ""

    @classmethod
    def of(cls, value: object, path: str) -> Self:
        """Return `value` as a part; raise TariffError (missing) if it is no dictionary."""
        if not isinstance(value, Mapping):
            raise TariffError(path, Problem.MISSING)
        return cls(value, path)

    def field(self, key: str) -> str:
        """Return the name of a value in the whole, like `import.price`."""
        return f"{self.path}.{key}" if self.path else key

    def fail(self, key: str, problem: Problem) -> TariffError:
        """Return the error to raise about a value."""
        return TariffError(self.field(key), problem)

    def part(self, key: str) -> Self:
        """Return the dictionary below `key`; raise TariffError if there is none."""
        return self.of(self.data.get(key), self.field(key))

    def parts(self, key: str) -> list[Self]:
        """Return the dictionaries of the list below `key`; raise TariffError if it is empty."""
        values = self.data.get(key)
        if not isinstance(values, list | tuple) or not values:
            raise self.fail(key, Problem.MISSING)
        return [self.of(value, f"{self.field(key)}.{n}") for n, value in enumerate(values)]

    def text(self, key: str) -> str:
        """Return a text; raise TariffError if it is missing or empty."""
        value = self.data.get(key)
        if not isinstance(value, str) or not value:
            raise self.fail(key, Problem.MISSING)
        return value

    def number(self, key: str, *, least: float = -_MOST, most: float = _MOST) -> float:
        """Return a number between both limits, these included; raise TariffError otherwise."""
        value = self.data.get(key)
        if value is None:
            raise self.fail(key, Problem.MISSING)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.fail(key, Problem.NOT_A_NUMBER)
        if not least <= value <= most:  # nor is NaN
            raise self.fail(key, Problem.OUT_OF_RANGE)
        return float(value)

    def number_or[D](
        self, key: str, default: D, *, least: float = -_MOST, most: float = _MOST
    ) -> float | D:
        """Return a number as `number` does, or `default` if nothing was entered."""
        return default if self.data.get(key) is None else self.number(key, least=least, most=most)

    def clock(self, key: str) -> time:
        """Return a local time of day on a full quarter; raise TariffError otherwise."""
        text = self.text(key)
        try:
            value = time.fromisoformat(text)
        except ValueError as err:
            raise self.fail(key, Problem.NOT_A_TIME) from err
        if value.minute % 15 or value.second or value.microsecond:
            raise self.fail(key, Problem.NOT_A_QUARTER)
        return value.replace(tzinfo=None)

    def instant(self, key: str) -> datetime:
        """Return an instant (UTC) on a full quarter; raise TariffError otherwise."""
        text = self.text(key)
        try:
            value = datetime.fromisoformat(text)
        except ValueError as err:
            raise self.fail(key, Problem.NOT_A_TIME) from err
        if value.tzinfo is None:
            raise self.fail(key, Problem.NOT_A_TIME)
        if quarter_of(value) != value:
            raise self.fail(key, Problem.NOT_A_QUARTER)
        return value.astimezone(UTC)
