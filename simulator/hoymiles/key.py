"""The key API: what installers buy by the number of calls.

Source: the original collector of plants for ENRG and its captured answers.
"""

from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from typing import Any, Final

from aiohttp import web

from .desk import BODY, Data, Desk, answer
from .faults import HoymilesFault as Fault
from .limits import Quota
from .micro import MicroSample
from .plant import Plant

type _Handler = Callable[[dict[str, Any]], Data]

_STEP_MIN: Final = 15
_PAGE: Final = 10
_FLAG_GRID_S: Final = 300
_WRONG_ZONE: Final = "America/Menominee"


class RefusalError(Exception):
    """The request is answered with a status that says error."""


class KeyApi:
    """Answers of `wapi`; `quota` counts what the key has used."""

    def __init__(self, desk: Desk) -> None:
        """Answer for the plants of this desk."""
        self._desk: Final = desk
        config = desk.config
        self.quota: Final = Quota(config.calls_per_minute, config.calls_per_month)

    def routes(self) -> list[web.RouteDef]:
        """Return what is answered."""
        return [
            web.post("/v0/zhgf-core/oapi/0/findMyStations", self._guarded(self._stations)),
            web.post("/v0/zhgf-core/oapi/0/findDevsByStation", self._guarded(self._devices)),
            web.post("/v1/plant/0/oapi/mi_data_day", self._guarded(self._series)),
            web.post("/v1/plant/0/oapi/station_today_production", self._guarded(self._today)),
            web.post("/v1/plant/0/oapi/gpw", self._guarded(self._flags)),
            web.post("/v0/zhgf-core/oapi/0/findStation30dayEnergy", self._guarded(self._days)),
        ]

    def _guarded(self, handler: _Handler) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            refused = Fault.REFUSED in self._desk.faults
            if refused or request.query.get("key") != self._desk.config.api_key:
                return answer(None, "100", "invalid key")
            if (why := self.quota.refusal(self._desk.clock())) is not None:
                return answer(None, "1", why)
            try:
                return answer(handler(request[BODY]))
            except RefusalError as error:
                return answer(None, "1", str(error))

        return handle

    def _stations(self, body: dict[str, Any]) -> Data:
        after = body.get("next")
        if not isinstance(after, int):
            raise RefusalError("next must be a number")
        found = sorted(self._desk.config.plants, key=lambda one: one.id)
        rest = [one for one in found if one.id > after]
        page = rest[:_PAGE]
        return {
            "stations": [
                {"id": one.id, "station_name": one.name, "equipe_capacitor": 2.6 * one.scale}
                for one in page
            ],
            "next": page[-1].id if len(rest) > _PAGE else None,
        }

    def _devices(self, body: dict[str, Any]) -> Data:
        plant = self._plant(body.get("id"))
        if Fault.NO_DEVICES in plant.faults:
            return {"micro_datas": []}
        # The real one repeats an inverter for each of its ports.
        return {"micro_datas": [{"mi_sn": one.serial} for one in plant.micros for _ in one.ports]}

    def _series(self, body: dict[str, Any]) -> Data:
        plant, day = self._plant(body.get("station_id")), _date(body.get("date"))
        micro = {one.serial: one for one in plant.micros}.get(str(body.get("sn")))
        return [_sample(one) for one in plant.day(micro, day, _STEP_MIN)] if micro else []

    def _today(self, body: dict[str, Any]) -> Data:
        plant = self._plant(body.get("station_id"))
        if Fault.NULL_NUMBERS in plant.faults:
            return None
        now = self._desk.clock()
        none = Fault.COUNTER_ZERO in plant.faults or not plant.is_today(now)
        energy_wh = 0 if none else plant.today_wh(_STEP_MIN)
        return f"{energy_wh}.0" if energy_wh else "0"

    def _flags(self, body: dict[str, Any]) -> Data:
        plant = self._plant(body.get("id"))
        names = ("offline", "unstable", "umatched", "mi_warn", "g_warn")
        flags: dict[str, Any] = dict.fromkeys(names, False)
        flags["offline"] = Fault.OFFLINE in plant.faults
        flags["mi_warn"] = Fault.DYING in plant.faults
        if Fault.NULL_FLAGS in plant.faults:
            flags = dict.fromkeys(names)
        now_s = int(self._desk.clock().timestamp()) // _FLAG_GRID_S * _FLAG_GRID_S
        local = datetime.fromtimestamp(now_s, plant.zone)
        flags["last_at"] = f"{local:%Y-%m-%d %H:%M:%S} (UTC{local:%:z})"
        flags["tz"] = _WRONG_ZONE if Fault.WRONG_ZONE in plant.faults else plant.zone.key
        return flags

    def _days(self, body: dict[str, Any]) -> Data:
        plant, end = self._plant(body.get("stationId")), _date(body.get("endDate"))
        begin = self._desk.house.begin.astimezone(plant.zone).date()
        days = [end - timedelta(days=back) for back in range(29, -1, -1)]
        return [
            {"report_date": day.isoformat(), "total_energy": round(plant.daily_wh(day))}
            for day in days
            if day >= begin
        ]

    def _plant(self, number: object) -> Plant:
        plant = self._desk.plant(number)
        if plant is None:
            raise RefusalError("no such plant")
        return plant


def _sample(sample: MicroSample) -> dict[str, Any]:
    first, second, third = sample.volts
    return {
        "time": sample.label,
        "ac": {
            "p": sample.power_w,
            "ua": first,
            "ub": second,
            "uc": third,
            "freq": sample.frequency_hz,
            "temp": sample.temperature_c,
        },
        "dc": [
            {
                "port": one.port,
                "p": one.power_w,
                "u": one.voltage_v,
                "i": one.current_a,
                "tp": float(one.energy_wh),
            }
            for one in sample.ports
        ],
    }


def _date(text: object) -> date:
    try:
        return date.fromisoformat(str(text))
    except ValueError as error:
        raise RefusalError("date must be like 2026-06-01") from error
