"""A gateway's answers as they came, without who it is: a fixture for tests of this project.

Serial numbers are replaced by made-up ones, the same everywhere, so that what belongs
together still does. Addresses, names and keys of the network are left out.
"""

from collections.abc import Mapping
from itertools import count
import re
from typing import Any, Final

from .replies import Record

_SERIAL: Final = re.compile(r"(?<![\w.])\d{12,14}(?![\w.])")
_NAMED: Final = re.compile(
    r'"(?:sn|serial|serial_num|serialNumber|serialNum|envoy_serial)"\s*:\s*"?([A-Za-z0-9]{6,})'
)
_TAGGED: Final = re.compile(r"<sn>([^<]+)</sn>")
_SECRETS: Final = (
    (re.compile(r"\b(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}\b"), "00:00:00:00:00:00"),
    (re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}\b"), "192.0.2.1"),
    (re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+"), "owner@example.com"),
    (re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*"), "a.b.c"),
    (re.compile(r'("(?:ssid|load_name|site_name|name)"\s*:\s*)"[^"]*"'), r'\1""'),
)


def anonymous(records: Mapping[str, Record]) -> dict[str, Any]:
    """Return status and text of the last answer to each path."""
    numbers, known = count(1), dict[str, str]()
    for record in records.values():
        for pattern in (_TAGGED, _NAMED, _SERIAL):
            for serial in pattern.findall(record.text):
                if serial not in known:
                    known[serial] = f"{next(numbers):0{len(serial)}d}".replace("0", "9", 2)
    return {
        path: {"status": record.status, "text": _without(record.text, known)}
        for path, record in sorted(records.items())
    }


def _without(text: str, known: Mapping[str, str]) -> str:
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    if not known:
        return text
    serials = re.compile("|".join(sorted(map(re.escape, known), key=len, reverse=True)))
    return serials.sub(lambda found: known[found[0]], text)
