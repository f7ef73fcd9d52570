"""Who is at the other end: one look before an entry is made."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from homeassistant.const import CONF_DEVICE, CONF_HOST
from homeassistant.util import dt as dt_util

from ...errors import CannotConnectError, NoAnswerError, WrongDeviceError
from .client import async_open, parse
from .frame import FrameCounts, Framer
from .line import ConnectionLostError
from .read import read_details
from .scan import scan

_WAIT_SECONDS: Final = 10


async def async_identify(data: Mapping[str, Any]) -> str:
    """Return the equipment id of the meter that `data` leads to.

    Raises CannotConnectError; NoAnswerError when the port stays silent; WrongDeviceError
    for anything that is no Belgian electricity meter, with a word on the form's field.
    """
    framer, look = Framer(), _Look()
    try:
        async with async_open(data, framer, look.use) as line, asyncio.timeout(_WAIT_SECONDS):
            await line.async_listen()
    except ConnectionLostError as err:
        if not framer.counts.bytes_seen:
            raise CannotConnectError(fields={_field(data): "closed_at_once"}) from err
    except TimeoutError, NoAnswerError, WrongDeviceError:
        pass
    if look.meter_id is not None and look.is_electricity:
        return look.meter_id
    if not look.found:
        raise _nothing(framer.counts, data)
    raise _wrong("no_meter_id" if look.is_electricity else "no_registers", data)


class _Look:
    """What the telegrams so far say of the meter."""

    found = False
    is_electricity = False
    meter_id: str | None = None

    def use(self, frame: bytes, _more: bool) -> bool:
        """Look at one telegram; returns True when enough is known."""
        live = scan(frame, dt_util.utcnow())
        self.found = True
        self.meter_id = read_details(parse(frame), live.at).meter_id
        self.is_electricity = None not in (live.import_day_kwh, live.import_night_kwh)
        return self.meter_id is not None and self.is_electricity


def _nothing(counts: FrameCounts, data: Mapping[str, Any]) -> NoAnswerError | WrongDeviceError:
    """Return why no telegram of a Belgian meter came."""
    if counts.foreign:
        return _wrong("foreign_meter", data)
    return _wrong("no_telegram", data) if counts.bytes_seen else NoAnswerError()


def _wrong(word: str, data: Mapping[str, Any]) -> WrongDeviceError:
    return WrongDeviceError(fields={_field(data): word})


def _field(data: Mapping[str, Any]) -> str:
    return CONF_DEVICE if CONF_DEVICE in data else CONF_HOST
