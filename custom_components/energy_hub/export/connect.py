"""From what an entry or a form says to a client, and from an answer to what a form shows."""

from collections.abc import Mapping
from typing import Any, Final

from aiohttp import ClientSession
from yarl import URL

from homeassistant.const import CONF_URL
from homeassistant.util import dt as dt_util

from ..errors import CannotConnectError, DeviceError, InvalidAuthError, NoAnswerError
from .client import NO_ANSWER, Destination, EnrgClient
from .settings import settings_of
from .verdict import Answer, Outcome, judge

CONF_CREDENTIAL: Final = "credential"


class NoPlatformError(DeviceError):
    """Somebody answers, but nobody gives tokens at this address."""

    key = "no_enrg"

    def __init__(self) -> None:
        """Point at the field."""
        super().__init__(fields={CONF_URL: self.key})


def client_for(
    session: ClientSession, data: Mapping[str, Any], options: Mapping[str, Any]
) -> EnrgClient:
    """Return a client of the destination that an entry describes."""
    settings = settings_of(options)
    return EnrgClient(
        session,
        Destination(
            url=URL(data[CONF_URL]),
            credential=data[CONF_CREDENTIAL],
            token_path=settings.token_path,
            values_path=settings.values_path,
        ),
    )


def refusal_of(answer: Answer) -> DeviceError:
    """Return what an answer without a token means for a form."""
    outcome = judge(answer, 0, (), dt_util.utcnow()).outcome
    match outcome:
        case Outcome.DENIED | Outcome.REFUSED:
            return InvalidAuthError()
        case Outcome.UNREACHED if answer.words == NO_ANSWER:
            return NoAnswerError(fields={CONF_URL: "platform_silent"})
        case Outcome.UNREACHED:
            return CannotConnectError(fields={CONF_URL: "platform_unreachable"})
        case _:
            return NoPlatformError()
