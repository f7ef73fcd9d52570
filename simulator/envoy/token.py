"""Tokens as Enphase issues them (JWT), here signed with a secret that cloud and gateway share."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta
import hmac
import json
from typing import Any

OWNER = timedelta(days=365)
INSTALLER = timedelta(hours=12)
_HEAD = {"alg": "HS256", "typ": "JWT"}


def issue(
    secret: bytes, serial: str, at: datetime, lasts: timedelta = OWNER, user: str = "owner"
) -> str:
    """Return a token for one gateway that begins now."""
    claims = {
        "aud": serial,
        "iss": "Entrez",
        "enphaseUser": user,
        "iat": int(at.timestamp()),
        "exp": int((at + lasts).timestamp()),
    }
    text = f"{_coded(json.dumps(_HEAD).encode())}.{_coded(json.dumps(claims).encode())}"
    return f"{text}.{_signature(secret, text)}"


def claims_of(secret: bytes, token: str) -> dict[str, Any] | None:
    """Return what a token claims; None for one that was not signed with the secret."""
    text, _, signature = token.rpartition(".")
    if not hmac.compare_digest(signature.encode(), _signature(secret, text).encode()):
        return None
    body = text.partition(".")[2]
    claims: dict[str, Any] = json.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return claims


def _signature(secret: bytes, text: str) -> str:
    return _coded(hmac.digest(secret, text.encode(), "sha256"))


def _coded(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
