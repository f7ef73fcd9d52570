"""What the platform remembers of a request."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import web

from .fields import SHAPES


@dataclass(slots=True)
class Call:
    """One request: what it was about, and the status of its answer (None: there was none)."""

    time: datetime
    path: str
    key: str | None = None
    plant: Any = None
    date: Any = None
    devices: tuple[str, ...] = ()
    status: int | None = None


def note(time: datetime, request: web.Request, body: object) -> Call:
    """Return a request with what can be seen of its content."""
    call = Call(time, request.path, request.headers.get("Idempotency-Key"))
    shape = SHAPES.get(request.match_info.get("kind", ""))
    if shape and isinstance(body, dict) and shape.devices in body:
        call.plant, call.date = body.get("ID_PLANT"), body.get("DATE_GENERATION")
        devices = [one for one in shape.devices_in(body) if isinstance(one, dict)]
        call.devices = tuple(str(one.get("ID_DEVICE")) for one in devices)
    return call
