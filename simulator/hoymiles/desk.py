"""What both APIs of the cloud share: the plants as they are now, and every call that came."""

import asyncio
from collections import deque
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from aiohttp import web

from simulator.clock import Clock
from simulator.faults import Faults
from simulator.world import House

from .config import CloudConfig
from .faults import HoymilesFault
from .plant import Plant
from .track import Tracks

BODY: Final = web.RequestKey[dict[str, Any]]("body", dict)
"""The JSON object of a request; empty when it carries none."""

type Data = dict[str, Any] | list[Any] | str | None

_KEPT_CALLS: Final = 100_000


@dataclass(frozen=True, slots=True)
class Call:
    """One request: when, which path, which plant and inverter it named."""

    time: datetime
    path: str
    plant: int | None
    serial: str | None
    date: str | None


class Desk:
    """Knows the plants and the faults; `calls` are the last requests in their order.

    Faults of a plant, and those of answers about one, strike only the plants in `struck`
    unless that is None.
    """

    def __init__(self, house: House, clock: Clock, config: CloudConfig) -> None:
        """Open the desk for a house that has a Hoymiles array."""
        self.config: Final = config
        self.clock: Final = clock
        self.house: Final = house
        self.faults: Final = Faults(HoymilesFault, self._changed)
        self.calls: Final[deque[Call]] = deque(maxlen=_KEPT_CALLS)
        self.asked: Final = asyncio.Event()
        """Set by every call."""
        self.struck: Collection[int] | None = None
        self._since: dict[HoymilesFault, datetime] = {}
        self._tracks: Final = Tracks(house)
        self._plants: Final = {one.id: one for one in config.plants}

    def on(self, fault: HoymilesFault, plant: int | None = None) -> bool:
        """Return whether a fault is on for a plant, or for a request that names none."""
        return fault in self.faults and (self.struck is None or plant in self.struck)

    def since(self, fault: HoymilesFault) -> datetime | None:
        """Return since when a fault is on."""
        return self._since.get(fault)

    def plant(self, number: object) -> Plant | None:
        """Return a plant as its samples show it now; None when there is none of this number."""
        config = self._plants.get(number) if isinstance(number, int) else None
        if config is None:
            return None
        since = {fault: at for fault, at in self._since.items() if self.on(fault, config.id)}
        lag = timedelta(seconds=self.config.lag_s)
        zone = ZoneInfo(config.zone or self.house.config.place.zone)
        seed = self.house.config.seed
        return Plant(config, self._tracks, self.clock() - lag, since, zone, seed)

    def note(self, path: str, body: dict[str, Any]) -> int | None:
        """Note a request; return the plant that it names."""
        named = (body.get(name) for name in ("sid", "id", "station_id", "stationId"))
        plant = next((one for one in named if isinstance(one, int)), None)
        self.calls.append(Call(self.clock(), path, plant, body.get("sn"), body.get("date")))
        self.asked.set()
        return plant

    async def _changed(self, name: str, on: bool) -> None:
        if on:
            self._since[HoymilesFault(name)] = self.clock()
        else:
            self._since.pop(HoymilesFault(name), None)


def answer(data: Data, status: str = "0", message: str = "success") -> web.Response:
    """Return an answer in the envelope of both APIs."""
    return web.json_response({"status": status, "message": message, "data": data})
