"""Batteries that keep a plan of their own, and parameters: what all of them have in common."""

from abc import abstractmethod
from collections.abc import Sequence

from homeassistant.util import dt as dt_util

from .command import BatteryPlan, CommandError, Schedule, check_schedule
from .control import BatteryControl, refusal

type Value = bool | int | str


class PlannedBattery(BatteryControl):
    """The plan and the parameters of one battery.

    Whatever changes something raises ServiceValidationError before anything is sent, and
    DeviceError after.
    """

    @property
    @abstractmethod
    def windows(self) -> Sequence[Schedule]:
        """What the plan holds that another schedule must not meet, as last seen."""

    @abstractmethod
    async def async_plan(self) -> BatteryPlan:
        """Ask for the plan and return it; raises DeviceError."""

    @abstractmethod
    async def _async_add(self, schedule: Schedule) -> BatteryPlan:
        """Add a schedule to the plan and return what is read back."""

    @abstractmethod
    async def _async_drop(self, number: int | None) -> BatteryPlan:
        """Take a schedule out of the plan, or all of them, and return what is read back."""

    @abstractmethod
    async def async_parameter(self, key: str) -> Value:
        """Return a parameter of the device."""

    @abstractmethod
    async def _async_set_parameter(self, key: str, value: Value) -> Value:
        """Set a parameter and return what is read back."""

    def check_schedule(self, schedule: Schedule) -> None:
        """Return if this can be added to the plan; raises ServiceValidationError."""
        self.check_control()
        try:
            check_schedule(schedule, self.windows, self.capability, dt_util.utcnow())
        except CommandError as err:
            raise refusal(err.key, **err.placeholders) from err

    async def async_add(self, schedule: Schedule) -> BatteryPlan:
        """Add a schedule to the plan; returns the plan after it."""
        self.check_schedule(schedule)
        async with self._lock:
            return await self._async_add(schedule)

    async def async_drop(self, number: int | None = None) -> BatteryPlan:
        """Take the schedule of this id out of the plan, or all; returns the plan after it."""
        self.check_control()
        async with self._lock:
            return await self._async_drop(number)

    async def async_set_parameter(self, key: str, value: Value) -> Value:
        """Set a parameter; returns what the device says then."""
        self.check_control()
        async with self._lock:
            return await self._async_set_parameter(key, value)
