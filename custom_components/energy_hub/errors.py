"""What can go wrong with a device: one word each for flows, coordinators and repairs."""

from homeassistant.exceptions import HomeAssistantError

from .const import DOMAIN


class DeviceError(HomeAssistantError):
    """A device or cloud did not do what was asked.

    `translation_key` is the text of the exception and, by the same name, the error that
    a form shows. `fields` names form fields that deserve a closer word of their own.
    """

    key = "cannot_connect"

    def __init__(self, *, fields: dict[str, str] | None = None, **placeholders: str) -> None:
        """Keep the words for the user; `placeholders` fill the translated text."""
        super().__init__(
            translation_domain=DOMAIN,
            translation_key=self.key,
            translation_placeholders=placeholders or None,
        )
        self.fields = fields or {}

    def wrapped[ErrorT: HomeAssistantError](self, kind: type[ErrorT]) -> ErrorT:
        """Return the same words as an error of another kind, for Home Assistant."""
        return kind(
            translation_domain=DOMAIN,
            translation_key=self.translation_key,
            translation_placeholders=self.translation_placeholders,
        )


class CannotConnectError(DeviceError):
    """Nobody answers at this address, or the connection broke."""


class NoAnswerError(DeviceError):
    """The connection stands but nothing valid came in time."""

    key = "timeout"


class InvalidAuthError(DeviceError):
    """The device or the cloud does not take these credentials."""

    key = "invalid_auth"


class UnexpectedError(DeviceError):
    """Something that should not happen did; the log has the details."""

    key = "unknown"


class WrongDeviceError(DeviceError):
    """Somebody answers, but not the device that was asked for."""

    key = "wrong_device"
