"""The key API: what installers buy by the number of calls."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, override

from homeassistant.util import dt as dt_util

from ...errors import InvalidAuthError
from .budget import Budget
from .client import PAUSE_SECONDS, Http, unwrap
from .cloud import Cloud, Day
from .errors import CloudRefusedError, NoCallsLeftError, SlowDownError
from .login import Run
from .model import Inverter, Live, Plant, Status
from .read import energy
from .read_key import read_days, read_devices, read_flags, read_samples, read_stations

_STATIONS: Final = "/v0/zhgf-core/oapi/0/findMyStations"
_DEVICES: Final = "/v0/zhgf-core/oapi/0/findDevsByStation"
_SERIES: Final = "/v1/plant/0/oapi/mi_data_day"
_TODAY: Final = "/v1/plant/0/oapi/station_today_production"
_FLAGS: Final = "/v1/plant/0/oapi/gpw"
_DAYS: Final = "/v0/zhgf-core/oapi/0/findStation30dayEnergy"
_INVALID_KEY: Final = "100"
_HOUR_SECONDS: Final = 3600.0
_MOST_PAGES: Final = 200
_PAST_SHARE: Final = 0.5
"""Of the calls of a minute, as many as the past may use."""


class Key(Cloud):
    """One key; every call is taken from its budget."""

    by_inverter = True

    def __init__(self, http: Http, run: Run, key: str, budget: Budget) -> None:
        """Prepare; nothing is asked yet."""
        self._http = http
        self._run = run
        self._key = key
        self.budget = budget
        self._found: dict[int, Plant] = {}
        self._cursor = 0

    @override
    def restore(self, state: Mapping[str, Any]) -> None:
        self.budget.restore(state)

    @override
    def as_state(self) -> dict[str, Any]:
        return self.budget.as_state()

    @override
    async def some_plants(self) -> list[Plant]:
        plants, _ = read_stations(await self._ask(_STATIONS, {"next": 0}))
        return plants

    @override
    async def plants(self) -> list[Plant]:
        """Return all plants; a try that ran out of calls is gone on with by the next one."""
        for _ in range(_MOST_PAGES):
            data = await self._ask(_STATIONS, {"next": self._cursor})
            plants, following = read_stations(data)
            self._found |= {one.id: one for one in plants}
            if not plants or not following or following == self._cursor:
                break
            self._cursor = following
        found, self._found, self._cursor = self._found, {}, 0
        return list(found.values())

    @override
    async def inverters(self, plant: int) -> list[Inverter]:
        return read_devices(await self._ask(_DEVICES, {"id": plant}))

    @override
    async def status(self, plant: int) -> Status:
        return read_flags(await self._ask(_FLAGS, {"id": plant}))

    @override
    async def live(self, plant: int) -> Live:
        return Live(today_wh=energy(await self._ask(_TODAY, {"station_id": plant})))

    @override
    async def day(self, plant: int, day: date, until: int, inverters: Sequence[Inverter]) -> Day:
        series = {}
        for one in inverters:
            body = {"station_id": plant, "date": day.isoformat(), "sn": one.serial}
            data = await self._ask(_SERIES, body)
            found = await self._run(read_samples, data, until)
            if found is not None:
                series[one.serial] = found
        return Day(series)

    @override
    def wait_for_past(self, now: datetime) -> float:
        if self.budget.is_tight(now):
            raise NoCallsLeftError(_HOUR_SECONDS)
        return self.budget.wait(now, _PAST_SHARE)

    @override
    async def past(self, plant: int, end: date) -> dict[date, float]:
        body = {"stationId": plant, "endDate": (end - timedelta(days=1)).isoformat()}
        return read_days(await self._ask(_DAYS, body))

    async def _ask(self, path: str, body: Mapping[str, Any]) -> Any:
        now = dt_util.utcnow()
        if (seconds := self.budget.wait(now)) > 0:
            raise NoCallsLeftError(seconds)
        self.budget.spend(now)
        reply = await self._http.post(path, body, query={"key": self._key})
        answer = unwrap(reply.content)
        if answer.status == "0":
            return answer.data
        if answer.status == _INVALID_KEY:
            raise InvalidAuthError
        words = answer.message.lower()
        if "minute" in words:
            raise SlowDownError(PAUSE_SECONDS)
        if "times" in words or "limit" in words:
            raise SlowDownError(_HOUR_SECONDS)
        raise CloudRefusedError(answer.status)
