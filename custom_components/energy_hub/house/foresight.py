"""What the entities of a house show of its forecast."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Self

from homeassistant.util import dt as dt_util

from ..plan.outlook import Outlook, Power
from ..plan.skill import LEADS, Figures, Skill
from ..plan.sky import HOUR

SHOWN_HOURS: Final = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Foresight:
    """The forecast as it is seen at one moment; energies in Wh, None is unknown."""

    power: Power | None
    today: Power | None
    remaining: Power | None
    tomorrow: Power | None
    next_hour: Power | None
    hours: Mapping[datetime, Power]
    """The hours ahead, by their start (UTC), the running one first."""
    made: datetime | None
    """When the last good forecast of the weather came."""
    skill: Mapping[int, Figures]
    """By lead time in hours."""

    @classmethod
    def of(cls, outlook: Outlook, skill: Skill, made: datetime | None, now: datetime) -> Self:
        """Return what is seen now; days are those of Home Assistant's time zone."""
        midnight = dt_util.start_of_local_day(now)
        next_midnight = dt_util.start_of_local_day(midnight + timedelta(hours=30))
        after = dt_util.start_of_local_day(next_midnight + timedelta(hours=30))
        today, tomorrow, end = map(dt_util.as_utc, (midnight, next_midnight, after))
        hour = now.replace(minute=0, second=0, microsecond=0)
        ahead = ((at, outlook.energy(at, at + HOUR)) for at in _hours(hour))
        return cls(
            power=outlook.power(now),
            today=outlook.energy(today, tomorrow),
            remaining=outlook.energy(now, tomorrow),
            tomorrow=outlook.energy(tomorrow, end),
            next_hour=outlook.energy(now, now + HOUR),
            hours={at: energy for at, energy in ahead if energy is not None},
            made=made,
            skill={lead: skill.figures(lead) for lead in LEADS},
        )


def _hours(first: datetime) -> list[datetime]:
    return [first + number * HOUR for number in range(SHOWN_HOURS)]
