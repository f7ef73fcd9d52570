"""The account API: what the maker's own app and web page use."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, override

from homeassistant.util import dt as dt_util

from ...errors import CannotConnectError, DeviceError, NoAnswerError
from .charts import MICRO_QUOTAS, PORT_QUOTAS, read_charts, read_day
from .client import PAUSE_SECONDS, Envelope, Http, Reply, unwrap
from .cloud import Cloud, Day
from .errors import (
    AccountLockedError,
    BadAnswerError,
    CloudRefusedError,
    LoginLimitError,
    NotAllowedError,
    SlowDownError,
    TokenRefusedError,
)
from .login import Login, Run
from .model import Inverter, Live, Plant, Status
from .read import part, read_inverters, read_live, read_plants, read_status, text, whole
from .series import Series

_PAGE: Final = 100
_MOST_PAGES: Final = 20
_LOGINS: Final = ((timedelta(hours=1), 6), (timedelta(days=1), 24))
"""More than these have locked accounts."""
_PATIENCE: Final = timedelta(minutes=10)
_LOCKED: Final = timedelta(hours=1)
_NO_PERMISSION: Final = "3"
_BAD_TOKEN: Final = "100"  # noqa: S105 - a status
_FULL: Final = "full"
_HOME: Final = "home"
_PATHS: Final[Mapping[str, Mapping[str, str]]] = {
    _FULL: {
        "plants": "/pvm/api/0/station/select_by_page",
        "status": "/pvm/api/0/station/find",
        "tree": "/pvm/api/0/station/select_device_of_tree",
        "live": "/pvm-data/api/0/station/data/count_station_real_data",
        "day": "/pvm-data/api/0/module/data/down_module_day_data",
        "micros": "/pvm-data/api/0/micro/data/count_by_day",
        "ports": "/pvm-data/api/0/module/data/count_by_day",
        "id": "id",
    },
    _HOME: {
        "plants": "/pvmc/api/0/station/select_by_page_c",
        "status": "/pvmc/api/0/station/find_c",
        "tree": "/pvmc/api/0/station/select_device_c",
        "live": "/pvmc/api/0/station_data/count_station_real_data_c",
        "micros": "/pvmc/api/0/micro_data/count_by_day_c",
        "ports": "/pvmc/api/0/module_data/count_by_day_c",
        "id": "sid",
    },
}
"""Full accounts and those of the home app have paths of their own."""


class Account(Cloud):
    """One account; it logs in when it must and no sooner."""

    by_inverter = False

    def __init__(self, http: Http, run: Run, user: str, password: str) -> None:
        """Prepare; `restore` may bring back a token."""
        self._http = http
        self._run = run
        self._user = user
        self._password = password
        self._login = Login(http, run)
        self._token: str | None = None
        self.surface: str | None = None
        self.logins: list[datetime] = []
        self._locked_until = datetime.min.replace(tzinfo=UTC)
        self._locked_by: type[DeviceError] = LoginLimitError
        self._useless: datetime | None = None
        """Since when there is a token that was of no use yet."""
        self._whole_day = True

    @override
    def restore(self, state: Mapping[str, Any]) -> None:
        self._token = text(state.get("token"))
        self.surface = state.get("surface") if self._token else None
        self.logins = [datetime.fromisoformat(one) for one in state.get("logins", ())]

    @override
    def as_state(self) -> dict[str, Any]:
        return {
            "token": self._token,
            "surface": self.surface,
            "logins": [one.isoformat() for one in self.logins],
        }

    @override
    async def some_plants(self) -> list[Plant]:
        return read_plants(await self._page(1))

    async def _page(self, page: int) -> Any:
        # Clients of the cloud disagree on the name of the page.
        body = {"page": page, "page_num": page, "page_size": _PAGE}
        return await self._ask("plants", body)

    @override
    async def plants(self) -> list[Plant]:
        found: dict[int, Plant] = {}
        for page in range(1, _MOST_PAGES + 1):
            data = await self._page(page)
            plants = read_plants(data)
            known = len(found)
            found |= {one.id: one for one in plants}
            total = whole(part(data, "total"))
            done = len(plants) < _PAGE if total is None else len(found) >= total
            if done or len(found) == known:
                break
        return list(found.values())

    @override
    async def inverters(self, plant: int) -> list[Inverter]:
        return read_inverters(await self._ask("tree", {}, plant))

    @override
    async def status(self, plant: int) -> Status:
        reply = await self._reply("status", {}, plant)
        data = unwrap(reply.content).data
        if not isinstance(data, dict):
            raise BadAnswerError
        return read_status(data, reply.date or dt_util.utcnow())

    @override
    async def live(self, plant: int) -> Live:
        data = await self._ask("live", {"sid": plant})
        if not isinstance(data, dict):
            # Asked too often, it says that all is well, and nothing else.
            raise BadAnswerError
        return read_live(data)

    @override
    async def day(self, plant: int, day: date, until: int, inverters: Sequence[Inverter]) -> Day:
        serials = {one.number: one.serial for one in inverters if one.number is not None}
        body = {"sid": plant, "date": day.isoformat()}
        try:
            if self._whole_day and await self._way() == _FULL:
                content = (await self._reply("day", body)).content
                series, strangers = await self._run(read_day, content, serials, until)
                return Day(series, bool(strangers))
            return Day(await self._charts(body, inverters, serials, until))
        except NotAllowedError:
            if not self._whole_day:
                raise
            self._whole_day = False
            return Day(await self._charts(body, inverters, serials, until))
        except ValueError:
            raise BadAnswerError from None

    async def _charts(
        self,
        body: Mapping[str, Any],
        inverters: Sequence[Inverter],
        serials: Mapping[int, str],
        until: int,
    ) -> Series:
        """Return the day from the two charts, which have no energies."""
        ports = [
            {"id": one.number, "port": port}
            for one in inverters
            for port in one.ports
            if one.number is not None
        ]
        if not serials:
            return {}
        micro = await self._reply("micros", {**body, "mi_list": [*serials], "quota": MICRO_QUOTAS})
        module = await self._reply("ports", {**body, "mi_list": ports, "quota": PORT_QUOTAS})
        found: Series = await self._run(read_charts, micro.content, module.content, serials, until)
        return found

    async def _ask(self, name: str, body: Mapping[str, Any], plant: int | None = None) -> Any:
        """Return the data of a good answer."""
        return unwrap((await self._reply(name, body, plant)).content).data

    async def _reply(self, name: str, body: Mapping[str, Any], plant: int | None = None) -> Reply:
        """Return a good answer; one in JSON is good when it says so."""
        paths = _PATHS[await self._way()]
        if plant is not None:
            body = {**body, paths["id"]: plant}
        reply = await self._exchange(paths[name], body)
        if reply.content.startswith(b"{"):
            _good(unwrap(reply.content))
        return reply

    async def _way(self) -> str:
        """Return which paths are for this account."""
        if self.surface is None:
            body = {"page": 1, "page_num": 1, "page_size": 1}
            reply = await self._exchange(_PATHS[_FULL]["plants"], body)
            self.surface = _FULL if unwrap(reply.content).status == "0" else _HOME
        return self.surface

    async def _exchange(self, path: str, body: Mapping[str, Any]) -> Reply:
        """Return the answer to somebody who is logged in; that is renewed once if it must be."""
        for token in (self._token, None):
            if token is None:
                await self._renew()
            headers = {**self._login.headers, "Authorization": self._token or ""}
            reply = await self._http.post(path, body, headers=headers)
            if not _token_ended(reply):
                self._useless = None
                return reply
        raise TokenRefusedError(_BAD_TOKEN)

    async def _renew(self) -> None:
        """Log in, unless that was done lately and did not help, or too often."""
        now = dt_util.utcnow()
        if self._useless is not None and now - self._useless < _PATIENCE:
            raise TokenRefusedError(_BAD_TOKEN)
        if now < self._locked_until:
            raise self._locked_by()
        if any(sum(now - one < span for one in self.logins) >= most for span, most in _LOGINS):
            raise LoginLimitError
        try:
            self._token = await self._login.async_token(self._user, self._password)
        except CannotConnectError, NoAnswerError, SlowDownError:
            raise
        except (AccountLockedError, LoginLimitError) as err:
            self._locked_until, self._locked_by = now + _LOCKED, type(err)
            self._note_login(now)
            raise
        except DeviceError:
            self._note_login(now)
            raise
        self._note_login(now)
        self._useless = now

    def _note_login(self, now: datetime) -> None:
        """Count a log-in that the cloud has answered."""
        self.logins = [*self.logins[1 - _LOGINS[-1][1] :], now]


def _token_ended(reply: Reply) -> bool:
    """Return whether an answer says that the log-in has ended; a chart says so in JSON."""
    if not reply.content.startswith(b"{"):
        return False
    answer = unwrap(reply.content)
    return answer.status == _BAD_TOKEN or (answer.status == "0" and answer.data == "")


def _good(answer: Envelope) -> Any:
    """Return the data of an answer; raises what it says otherwise."""
    if answer.status == "0":
        return answer.data
    words = answer.message.lower()
    if any(word in words for word in ("times of calls", "too many", "frequent")):
        raise SlowDownError(PAUSE_SECONDS)
    if answer.status == _NO_PERMISSION:
        raise NotAllowedError(answer.status)
    raise CloudRefusedError(answer.status)
