"""What the brands' flows share."""

from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final
from urllib.parse import urlsplit

import voluptuous as vol

from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
    SOURCE_ZEROCONF,
    ConfigEntry,
    ConfigFlow,
    ConfigFlowResult,
)
from homeassistant.const import CONF_HOST, CONF_TYPE, UnitOfTime
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
)

from .const import CONF_DEVICE_ID, LOGGER
from .errors import DeviceError

# Never sent back to a form; a form that leaves them empty keeps them.
_SECRETS: Final = frozenset({"api_key", "credential", "password", "token"})

type OptionsSchema = Callable[[ConfigEntry[Any]], vol.Schema]


@dataclass(frozen=True, slots=True)
class Found:
    """The device that a form reached."""

    id: str
    """Unique among the devices of its type; `<type>_<id>` is the entry's unique id."""
    title: str


class RoomFlow(ConfigFlow):
    """The steps of one entry type, acting for the flow that the menu started.

    A step is an ordinary Home Assistant step; only the table in `rooms.py` leads here.
    """

    VERSION = 1
    type: ClassVar[str]

    @abstractmethod
    async def async_find(self, data: dict[str, Any]) -> Found:
        """Connect to what the form describes and read who it is; raises DeviceError."""

    @abstractmethod
    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask again for what leads to the device of an existing entry."""

    async def async_device_step(
        self, step_id: str, schema: vol.Schema, user_input: dict[str, Any] | None
    ) -> ConfigFlowResult:
        """Show a form, reach the device it describes, and create or update the entry.

        What the user typed stays in the form when something is wrong with it.
        """
        errors: dict[str, str] = {}
        entry = self._entry()
        placeholders: Mapping[str, str] = {} if entry is None else {"name": entry.title}
        if user_input is not None:
            try:
                data = {**self._kept(), CONF_TYPE: self.type, **user_input}
                found = await self.async_find(data)
            except DeviceError as err:
                errors = {"base": err.key, **err.fields}
                placeholders = {**placeholders, **(err.translation_placeholders or {})}
            except Exception:  # noqa: BLE001 - the edge: a form must answer, the log says why
                LOGGER.exception("Unexpected error while adding a %s device", self.type)
                errors = {"base": "unknown"}
            else:
                return await self._async_finish(data, found)
        suggested = user_input or self._entry_data()
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(schema, suggested),
            errors=errors,
            description_placeholders=placeholders,
        )

    async def _async_finish(self, data: dict[str, Any], found: Found) -> ConfigFlowResult:
        await self.async_set_unique_id(f"{self.type}_{found.id}")
        data = {**data, CONF_DEVICE_ID: found.id}
        if (entry := self._entry()) is not None:
            self._abort_if_unique_id_mismatch(reason="wrong_device")
            return self.async_update_reload_and_abort(entry, data=data)
        # What announces itself under a new address has moved; who types one may be mistaken.
        moved = {CONF_HOST: data[CONF_HOST]} if self.source == SOURCE_ZEROCONF else None
        self._abort_if_unique_id_configured(moved)
        return self.async_create_entry(title=found.title, data=data)

    def _entry(self) -> ConfigEntry[Any] | None:
        """Return the entry that this flow changes; None while a new one is made."""
        if self.source == SOURCE_RECONFIGURE:
            return self._get_reconfigure_entry()
        if self.source == SOURCE_REAUTH:
            return self._get_reauth_entry()
        return None

    def _kept(self) -> Mapping[str, Any]:
        """Return what stays of the entry: all beside new credentials, else its secrets."""
        if self.source == SOURCE_REAUTH:
            return self._get_reauth_entry().data
        entry = self._entry()
        data = {} if entry is None else entry.data
        return {key: value for key, value in data.items() if key in _SECRETS}

    def _entry_data(self) -> Mapping[str, Any]:
        """Return what the entry knows and a form may show."""
        entry = self._entry()
        data = {} if entry is None else entry.data
        return {key: value for key, value in data.items() if key not in _SECRETS}


@dataclass(frozen=True, slots=True, kw_only=True)
class IntervalOption:
    """An option of an entry: the seconds between two polls, or two of something else."""

    name: str = "interval"
    default: int
    least: int
    most: int = 300

    def read(self, entry: ConfigEntry[Any]) -> int:
        """Return the seconds that count."""
        return int(entry.options.get(self.name, self.default))

    def field(self, entry: ConfigEntry[Any]) -> dict[vol.Required, vol.All[int]]:
        """Return the field for it, filled in."""
        selector = NumberSelector(
            NumberSelectorConfig(
                min=self.least,
                max=self.most,
                step=1,
                mode=NumberSelectorMode.BOX,
                unit_of_measurement=UnitOfTime.SECONDS,
            )
        )
        return {
            vol.Required(self.name, default=self.read(entry)): vol.All(selector, vol.Coerce(int))
        }


class InvalidHostError(DeviceError):
    """The text is no host, address or URL."""

    def __init__(self) -> None:
        """Point at the field."""
        super().__init__(fields={"host": "invalid_host"})


def split_host(text: str) -> tuple[str, int | None]:
    """Return host and port (None when not given) of what users type as an address.

    Accepts `host`, `host:port`, IPv4, IPv6 with or without brackets, and URLs. Raises
    InvalidHostError.
    """
    text = text.strip()
    if text.count(":") > 1 and "[" not in text and "//" not in text:
        text = f"[{text}]"
    try:
        parts = urlsplit(text if "//" in text else f"//{text}")
        host, port = parts.hostname, parts.port
    except ValueError as err:
        raise InvalidHostError from err
    if not host or any(character.isspace() for character in host):
        raise InvalidHostError
    return host, port
