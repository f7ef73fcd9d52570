"""The vendor library, and all that it needs from us: the only file that imports pyenphase.

Left alone it retries for ever when nobody answers, calls a busy gateway's 503 a refused
token, loses a feature with one bad answer, and lets malformed answers out as any exception.
Here every call is bounded in time and fails with a DeviceError only.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
import logging
import re
from typing import Final, override

from aiohttp import (
    ClientError,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
    Fingerprint,
    TCPConnector,
)
from awesomeversion.exceptions import AwesomeVersionException
from pyenphase import Envoy
from pyenphase.auth import EnvoyLegacyAuth, EnvoyTokenAuth
from pyenphase.const import AUTH_TOKEN_MIN_VERSION
from pyenphase.exceptions import (
    EnvoyAuthenticationError,
    EnvoyAuthenticationRequired,
    EnvoyClientClosedError,
    EnvoyCommunicationError,
    EnvoyError,
    EnvoyFirmwareCheckError,
    EnvoyFirmwareFatalCheckError,
)
from pyenphase.models.encharge import EnvoyEncharge
from pyenphase.models.envoy import EnvoyData
from pyenphase.models.inverter import EnvoyInverter
from pyenphase.models.meters import CtType, EnvoyMeterData
from pyenphase.models.system_production import EnvoySystemProduction

from ...errors import (
    CannotConnectError,
    DeviceError,
    InvalidAuthError,
    NoAnswerError,
    WrongDeviceError,
)
from .digest import SeenDigest
from .errors import TokenRefusedError
from .paths import INFO
from .replies import REQUEST_SECONDS, Replies

__all__ = [
    "CtType",
    "EnvoyData",
    "EnvoyEncharge",
    "EnvoyInverter",
    "EnvoyMeterData",
    "EnvoySystemProduction",
    "Gateway",
    "Identity",
    "async_gateway",
]

# It names inverters that are missing again and again; whoever wants to hear it sets a level.
if (_library_log := logging.getLogger("pyenphase.updaters")).level == logging.NOTSET:
    _library_log.setLevel(logging.ERROR)

_IDENTIFY_SECONDS: Final = 30
_LOG_IN_SECONDS: Final = 45
# The first pass also looks what there is.
_START_SECONDS: Final = 120
_UPDATE_SECONDS: Final = 60
# nginx keeps an idle connection for 75 seconds.
_KEEP_ALIVE_SECONDS: Final = 70

_LOST: Final = (
    EnvoyClientClosedError,
    EnvoyCommunicationError,
    EnvoyFirmwareFatalCheckError,
    ClientError,
    OSError,
)
# What comes out of the library when an answer is not what it should be.
_MALFORMED: Final = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    SyntaxError,  # how lxml calls what is no XML
    AwesomeVersionException,
)
# The library tells a refusal of the cloud from any other of its answers in words only.
_CLOUD_STATUS: Final = re.compile(r": (\d{3}): ")
_CLOCK: Final = re.compile(r"<time>(\d{9,11})</time>")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who answers."""

    serial: str
    firmware: str
    part_number: str | None
    legacy: bool
    """Firmware before 7: plain HTTP and a digest, no tokens."""
    clock_s: int | None
    """The gateway's own time (epoch), where it tells it to anybody."""


