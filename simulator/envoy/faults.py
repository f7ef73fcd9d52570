"""What can go wrong with an Envoy and with the cloud that gives its tokens."""

from enum import StrEnum


class EnvoyFault(StrEnum):
    """The switches of a simulated Envoy; those of `CHOSEN` strike on `Envoy.paths` of theirs."""

    UNAUTHORIZED = "unauthorized"
    """401 to everything that wants a token, fresh ones too."""
    TOKEN_EXPIRED = "token_expired"  # noqa: S105 - the name of a switch
    """Tokens that were issued until now are refused, later ones are not."""
    FORBIDDEN = "forbidden"
    """403: this account may not see it."""
    BUSY = "busy"
    """503."""
    SLOW = "slow"
    """A reply takes 20 seconds."""
    MISSING = "missing"
    """404."""
    NOT_JSON = "not_json"
    """200 with a page in HTML."""
    DROP = "drop"
    """The connection ends instead of a reply."""
    REFUSE = "refuse"
    """The port is closed."""
    REBOOT = "reboot"
    """The port is closed; when it opens again, the firmware is newer."""
    CERTIFICATE = "certificate"
    """Another certificate."""
    LIFETIME_WRAP = "lifetime_wrap"
    """Lifetimes that come from inverters have lost 2**32 J."""
    LIFETIME_ZERO = "lifetime_zero"
    """Production answers with zeros."""
    LIFETIME_HALF = "lifetime_half"
    """One phase of a counter is missing from its sum: half of everything."""
    TODAY_STUCK = "today_stuck"
    """The day's counter goes on from day to day."""
    INVERTERS_OLD = "inverters_old"
    """Inverters have not reported for five hours."""
    INVERTERS_GONE = "inverters_gone"
    """The list of inverters is empty."""
    METER_INACTIVE = "meter_inactive"
    """activeCount 0 in the production report."""
    CLOUD_BUSY = "cloud_busy"
    """The cloud answers with 503."""
    CLOUD_REFUSES = "cloud_refuses"
    """The cloud does not take the password."""
    CLOUD_MFA = "cloud_mfa"
    """The cloud wants a second factor: no session."""
    CLOUD_DOWN = "cloud_down"
    """The cloud's port is closed."""


CHOSEN = frozenset(
    {
        EnvoyFault.FORBIDDEN,
        EnvoyFault.BUSY,
        EnvoyFault.SLOW,
        EnvoyFault.MISSING,
        EnvoyFault.NOT_JSON,
        EnvoyFault.DROP,
    }
)
SLOW_S = 20.0
