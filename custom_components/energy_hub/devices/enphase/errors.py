"""What can go wrong with a gateway beyond what can go wrong with any device."""

from ...errors import DeviceError, InvalidAuthError


class TokenRefusedError(InvalidAuthError):
    """The gateway does not take the token, or not for what was asked."""


class FreshTokenRefusedError(DeviceError):
    """The gateway does not take a token that was just issued for it: no credentials help."""

    key = "fresh_token_refused"


class CertificateChangedError(DeviceError):
    """Somebody answers with another certificate than the one that is trusted."""

    key = "certificate_changed"

    def __init__(self, fingerprint: str) -> None:
        """Keep the fingerprint (SHA-256, hexadecimal) of the certificate that was shown."""
        super().__init__()
        self.fingerprint = fingerprint


class IncompleteError(DeviceError):
    """The gateway answers, but not yet with everything that it has."""

    key = "incomplete"