class Gateway:
    """One gateway; its calls wait for each other, because it is a weak machine."""

    def __init__(self, host: str, session: ClientSession, replies: Replies) -> None:
        """Prepare; the first call connects. `host` may carry a port."""
        self._lock = asyncio.Lock()
        self._envoy = Envoy(
            host, session, timeout=ClientTimeout(total=REQUEST_SECONDS), v2_acb_mode=False
        )
        # Second tries are ours; the library's own are for old firmware.
        self._envoy.set_retry_policy(max_attempts=2, max_delay=REQUEST_SECONDS)
        self._started = False
        self.replies: Final = replies

    @property
    def model(self) -> str:
        """What it is in words, known after the first pass."""
        return self._envoy.envoy_model

    async def async_identify(self) -> Identity:
        """Return who answers; raises DeviceError, WrongDeviceError for what is no gateway."""
        async with self._lock, _bounded(_IDENTIFY_SECONDS, malformed=WrongDeviceError):
            await self._envoy.setup()
            serial, firmware = self._envoy.serial_number, self._envoy.firmware
            text = self.replies.records[INFO].text
            # The library keeps what it knew when an answer says nothing.
            if not serial or firmware is None or not serial.isalnum() or serial not in text:
                raise WrongDeviceError
            clock = _CLOCK.search(text)
            return Identity(
                serial=serial,
                firmware=str(firmware),
                part_number=self._envoy.part_number,
                legacy=bool(firmware < AUTH_TOKEN_MIN_VERSION),
                clock_s=int(clock[1]) if clock else None,
            )

    async def async_use_token(self, token: str) -> None:
        """Use a token; raises TokenRefusedError if the gateway does not take it."""
        async with self._lock, _bounded(_LOG_IN_SECONDS):
            await self._envoy.authenticate(token=token)

    async def async_log_in(self, username: str | None, password: str | None) -> str | None:
        """Get a token with the account, see that the gateway takes it, use and return it.

        On old firmware user and password are the gateway's own, and there is no token. Raises
        InvalidAuthError when the account or its token is refused, CannotConnectError and
        NoAnswerError when the cloud is away or busy. The token in use stays in use then.
        """
        before = self._envoy.auth
        async with self._lock:
            try:
                async with _bounded(_LOG_IN_SECONDS, cloud=True):
                    await self._envoy.authenticate(username, password)
            except DeviceError:
                self._envoy.auth = before
                raise
        auth = self._envoy.auth
        if isinstance(auth, EnvoyLegacyAuth):
            self._envoy.auth = _SeenAuth(auth, self.replies)
        return auth.token if isinstance(auth, EnvoyTokenAuth) else None

    async def async_update(self) -> EnvoyData:
        """Return everything; what is not due comes from the last pass. Raises DeviceError."""
        async with self._lock:
            self.replies.begin()
            seconds = _UPDATE_SECONDS if self._started else _START_SECONDS
            try:
                async with _bounded(seconds):
                    data = await self._envoy.update()
            except NoAnswerError as err:
                self.replies.reject()
                if self.replies.refused and not self._started:
                    # It showed nothing to live on, and forbade something.
                    raise TokenRefusedError from err
                raise
            self._started = True
            return data

    async def async_look_again(self) -> EnvoyData:
        """Return everything after looking once more what there is; raises DeviceError."""
        async with self._lock, _bounded(_START_SECONDS):
            await self._envoy.probe()
        return await self.async_update()

    async def async_has(self, path: str) -> bool:
        """Return whether a path is answered well by now; raises DeviceError."""
        async with self._lock, _bounded(_IDENTIFY_SECONDS):
            await self._envoy.request(path)
        return path in self.replies.known


class _SeenAuth(EnvoyLegacyAuth):
    """The library's digest of old firmware, whose answers we see."""

    def __init__(self, auth: EnvoyLegacyAuth, replies: Replies) -> None:
        """Take over user and password."""
        super().__init__(auth.host, auth.local_username, auth.local_password)
        self._digest = SeenDigest(auth.local_username, auth.local_password, replies)

    @property
    @override
    def auth(self) -> SeenDigest:
        return self._digest


@asynccontextmanager
async def async_gateway(
    host: str, fingerprint: str | None, clock: Callable[[], float]
) -> AsyncGenerator[Gateway]:
    """Give the gateway behind a host while the context is open.

    With a fingerprint (SHA-256, hexadecimal) nobody else is talked to over TLS.
    """
    replies = Replies(clock)
    connector = TCPConnector(
        ssl=Fingerprint(bytes.fromhex(fingerprint)) if fingerprint else False,
        limit=1,
        keepalive_timeout=_KEEP_ALIVE_SECONDS,
    )
    async with ClientSession(
        connector=connector, middlewares=(replies,), cookie_jar=DummyCookieJar()
    ) as session:
        yield Gateway(host, session, replies)


@asynccontextmanager
async def _bounded(
    seconds: float, *, malformed: type[DeviceError] = NoAnswerError, cloud: bool = False
) -> AsyncGenerator[None]:
    """Bound a call of the library in time, and turn what it raises into a DeviceError."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except EnvoyAuthenticationError as err:
        raise _refusal(err.status) from err
    except EnvoyAuthenticationRequired as err:
        raise TokenRefusedError from err
    except EnvoyFirmwareCheckError as err:
        if isinstance(err.__cause__, ClientError):
            raise CannotConnectError from err
        raise (NoAnswerError if err.status_code >= 500 else malformed) from err
    except TimeoutError as err:
        raise (_away() if cloud else NoAnswerError()) from err
    except _LOST as err:
        raise CannotConnectError from err
    except EnvoyError as err:
        raise NoAnswerError from err
    except _MALFORMED as err:
        raise malformed from err


def _away() -> CannotConnectError:
    """Return what to say of a cloud that does not answer: the library asks it for ever."""
    return CannotConnectError(fields={"username": "cloud_away"})


def _refusal(said: str) -> DeviceError:
    """Return what the library means when it calls something an authentication error."""
    if "Unable to verify" in said:
        return TokenRefusedError()
    if "session id" in said:
        return InvalidAuthError(fields={"password": "second_factor"})
    if "no cloud credentials" in said:
        return InvalidAuthError(fields={"username": "credentials_missing"})
    found = _CLOUD_STATUS.search(said)
    if found is None or not 400 <= int(found[1]) < 500 or found[1] == "429":
        return NoAnswerError(fields={"username": "cloud_away"})
    if "obtain token" in said:
        return InvalidAuthError(fields={"username": "account_foreign"})
    return InvalidAuthError(fields={"password": "account_refused"})
