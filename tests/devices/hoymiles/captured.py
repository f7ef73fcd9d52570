"""A cloud that answers with what was noted down once, in the form of a real fleet's answers."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

from aiohttp import web

KEY: Final = "bWFkZQ==+up"
ROOF, SHED = 1_234_567, 1_234_590
SHIFTED, DYING, SILENT = "116199000001", "106199000002", "106299000003"


def _sample(time: str, watts: float, **ports: tuple[float, float, float, float]) -> dict[str, Any]:
    """Return a sample; ports are p1=(W, V, A, Wh) and so on."""
    alive = watts > 0
    return {
        "time": time,
        "ac": {
            "p": watts,
            "ua": 121.4 if alive else 0.0,
            "ub": 0.0,
            "uc": 0.0,
            "freq": 60.02 if alive else 0.0,
            "temp": 38.6 if alive else 0.0,
        },
        "dc": [
            {"port": int(name[1:]), "p": watt, "u": volt, "i": ampere, "tp": energy}
            for name, (watt, volt, ampere, energy) in ports.items()
        ],
    }


_GOOD: Final = {
    "p1": (101.0, 33.1, 3.05, 120.0),
    "p2": (99.5, 33.1, 3.01, 118.0),
    "p3": (98.2, 32.8, 2.99, 117.0),
    "p4": (97.3, 32.8, 2.97, 115.0),
}
_DEAD: Final = {name: (0.0, 0.0, 0.0, _GOOD[name][3]) for name in ("p2", "p4", "p1")}
SERIES: Final[Mapping[str, list[dict[str, Any]]]] = {
    # Only ports 3 and 4 are connected, and the samples come in no order.
    SHIFTED: [
        _sample("10:15", 402.3, p4=(212.4, 35.1, 6.05, 190.0), p3=(211.0, 35.1, 6.01, 188.0)),
        _sample("09:45", 350.1, p3=(184.0, 34.9, 5.27, 90.0), p4=(184.5, 34.9, 5.28, 91.0)),
        _sample("10:00", 377.7, p3=(198.0, 35.0, 5.65, 138.0), p4=(199.6, 35.0, 5.7, 139.0)),
    ],
    # Its last good sample comes once more, then it is dead, and one port is not mentioned.
    DYING: [
        _sample("09:45", 396.0, **_GOOD),
        _sample("10:00", 396.0, **_GOOD),
        _sample("10:15", 0.0, **_DEAD),
    ],
    SILENT: [],
}
_FLAGS: Final = {
    ROOF: {
        **dict.fromkeys(("offline", "unstable", "umatched", "mi_warn", "g_warn")),
        "last_at": "2025-03-05 10:20:00 (UTC-05:00)",
        "tz": "America/Menominee",
    },
    SHED: None,
}


@asynccontextmanager
async def captured_cloud() -> AsyncIterator[str]:
    """Serve the fleet by the key API; yields the address."""
    app = web.Application()
    app.router.add_post("/{path:.*}", _answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        host, port = runner.addresses[0][:2]
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()


async def _answer(request: web.Request) -> web.Response:
    if request.query.get("key") != KEY:
        return web.json_response({"status": "100", "message": "invalid key", "data": None})
    body = await request.json()
    data = _data(request.path.rpartition("/")[2], body)
    return web.json_response({"status": "0", "message": "success", "data": data})


def _data(call: str, body: Mapping[str, Any]) -> Any:
    match call:
        case "findMyStations":
            names = [(ROOF, "Roof"), (SHED, "Shed")]
            stations = [{"id": one, "station_name": name} for one, name in names]
            return {"stations": stations if body["next"] < ROOF else [], "next": SHED}
        case "findDevsByStation":
            serials = (SILENT, DYING, DYING, SHIFTED) if body["id"] == ROOF else ()
            return {"micro_datas": [{"mi_sn": one} for one in serials]}
        case "gpw":
            return _FLAGS[body["id"]]
        case "mi_data_day":
            return SERIES[body["sn"]] if body["date"] == "2025-03-05" else []
        case "station_today_production":
            return "848.0" if body["station_id"] == ROOF else None
        case _:
            return []
