"""What can go wrong with an ECU: on the wire, with its commands, in what it shows."""

from enum import StrEnum
from typing import Final


class HomevoltFault(StrEnum):
    """The switches of a simulated ECU.

    Those of the wire strike the paths in `Homevolt.only` (none: all of them), `Homevolt.left`
    times (None: always).
    """

    REFUSE = "refuse"
    """The port is closed."""
    HANG = "hang"
    """Requests are taken and never answered."""
    LATE = "late"
    """Answers come five seconds later."""
    UNAUTHORIZED = "unauthorized"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    TOO_MANY = "too_many"
    SERVER_ERROR = "server_error"
    STARTING = "starting"
    """503."""
    HTML = "html"
    """A page instead of a document."""
    HALF = "half"
    """Half a document, then the connection ends."""
    REPLY_LOST = "reply_lost"
    """A POST is obeyed, and the connection ends without an answer."""
    REQUEST_LOST = "request_lost"
    """A POST is not obeyed, and the connection ends without an answer."""
    REJECT = "reject"
    """The console refuses every command, with status 200; so do the next three."""
    UNRECOGNIZED = "unrecognized"
    INVALID_OPTION = "invalid_option"
    MUTE = "mute"
    """The console answers with an empty body."""
    IDLED = "idled"
    """Every schedule becomes an idle one."""
    SETPOINT_OFF = "setpoint_off"
    """The set-point that is kept is 500 W less."""
    LOCAL_REFUSED = "local_refused"
    """Parameters are not changed, with status 200."""
    SKEW = "skew"
    """The clock is 25 minutes ahead."""
    OTHER_ZONE = "other_zone"
    """The clock runs in UTC."""
    REBOOT = "reboot"
    """It boots at the moment of the switch."""
    MISSING = "missing"
    """Fields are missing from every document."""
    NULLS = "nulls"
    """The same fields are null."""
    WORDS = "words"
    """The same fields are texts."""
    OTHER_DOCUMENT = "other_document"
    """Every document is a list with nothing in it."""
    NO_SUM = "no_sum"
    """No sums of the cluster."""
    SECOND_SILENT = "second_silent"
    """The follower is missing from the documents."""
    SECOND_STALE = "second_stale"
    """The follower stays in the documents with what it said ten minutes ago."""
    CLAMP_STALE = "clamp_stale"
    """So does the clamp at the panels."""
    STANDSTILL = "standstill"
    """The clock of the documents stands."""
    CLAMP_GONE = "clamp_gone"
    """The clamp at the panels is not available."""
    NO_REPORT = "no_report"
    """404 for the error report, the nodes and the status, as older firmware answers."""
    ALARM = "alarm"
    WARNING = "warning"
    COUNTER_RESET = "counter_reset"
    """Energies count from 0 at the moment of the switch."""
    COUNTER_ZERO = "counter_zero"
    COUNTER_JUMP = "counter_jump"
    """Energies show 50,000 kWh more."""
    SWAPPED = "swapped"
    """Another ECU answers at this address."""


STATUSES: Final = {
    HomevoltFault.UNAUTHORIZED: 401,
    HomevoltFault.FORBIDDEN: 403,
    HomevoltFault.NOT_FOUND: 404,
    HomevoltFault.TOO_MANY: 429,
    HomevoltFault.SERVER_ERROR: 500,
    HomevoltFault.STARTING: 503,
}
WIRE: Final = frozenset(STATUSES) | {
    HomevoltFault.HANG,
    HomevoltFault.LATE,
    HomevoltFault.HTML,
    HomevoltFault.HALF,
    HomevoltFault.REPLY_LOST,
    HomevoltFault.REQUEST_LOST,
}
LATE_S: Final = 5.0
SKEW_S: Final = 25 * 60
