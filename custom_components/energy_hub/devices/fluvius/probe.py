"""Who is at the other end: one look before an entry is made."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from homeassistant.const import CONF_DEVICE, CONF_HOST
from homeassistant.util import dt as dt_util

from ...errors import CannotConnectError, NoAnswerError, WrongDeviceError
from .client import ConnectionLostError, async_frames, async_open, parse
from .frame import FrameCounts, Framer
from .read import read_details
from .scan import Live, scan

_WAIT_SECONDS: Final = 10


async def async_identify(data: Mapping[str, Any]) -> str:
    """Return the equipment id of the meter that `data` leads to.

    Raises CannotConnectError; NoAnswerError when the port stays silent; WrongDeviceError
    for anything that is no Belgian electricity meter, with a word on the form's field.
    """
    framer = Framer()
    found: tuple[str | None, Live] | None = None
    try:
        async with async_open(data) as reader, asyncio.timeout(_WAIT_SECONDS):
            async for frame, _ in async_frames(reader, framer):
                live = scan(frame, dt_util.utcnow())
                meter_id = read_details(parse(frame), live.at).meter_id
                found = meter_id, live
                if meter_id is not None and _is_electricity(live):
                    return meter_id
    except ConnectionLostError as err:
        if not framer.counts.bytes_seen:
            raise CannotConnectError(fields={_field(data): "closed_at_once"}) from err
    except TimeoutError, NoAnswerError, WrongDeviceError:
        pass
    if found is None:
        raise _nothing(framer.counts, data)
    raise _wrong("no_meter_id" if _is_electricity(found[1]) else "no_registers", data)


def _is_electricity(live: Live) -> bool:
    return live.import_day_kwh is not None and live.import_night_kwh is not None


def _nothing(counts: FrameCounts, data: Mapping[str, Any]) -> NoAnswerError | WrongDeviceError:
    """Return why no telegram of a Belgian meter came."""
    if counts.foreign:
        return _wrong("foreign_meter", data)
    return _wrong("no_telegram", data) if counts.bytes_seen else NoAnswerError()


def _wrong(word: str, data: Mapping[str, Any]) -> WrongDeviceError:
    return WrongDeviceError(fields={_field(data): word})


def _field(data: Mapping[str, Any]) -> str:
    return CONF_DEVICE if CONF_DEVICE in data else CONF_HOST
