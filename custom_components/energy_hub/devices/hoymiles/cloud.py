"""The one interface behind which both APIs of the cloud stand."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from .model import Inverter, Live, Plant, Status
from .series import Series


@dataclass(frozen=True, slots=True)
class Day:
    """A plant's day as far as it was asked for; `strangers` are in no list of ours."""

    series: Series
    strangers: bool = False


class Cloud(ABC):
    """One account or key; every method is one call, if nothing goes wrong.

    All raise DeviceError; InvalidAuthError when the credentials are not good any more.
    """

    by_inverter: ClassVar[bool]
    """Whether a day is asked for inverter by inverter instead of all at once."""

    @abstractmethod
    async def some_plants(self) -> list[Plant]:
        """Return the first of the plants; none means that there is none."""

    @abstractmethod
    async def plants(self) -> list[Plant]:
        """Return all plants, ten to a hundred a call."""

    @abstractmethod
    async def inverters(self, plant: int) -> list[Inverter]:
        """Return the inverters of a plant."""

    @abstractmethod
    async def status(self, plant: int) -> Status:
        """Return the flags of a plant, and where it is."""

    @abstractmethod
    async def live(self, plant: int) -> Live:
        """Return a plant's own figures."""

    @abstractmethod
    async def day(self, plant: int, day: date, until: int, inverters: Sequence[Inverter]) -> Day:
        """Return the samples of a local day up to the minute `until`."""

    def wait_for_past(self, now: datetime) -> float:
        """Return for how many seconds the present needs all calls; raises NoCallsLeftError."""
        return 0.0

    async def past(self, plant: int, end: date) -> dict[date, float]:
        """Return the energies of the days before `end` in Wh, where the API has them."""
        return {}

    @abstractmethod
    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on with what `as_state` remembered."""

    @abstractmethod
    def as_state(self) -> dict[str, Any]:
        """Return what a restart must remember."""
