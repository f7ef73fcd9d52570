"""The account API: what the maker's app and web page use.

Source: public clients of the cloud. Numbers are text, errors come with HTTP 200, charts are
protocol buffers; `/pvm` is the full surface, `/pvmc` that of S-Miles Home.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, Final

from aiohttp import web

from .config import Surface
from .day import Days
from .desk import BODY, Data, Desk, answer
from .faults import HoymilesFault as Fault
from .login import HOME, Logins
from .plant import Plant
from .tree import details, tree

type _Handler = Callable[[Plant, dict[str, Any]], Data]
type _Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]

_SILENCE: Final = timedelta(seconds=20)
"""Asked more often, the real-time data is null."""
_PVM: Final = "/pvm/api/0"
_PVMC: Final = "/pvmc/api/0"
_DATA: Final = "/pvm-data/api/0"


class AccountApi:
    """Answers of `neapi` and of the regional host; `region_url` tells where that is."""

    def __init__(self, desk: Desk, logins: Logins) -> None:
        """Answer for the plants of this desk."""
        self._desk: Final = desk
        self._logins: Final = logins
        self._asked: dict[int, datetime] = {}
        self._days: Final = Days(desk)
        self.url = ""
        self.region_url = ""

    def routes(self) -> list[web.RouteDef]:
        """Return what is answered."""
        full, home = self._full, self._home
        return [
            web.post("/iam/pub/0/c/region_c", self._region),
            web.post("/iam/pub/3/auth/pre-insp", self._inspect),
            web.post("/iam/pub/3/auth/login", self._login),
            web.post("/iam/pub/0/auth/login", self._legacy_login),
            web.post(f"{_PVM}/station/select_by_page", full(self._plants)),
            web.post(f"{_PVMC}/station/select_by_page_c", home(self._plants)),
            web.post(f"{_PVM}/station/find", full(self._one(self._details, "id"))),
            web.post(f"{_PVMC}/station/find_c", home(self._one(self._details, "sid"))),
            web.post(f"{_PVM}/station/select_device_of_tree", full(self._one(self._tree, "id"))),
            web.post(f"{_PVMC}/station/select_device_c", home(self._one(self._tree, "sid"))),
            web.post(
                f"{_DATA}/station/data/count_station_real_data",
                full(self._one(self._real, "sid")),
            ),
            web.post(
                f"{_PVMC}/station_data/count_station_real_data_c",
                home(self._one(self._real, "sid")),
            ),
            web.post(f"{_DATA}/module/data/down_module_day_data", full(self._days.whole)),
            web.post(f"{_DATA}/module/data/count_by_day", full(self._days.ports)),
            web.post(f"{_PVMC}/module_data/count_by_day_c", home(self._days.ports)),
            web.post(f"{_DATA}/micro/data/count_by_day", full(self._days.inverters)),
            web.post(f"{_PVMC}/micro_data/count_by_day_c", home(self._days.inverters)),
        ]

    async def _region(self, request: web.Request) -> web.Response:
        known = request[BODY].get("email") == self._desk.config.username
        if Fault.NO_REGION in self._desk.faults or not known:
            return answer({"login_url": "", "dc": -1})
        url = self.region_url if Fault.REGION in self._desk.faults else self.url
        return answer({"login_url": url, "dc": 1})

    async def _inspect(self, request: web.Request) -> web.Response:
        self._right_host(request)
        if "u" not in request[BODY]:
            return answer(None, "1", "user not found")
        found = self._logins.inspection()
        if Fault.BARE in self._desk.faults:
            return web.json_response(found)
        return answer(found)

    async def _login(self, request: web.Request) -> web.Response:
        self._right_host(request)
        app = request.headers.get("User-Agent", "").startswith("sma/ad/")
        if self._desk.config.surface is Surface.HOME and not app:
            return answer("", "1", HOME)
        if (why := await self._logins.refusal(request[BODY])) is not None:
            return answer("", "1", why)
        return answer({"token": self._logins.new_token()})

    async def _legacy_login(self, request: web.Request) -> web.Response:
        self._right_host(request)
        if (why := await self._logins.legacy_refusal(request[BODY])) is not None:
            return answer("", "1", why)
        return answer({"token": self._logins.new_token()})

    def _right_host(self, request: web.Request) -> None:
        there = f"{request.url.origin()}"
        if Fault.REGION in self._desk.faults and there != self.region_url:
            raise web.HTTPTemporaryRedirect(f"{self.region_url}{request.path}")

    def _full(self, handler: _Answer) -> _Answer:
        return self._guarded(handler, Surface.FULL)

    def _home(self, handler: _Answer) -> _Answer:
        return self._guarded(handler, Surface.HOME)

    def _guarded(self, handler: _Answer, surface: Surface) -> _Answer:
        async def handle(request: web.Request) -> web.StreamResponse:
            if not self._logins.is_good(request.headers.get("Authorization", "")):
                return answer("", "100", "token verify error.")
            own = self._desk.config.surface
            if surface is Surface.FULL and own is Surface.HOME:
                return answer("", "1", HOME)
            return await handler(request)

        return handle

    def _one(self, handler: _Handler, name: str) -> _Answer:
        async def handle(request: web.Request) -> web.Response:
            plant = self._desk.plant(request[BODY].get(name))
            if plant is None:
                return answer("", "3", "No Permission.")
            return answer(handler(plant, request[BODY]))

        return handle

    async def _plants(self, request: web.Request) -> web.Response:
        body = request[BODY]
        page, size = body.get("page", body.get("page_num")), body.get("page_size")
        if not isinstance(page, int) or not isinstance(size, int) or size < 1:
            return answer("", "2", "parameter error")
        plants = self._desk.config.plants
        home = self._desk.config.surface is Surface.HOME
        name = "sid" if home else "id"
        rows: list[dict[str, Any]] = [
            {name: one.id, "name": one.name} | ({"devices": []} if home else {})
            for one in plants[(page - 1) * size : page * size]
        ]
        return answer({"list": rows, "total": len(plants), "page": page, "page_size": size})

    def _details(self, plant: Plant, _body: dict[str, Any]) -> Data:
        home = self._desk.config.surface is Surface.HOME
        return details(plant, self._desk.clock(), self._desk.house.config.place, home=home)

    def _tree(self, plant: Plant, _body: dict[str, Any]) -> Data:
        home = self._desk.config.surface is Surface.HOME
        return tree(plant, home=home)

    def _real(self, plant: Plant, _body: dict[str, Any]) -> Data:
        now, number = self._desk.clock(), plant.config.id
        asked = self._asked.get(number)
        self._asked[number] = now
        too_often = asked is not None and now - asked < _SILENCE
        if too_often or Fault.SILENT_LIMIT in plant.faults:
            return None
        return _real(plant, self._desk.config.step_min)


def _real(plant: Plant, step_min: int) -> dict[str, Any]:
    fixed: dict[str, Any] = {
        "capacitor": f"{2.6 * plant.config.scale:.1f}",
        "is_balance": 0,
        "is_reflux": 0,
        "reflux_station_data": None,
        "co2_emission_reduction": "7322966.0",
        "plant_tree": "400",
    }
    names = ("today_eq", "month_eq", "year_eq", "total_eq", "real_power")
    times = ("data_time", "last_data_time")
    numbers = plant.numbers(step_min)
    if numbers is None:
        return fixed | dict.fromkeys((*names, *times))
    at = f"{numbers.at.astimezone(plant.zone):%Y-%m-%d %H:%M:%S}"
    fixed |= dict.fromkeys(times, at)
    if Fault.NULL_NUMBERS in plant.faults:
        return fixed | dict.fromkeys(names) | {"real_power": "-"}
    return fixed | {
        "today_eq": f"{numbers.today_wh}.0",
        "month_eq": f"{numbers.month_wh:.0f}",
        "year_eq": f"{numbers.year_wh:.0f}",
        "total_eq": f"{numbers.total_wh:.0f}",
        "real_power": f"{numbers.power_w}",
    }
