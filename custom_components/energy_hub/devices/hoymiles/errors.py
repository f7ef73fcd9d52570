"""What else can go wrong with the cloud."""

from ...errors import DeviceError


class SlowDownError(DeviceError):
    """The cloud was asked too often; `seconds` is how long it wants to be left alone."""

    key = "too_many_calls"

    def __init__(self, seconds: float) -> None:
        """Keep the time."""
        super().__init__()
        self.seconds = seconds


class NoCallsLeftError(SlowDownError):
    """We have spent the calls that a key may make for now; the cloud was not asked."""


class CloudRefusedError(DeviceError):
    """The cloud answered that it will not."""

    key = "cloud_refused"

    def __init__(self, status: str) -> None:
        """Keep its word for it; the user sees it as it came."""
        super().__init__(status=status[:20])
        self.status = status


class NotAllowedError(CloudRefusedError):
    """The plant or the function is not for this account."""


class TokenRefusedError(CloudRefusedError):
    """The log-in has ended."""


class BadAnswerError(DeviceError):
    """The cloud's answer is not what it should be."""

    key = "bad_answer"


class AccountLockedError(DeviceError):
    """The account is locked for a while."""

    key = "account_locked"


class LoginLimitError(DeviceError):
    """There were too many log-ins."""

    key = "login_limit"


class AppVersionError(DeviceError):
    """The cloud does not talk to clients of this age any more."""

    key = "app_version"


class NoPlantsError(DeviceError):
    """The account or the key sees no plant."""

    key = "no_plants"
