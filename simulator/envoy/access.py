"""Who may read: a token of the cloud, or a digest on old firmware."""

from datetime import datetime
from typing import Final

from .config import EnvoyConfig
from .digest import Digest
from .token import claims_of


class Access:
    """The lock of one gateway; `secret` is what it shares with the cloud."""

    def __init__(self, config: EnvoyConfig, secret: bytes) -> None:
        """Make a lock that takes every token of this secret."""
        self._config: Final = config
        self._secret: Final = secret
        self._digest: Final = Digest(
            {"envoy": config.serial[-6:], "installer": config.installer_password}
        )
        self.valid_from: datetime | None = None
        """Tokens that were issued until then are refused."""

    @property
    def challenge(self) -> dict[str, str]:
        """Return what a refusal carries."""
        return {"WWW-Authenticate": self._digest.challenge} if self._config.legacy else {}

    def opens(self, method: str, authorization: str, now: datetime) -> bool:
        """Return whether this header Authorization is good enough."""
        if self._config.legacy:
            return self._digest.accepts(method, authorization)
        scheme, _, token = authorization.partition(" ")
        claims = claims_of(self._secret, token) if scheme == "Bearer" and "." in token else None
        if claims is None or claims["aud"] != self._config.serial:
            return False
        revoked = self.valid_from is not None and claims["iat"] <= self.valid_from.timestamp()
        return not revoked and claims["exp"] > now.timestamp()
