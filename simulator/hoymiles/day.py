"""The day of a plant in the account API: as a whole, or as charts of chosen quantities."""

from collections.abc import Callable, Sequence
from datetime import date
import gzip
from typing import Any, Final

from aiohttp import web

from .charts import UNKNOWN, day_data, line_chart
from .config import MicroConfig
from .desk import BODY, Desk, answer
from .faults import HoymilesFault as Fault
from .micro import MicroSample, PortSample
from .plant import Plant

type _Line = tuple[str, int, int, Sequence[float]]

_MICRO: Final[dict[str, Callable[[MicroSample], float]]] = {
    "MI_POWER": lambda one: one.power_w,
    "MI_NET_V": lambda one: one.volts[0],
    "MI_NET_RATE": lambda one: one.frequency_hz,
    "MI_TEMPERATURE": lambda one: one.temperature_c,
}
_PORT: Final[dict[str, Callable[[PortSample], float]]] = {
    "MODULE_POWER": lambda one: one.power_w,
    "MODULE_V": lambda one: one.voltage_v,
    "MODULE_I": lambda one: one.current_a,
}


class Days:
    """Binary answers about days; what is wrong with a request is said in JSON."""

    def __init__(self, desk: Desk) -> None:
        """Answer for the plants of this desk."""
        self._desk: Final = desk

    async def whole(self, request: web.Request) -> web.Response:
        """Return everything of a plant and day."""
        asked = self._asked(request)
        if asked is None or Fault.NO_DAY in asked[0].faults:
            return answer("", "3", "No Permission.")
        plant, day = asked
        micros = [(one.id, self._samples(plant, one, day)) for one in plant.micros]
        content = day_data(plant.config.id, day.isoformat(), micros)
        if Fault.NEW_FIELDS in plant.faults:
            content += UNKNOWN
        return _binary(plant, content)

    async def inverters(self, request: web.Request) -> web.Response:
        """Return quantities of inverters."""
        asked, body = self._asked(request), request[BODY]
        wanted = body.get("mi_list")
        if asked is None or not isinstance(wanted, list):
            return answer("", "3", "No Permission.")
        plant, day = asked
        lines: list[_Line] = []
        for micro in (one for one in plant.micros if one.id in wanted):
            samples = self._samples(plant, micro, day)
            quotas = [one for one in body.get("quota", []) if one in _MICRO]
            lines += [(one, micro.id, 0, [_MICRO[one](row) for row in samples]) for one in quotas]
        return self._chart(plant, day, lines, body)

    async def ports(self, request: web.Request) -> web.Response:
        """Return quantities of ports."""
        asked, body = self._asked(request), request[BODY]
        wanted = body.get("mi_list")
        if asked is None or not isinstance(wanted, list):
            return answer("", "3", "No Permission.")
        plant, day = asked
        lines: list[_Line] = []
        for micro in plant.micros:
            samples = self._samples(plant, micro, day)
            ports = [one for one in micro.ports if {"id": micro.id, "port": one} in wanted]
            quotas = [one for one in body.get("quota", []) if one in _PORT]
            lines += [
                (quota, micro.id, port, _column(samples, port, _PORT[quota]))
                for port in ports
                for quota in quotas
            ]
        return self._chart(plant, day, lines, body)

    def _chart(
        self, plant: Plant, day: date, lines: list[_Line], body: dict[str, Any]
    ) -> web.Response:
        labels: list[str] = []
        if plant.micros:
            labels = [one.label for one in self._samples(plant, plant.micros[0], day)]
        if Fault.NEW_FIELDS in plant.faults:
            lines = [*lines, ("MI_HUMIDITY", 1, 0, [1.0] * len(labels))]
        content = line_chart(labels, lines, wide=body.get("pb_ver") == 1)
        return _binary(plant, content)

    def _samples(self, plant: Plant, micro: MicroConfig, day: date) -> list[MicroSample]:
        return plant.day(micro, day, self._desk.config.step_min)

    def _asked(self, request: web.Request) -> tuple[Plant, date] | None:
        body = request[BODY]
        plant = self._desk.plant(body.get("sid"))
        try:
            day = date.fromisoformat(str(body.get("date")))
        except ValueError:
            return None
        return None if plant is None else (plant, day)


def _column(
    samples: Sequence[MicroSample], port: int, value: Callable[[PortSample], float]
) -> list[float]:
    rows = [{one.port: one for one in sample.ports} for sample in samples]
    return [value(row[port]) if port in row else 0.0 for row in rows]


def _binary(plant: Plant, content: bytes) -> web.Response:
    if Fault.GZIP in plant.faults:
        content = gzip.compress(content)
    if Fault.TRUNCATED in plant.faults:
        content = content[: len(content) * 2 // 3]
    return web.Response(body=content, content_type="application/octet-stream")
