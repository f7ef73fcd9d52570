"""What can go wrong with the cloud: on the way to it, in what it answers, in the plants."""

from enum import StrEnum
from typing import Final


class HoymilesFault(StrEnum):
    """The switches of the simulated cloud.

    Those of a plant, and those of the answers about one, strike only `HoymilesCloud.struck`
    when that is set.
    """

    RESET = "reset"
    """Connections end instead of an answer."""
    SILENT = "silent"
    """No request is answered."""
    TOO_MANY = "too_many"
    """HTTP 429 with Retry-After."""
    SERVER_ERROR = "server_error"
    """HTTP 500."""
    HTML = "html"
    """HTTP 200 with a page of a proxy."""
    ERROR_BODY = "error_body"
    """HTTP 200 with a status that says error."""
    RATE_BODY = "rate_body"
    """HTTP 200 with the key API's words for too many calls."""
    REFUSED = "refused"
    """The password was changed, the key withdrawn; no token is good any more."""
    TOKEN_EXPIRED = "token_expired"  # noqa: S105 - the name of a fault
    """Tokens given so far end at the moment of the switch; a new log-in works."""
    TOKEN_REFUSED = "token_refused"  # noqa: S105 - the name of a fault
    """Log-in works, but no token is good."""
    LOCKED = "locked"
    """The account is locked for a while."""
    LOGIN_LIMIT = "login_limit"
    """There were too many log-ins today."""
    VERSION_LOW = "version_low"
    """The cloud wants a newer version of its app."""
    REGION = "region"
    """The account lives on the regional host, which region_c names; the default one redirects."""
    NO_REGION = "no_region"
    """region_c knows nothing."""
    BARE = "bare"
    """The pre-inspection answers without the envelope."""
    SILENT_LIMIT = "silent_limit"
    """The real-time data is null although the status is good."""
    TRUNCATED = "truncated"
    """Half of a binary answer comes."""
    GZIP = "gzip"
    """The day of a plant comes compressed."""
    NO_DAY = "no_day"
    """The day of a plant is not to be had; the charts are."""
    NEW_FIELDS = "new_fields"
    """Binary answers carry fields and quotas that nobody knows."""
    NO_DEVICES = "no_devices"
    """The lists of inverters are empty."""
    NULL_FLAGS = "null_flags"
    """The plant's flags are null."""
    NULL_NUMBERS = "null_numbers"
    """The plant's numbers are null or a dash."""
    WRONG_ZONE = "wrong_zone"
    """The time zone field names another part of the world."""
    EMPTY_DAY = "empty_day"
    """The day has no sample and no energy, as at night."""
    OFFLINE = "offline"
    """The plant's DTU is gone: no new sample, the last numbers stay."""
    DYING = "dying"
    """The first inverter repeats its last sample once, then it shows zeros."""
    SHIFTED_PORTS = "shifted_ports"
    """Panels hang on ports 3, 4 ... instead of 1, 2 ..."""
    UNSORTED = "unsorted"
    """Samples come in no order."""
    MISSING_LABEL = "missing_label"
    """Every seventh label is missing."""
    AHEAD = "ahead"
    """The energy of today is that of now, not of the last sample."""
    COUNTER_JUMP = "counter_jump"
    """The energy of its life shows 50,000 kWh more."""
    COUNTER_ZERO = "counter_zero"
    """The energies show 0."""
    ADDED = "added"
    """There is one more inverter."""
    REMOVED = "removed"
    """The last inverter is gone, with its past."""


CONNECTION: Final = frozenset({HoymilesFault.RESET, HoymilesFault.SILENT})
ANSWERS: Final = (
    HoymilesFault.TOO_MANY,
    HoymilesFault.SERVER_ERROR,
    HoymilesFault.HTML,
    HoymilesFault.ERROR_BODY,
    HoymilesFault.RATE_BODY,
)
"""Faults that answer instead of the cloud; at most one of them counts."""
