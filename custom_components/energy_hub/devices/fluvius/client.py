"""The wire of a P1 port and dsmr-parser: the only file that knows either."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from copy import deepcopy
from typing import Any, Final, Protocol

from dsmr_parser import obis_references as obis
from dsmr_parser.exceptions import ParseError
from dsmr_parser.objects import Telegram
from dsmr_parser.parsers import CosemParser, TelegramParser, ValueParser
from dsmr_parser.telegram_specifications import BELGIUM_FLUVIUS
from serialx import SerialException, create_serial_connection

from homeassistant.const import CONF_DEVICE, CONF_HOST, CONF_PORT

from ...errors import CannotConnectError
from .frame import Framer
from .line import Line

_CONNECT_SECONDS: Final = 10
_BAUD: Final = 115_200
"""Speed of every P1 port since DSMR 4: 8 data bits, no parity, 1 stop bit."""
_NETWORK_ERRORS: Final = (OSError, SerialException, ValueError)


@asynccontextmanager
async def async_open(
    data: Mapping[str, Any], framer: Framer, use: Callable[[bytes, bool], bool]
) -> AsyncGenerator[Line]:
    """Connect to the port that the entry's data names; its telegrams go to `use`.

    `data` holds `device` (a path or a serial URL) or `host` and `port`. Raises
    CannotConnectError. Nothing is ever written: a P1 port only talks.
    """
    line = Line(framer, use)
    try:
        try:
            async with asyncio.timeout(_CONNECT_SECONDS):
                await _connect(data, line)
        except _NETWORK_ERRORS as err:
            raise CannotConnectError(fields=_field_of(err, data)) from err
        yield line
    finally:
        await line.async_close()


async def _connect(data: Mapping[str, Any], line: Line) -> None:
    loop = asyncio.get_running_loop()
    if CONF_DEVICE in data:
        await create_serial_connection(loop, lambda: line, data[CONF_DEVICE], _BAUD)
    else:
        await loop.create_connection(lambda: line, data[CONF_HOST], data[CONF_PORT])


def _field_of(err: Exception, data: Mapping[str, Any]) -> dict[str, str]:
    """Return the form field that deserves a closer word."""
    if CONF_DEVICE in data:
        if isinstance(err, FileNotFoundError):
            return {CONF_DEVICE: "no_such_device"}
        return {CONF_DEVICE: "device_busy"} if isinstance(err, OSError) else {}
    if isinstance(err, ConnectionRefusedError):
        return {CONF_PORT: "port_closed"}
    return {CONF_HOST: "host_unreachable"}


class _ObjectParser(Protocol):
    def parse(self, line: str) -> Any: ...


class _Tolerant:
    """One object of a telegram that cannot take the others down with it.

    dsmr-parser loses the whole telegram on a number that is none or on a peak history
    of the wrong length, and logs a traceback a second for a value it cannot read.
    """

    def __init__(self, parser: _ObjectParser) -> None:
        self._parser = parser

    def parse(self, line: str) -> Any:
        """Return what the library's parser returns, or None when it cannot."""
        try:
            return self._parser.parse(line)
        except ParseError, ArithmeticError, LookupError, TypeError, ValueError:
            return None


def _specification() -> dict[str, Any]:
    """Return the library's Fluvius specification, corrected and completed.

    Its switch position also matches the relay lines of e-MUCS 2.1 (the main breaker then
    shows the state of relay 4), and grid type and connection number are missing.
    """
    specification: dict[str, Any] = deepcopy(BELGIUM_FLUVIUS)
    text = CosemParser(ValueParser(str))
    for item in specification["objects"]:
        if item["obis_reference"] == obis.ACTUAL_SWITCH_POSITION:
            item["obis_reference"] = r"^0-0:96\.3\.10.+?\r\n"
    specification["objects"] += [
        {"obis_reference": r"^1-0:94\.32\.1.+?\r\n", "value_parser": text, "value_name": "GRID"},
        {"obis_reference": r"^0-0:96\.1\.2.+?\r\n", "value_parser": text, "value_name": "EAN"},
        {"obis_reference": r"^0-0:96\.13\.1.+?\r\n", "value_parser": text, "value_name": "CODE"},
    ]
    for channel in range(1, 5):
        specification["objects"].append(
            {
                "obis_reference": rf"^0-{channel}:96\.3\.10.+?\r\n",
                "value_parser": CosemParser(ValueParser(int)),
                "value_name": f"RELAY_{channel}",
            }
        )
    for item in specification["objects"]:
        item["value_parser"] = _Tolerant(item["value_parser"])
    return specification


# The frame's checksum was checked when it was cut out of the stream.
_PARSER: Final = TelegramParser(_specification(), apply_checksum_validation=False)


def parse(frame: bytes) -> Telegram:
    """Return everything in a telegram as dsmr-parser reads it; unreadable objects lack."""
    telegram: Telegram = _PARSER.parse(frame.decode("ascii", errors="replace"))
    return telegram
