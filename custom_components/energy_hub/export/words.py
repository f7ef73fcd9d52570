"""What a server said, made fit to be stored, shown and logged."""

import re
from typing import Any, Final

_LONGEST: Final = 300
_BLANK: Final = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
_HIDDEN: Final = "***"
_SHORTEST_SECRET: Final = 4


def plain(said: object) -> str:
    """Return a text on one line and not too long; empty for what is no text."""
    return _BLANK.sub(" ", said).strip()[:_LONGEST] if isinstance(said, str) else ""


def scrubbed(said: Any, *secrets: str) -> Any:
    """Return decoded JSON without the secrets in it, should the server have repeated them."""
    if isinstance(said, str):
        for secret in secrets:
            if len(secret) >= _SHORTEST_SECRET:
                said = said.replace(secret, _HIDDEN)
        return said
    if isinstance(said, list):
        return [scrubbed(one, *secrets) for one in said]
    if isinstance(said, dict):
        return {name: scrubbed(value, *secrets) for name, value in said.items()}
    return said
