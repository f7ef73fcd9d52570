"""The last telegram for a bug report, without what names the home."""

import re
from typing import Final

# Equipment ids, connection numbers and messages of the meter and of those behind it.
_PERSONAL: Final = re.compile(r"^(0-\d:96\.(?:1\.[0-2]|13\.[01]))\(.*\)$")


def redacted(frame: bytes) -> list[str]:
    """Return the lines of a telegram, personal objects and the header's number hidden."""
    lines = frame.decode("ascii", errors="replace").splitlines()
    body = [_PERSONAL.sub(r"\1(**REDACTED**)", line) for line in lines[1:-1]]
    return ["/FLU5**REDACTED**", *body, "!"]
