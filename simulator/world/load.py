"""The household's load on each phase, minute by minute."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from .appliances import DAILY, Day, Habit, Run, plan
from .noise import mix, smooth, stream
from .weather import Weather

MINUTE_S = 60
_KEPT_DAYS = 8
_EPOCH = date(1970, 1, 1)
_STANDBY_W = (74, 58, 41)

type Rows = tuple[list[int], list[int], list[int]]


class Load:
    """Load as a pure function of seed, weather and time; + is consumption."""

    def __init__(self, seed: int, zone: str, weather: Weather, habits: tuple[Habit, ...]) -> None:
        """Make the habits of a house whose people live by this zone's clock."""
        self._seed = seed
        self._zone = ZoneInfo(zone)
        self._weather = weather
        self._habits = DAILY + habits
        self._standby = stream(seed, "standby")
        self._flicker = stream(seed, "flicker")
        self._days: dict[date, dict[int, list[Run]]] = {}

    def minute(self, start_s: int, step_s: int) -> Rows:
        """Return the watts of the three phases for each step of this minute."""
        steps = MINUTE_S // step_s
        rows = self._base(start_s, steps)
        local = datetime.fromtimestamp(start_s, self._zone).date()
        for day in (local - timedelta(days=1), local):
            for run in self._day(day).get(start_s, ()):
                _add(rows[run.phase], run, start_s, step_s)
        return rows

    def _base(self, start_s: int, steps: int) -> Rows:
        flicker = mix(self._flicker, start_s)
        level = smooth(start_s, 900, self._standby)
        rows = tuple([int(one * (0.8 + 0.6 * level))] * steps for one in _STANDBY_W)
        for step in range(steps):
            # Nine bits for each phase: electronics never draw exactly the same twice.
            rows[0][step] += flicker >> 3 & 15
            rows[1][step] += flicker >> 11 & 7
            rows[2][step] += flicker >> 19 & 7
            flicker = (flicker * 6364136223846793005 + 1442695040888963407) & 0xFFFFFFFFFFFFFFFF
        return rows[0], rows[1], rows[2]

    def _day(self, day: date) -> dict[int, list[Run]]:
        known = self._days.get(day)
        if known is None:
            if len(self._days) >= _KEPT_DAYS:
                del self._days[next(iter(self._days))]
            known = self._days[day] = self._make(day)
        return known

    def _make(self, day: date) -> dict[int, list[Run]]:
        midnight = datetime(day.year, day.month, day.day, tzinfo=self._zone).astimezone(UTC)
        about = Day((day - _EPOCH).days, int(midnight.timestamp()), self._temperature)
        minutes: dict[int, list[Run]] = defaultdict(list)
        for run in plan(self._seed, about, self._habits):
            for minute in range(run.start_s // MINUTE_S, -(-run.end_s // MINUTE_S)):
                minutes[minute * MINUTE_S].append(run)
        return minutes

    def _temperature(self, at_s: float) -> float:
        return self._weather.sky(at_s).temperature_c


def _add(row: list[int], run: Run, start_s: int, step_s: int) -> None:
    first, last = max(0, run.start_s - start_s), min(MINUTE_S, run.end_s - start_s)
    if step_s > 1:
        row[0] += run.watts * (last - first) // MINUTE_S
        return
    for second in range(first, last):
        row[second] += run.watts
