"""Where an ECU is: what users type, what is stored, what is asked."""

from dataclasses import dataclass, replace
from typing import Final, Self

from ...flow_base import split_host

_HTTP_PORT: Final = 80
_HTTPS_PORT: Final = 443


@dataclass(frozen=True, slots=True)
class Address:
    """A web server; the ECU speaks HTTP or, where it is set so, HTTPS."""

    host: str
    port: int
    tls: bool

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the address that a user or an entry gives; raises InvalidHostError."""
        host, port = split_host(text)
        tls = text.strip().lower().startswith("https://")
        return cls(host, port or (_HTTPS_PORT if tls else _HTTP_PORT), tls)

    @property
    def plain(self) -> bool:
        """Whether nothing was said but the host."""
        return self.port == _HTTP_PORT and not self.tls

    @property
    def secured(self) -> Address:
        """The same host by HTTPS."""
        return replace(self, port=_HTTPS_PORT, tls=True)

    @property
    def url(self) -> str:
        """The beginning of every address there."""
        return f"{'https' if self.tls else 'http'}://{self._authority}"

    @property
    def text(self) -> str:
        """The shortest text that `parse` understands."""
        return self.url if self.tls else self._authority

    @property
    def _authority(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = _HTTPS_PORT if self.tls else _HTTP_PORT
        return host if self.port == usual else f"{host}:{self.port}"
