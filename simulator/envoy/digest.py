"""Digest access (RFC 7616, MD5) as gateways with firmware before 7 want it."""

from hashlib import md5
import re
import secrets

REALM = "enphaseenergy.com"
_FIELD = re.compile(r'(\w+)=(?:"([^"]*)"|([^\s,]+))')


class Digest:
    """Challenges clients and checks their answers."""

    def __init__(self, users: dict[str, str]) -> None:
        """Know these users and their passwords."""
        self._users = users
        self._nonce = secrets.token_hex(16)

    @property
    def challenge(self) -> str:
        """Return the header WWW-Authenticate."""
        return f'Digest realm="{REALM}", nonce="{self._nonce}", qop="auth", algorithm=MD5'

    def accepts(self, method: str, authorization: str) -> bool:
        """Return whether this header Authorization answers the challenge."""
        if not authorization.startswith("Digest "):
            return False
        said = {name: quoted or bare for name, quoted, bare in _FIELD.findall(authorization)}
        password = self._users.get(said.get("username", ""))
        if password is None or said.get("nonce") != self._nonce:
            return False
        first = _md5(f"{said['username']}:{REALM}:{password}")
        second = _md5(f"{method}:{said.get('uri')}")
        wanted = f"{first}:{self._nonce}:{said.get('nc')}:{said.get('cnonce')}:auth:{second}"
        return said.get("response") == _md5(wanted)


def _md5(text: str) -> str:
    return md5(text.encode(), usedforsecurity=False).hexdigest()
