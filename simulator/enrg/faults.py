"""What can go wrong with the platform: on the way to it, at its door, in what it answers."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class EnrgFault(StrEnum):
    """The switches of the simulated platform.

    Each strikes whenever it can; those in `EnrgService.times` only so often. What concerns
    single devices strikes `EnrgService.struck`, or the first one of every message.
    """

    REFUSE = "refuse"
    """The port is closed."""
    RESET = "reset"
    """Connections end instead of an answer; nothing is stored."""
    SILENT = "silent"
    """No request is answered; nothing is stored."""
    ANSWER_LOST = "answer_lost"
    """Values are stored, and the connection ends instead of the answer."""
    SLOW_BODY = "slow_body"
    """Values are stored, and half of the answer comes."""
    FLAPPING = "flapping"
    """Of four messages one is reset, one stored without an answer, one refused with 503."""
    TOO_MANY = "too_many"
    """HTTP 429 with Retry-After."""
    SERVER_ERROR = "server_error"
    """HTTP 500."""
    UNAVAILABLE = "unavailable"
    """HTTP 503."""
    HTML = "html"
    """HTTP 200 with a page of a proxy."""
    NOT_FOUND = "not_found"
    """HTTP 404 for values: they live somewhere else now."""
    KINDS_UNKNOWN = "kinds_unknown"
    """HTTP 404 for values of anything but micro-inverters."""
    KINDS_FORBIDDEN = "kinds_forbidden"
    """HTTP 403 for them."""
    KINDS_UNAVAILABLE = "kinds_unavailable"
    """HTTP 503 for them."""
    MOVED = "moved"
    """HTTP 307 to another host."""
    CREDENTIAL_REFUSED = "credential_refused"
    """HTTP 401 for the credential."""
    TOKEN_EXPIRED = "token_expired"  # noqa: S105 - the name of a fault
    """Tokens given so far end at the moment of the switch."""
    TOKEN_REFUSED = "token_refused"  # noqa: S105 - the name of a fault
    """HTTP 403: no token is good for values."""
    TOKEN_EMPTY = "token_empty"  # noqa: S105 - the name of a fault
    """The answer to a credential carries no token."""
    LIFE_HOUR = "life_hour"
    """Tokens live one hour."""
    LIFE_MONTH = "life_month"
    """Tokens live 30 days."""
    EXPIRY_NAIVE = "expiry_naive"
    """The end of a token comes without an offset."""
    EXPIRY_Z = "expiry_z"
    """The end of a token comes with a Z."""
    EXPIRY_MISSING = "expiry_missing"
    EXPIRY_ODD = "expiry_odd"
    """The end of a token is no time."""
    EXPIRY_PAST = "expiry_past"
    """The end of a token lies an hour back, and it is good all the same."""
    ALL_KEYS = "all_keys"
    """HTTP 422 for a device without all of the 44 keys."""
    NEW_KEYS = "new_keys"
    """Unknown keys are taken; otherwise they give HTTP 422."""
    NO_NULL = "no_null"
    """HTTP 422 for null."""
    DEVICE_REFUSED = "device_refused"
    """HTTP 422 for every message with a struck device."""
    PARTIAL = "partial"
    """A struck device is not stored, its row says error."""
    ROWS_MISSING = "rows_missing"
    """The row of a struck device is missing, although it is stored."""
    ERRORS_ONLY = "errors_only"
    """Only devices that were not stored have a row."""
    PLANT_ERROR = "plant_error"
    """The row of the plant says error, and nothing is stored."""
    NO_PLANT_ROW = "no_plant_row"
    CONFLICT = "conflict"
    """HTTP 409 for a device and date that are stored already."""
    STORE_TWICE = "store_twice"
    """A device and date that are stored already are stored again."""
    KEY_IGNORED = "key_ignored"
    """The idempotency key is not looked at."""
    ECHO = "echo"
    """Errors repeat the headers of the request, its token too."""


KINDS: Final[Mapping[EnrgFault, int]] = {
    EnrgFault.KINDS_UNKNOWN: 404,
    EnrgFault.KINDS_FORBIDDEN: 403,
    EnrgFault.KINDS_UNAVAILABLE: 503,
}
"""What answers to values of anything but micro-inverters."""
ANSWERS: Final[Mapping[EnrgFault, tuple[int, str]]] = {
    EnrgFault.TOO_MANY: (429, "too many requests"),
    EnrgFault.SERVER_ERROR: (500, "internal error"),
    EnrgFault.UNAVAILABLE: (503, "service unavailable"),
}
"""What answers instead of the platform, at both of its doors."""
