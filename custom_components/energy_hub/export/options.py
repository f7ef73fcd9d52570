"""The steps of the options: which plants, under which numbers, how, and a look at it first."""

from collections.abc import Mapping
import json
from typing import Any, Final

import voluptuous as vol

from homeassistant.config_entries import ConfigFlowResult, OptionsFlow
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
)
from homeassistant.util import dt as dt_util

from ..site import async_get_site
from .form import Compatibility, TimeMode, Unknown
from .house_slots import async_houses, async_preview_house
from .kinds import DeviceKind
from .plants import Offer, async_offers
from .preview import async_previews
from .record import Payload
from .settings import (
    CONF_COMPATIBILITY,
    CONF_DECIMALS,
    CONF_DEVICE_TYPES,
    CONF_DRY_RUN,
    CONF_HOUSE,
    CONF_INTERVAL,
    CONF_KINDS,
    CONF_KINDS_PLANT,
    CONF_KINDS_SINCE,
    CONF_LEFT_OUT,
    CONF_OFFERED,
    CONF_PLANTS,
    CONF_RETENTION,
    CONF_TIME_MODE,
    CONF_TOKEN_PATH,
    CONF_TYPE_DEVICE,
    CONF_TYPE_INVERTER,
    CONF_UNKNOWN,
    CONF_VALUES_PATH,
    DEFAULTS,
    INTERVALS,
    device_types,
    settings_of,
)
from .site_devices import async_preview_kinds

_SERIALS: Final = TextSelector(TextSelectorConfig(multiple=True))


class EnrgOptionsFlow(OptionsFlow):
    """Ends with a preview: what the user has not seen is not sent."""

    def __init__(self) -> None:
        """Start with nothing chosen."""
        self._offers: Mapping[str, Offer] = {}
        self._houses: Mapping[str, str] = {}
        self._chosen: list[str] = []
        self._options: dict[str, Any] = {}

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Begin; a plant that was chosen stays, also while its entry is not loaded."""
        known = self.config_entry.options.get(CONF_PLANTS, {})
        away = {one: Offer(one, one) for one in known}
        self._offers = {**away, **async_offers(self.hass)}
        sources = async_get_site(self.hass).sources.values()
        self._houses = async_houses(self.hass)
        if not self._offers and not self._houses and not any(one.readings for one in sources):
            return self.async_abort(reason="enrg_no_plants")
        self._options = {**DEFAULTS, **self.config_entry.options}
        return await self.async_step_enrg()

    async def async_step_enrg(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask which plants, and how often."""
        if user_input is not None:
            self._chosen = user_input.pop(CONF_PLANTS)
            self._options |= user_input
            return await self.async_step_enrg_plants()
        return self._form("enrg", _first(self._offers, self._options))

    async def async_step_enrg_plants(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the numbers that the platform knows the plants by."""
        errors = {}
        if user_input is not None or not self._chosen:
            ids = user_input or {}
            numbers = {one: int(ids[self._offers[one].label]) for one in self._chosen}
            if len({*numbers.values()}) == len(numbers):
                self._options[CONF_PLANTS] = {one: {"id": id_} for one, id_ in numbers.items()}
                return await self.async_step_enrg_messages()
            errors = {"base": "enrg_same_id"}
        return self.async_show_form(
            step_id="enrg_plants",
            data_schema=self.add_suggested_values_to_schema(self._numbers(), user_input),
            errors=errors,
        )

    async def async_step_enrg_messages(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask how the messages look."""
        errors = {}
        if user_input is not None:
            errors = self._mistakes(user_input)
            if not errors:
                self._options |= user_input
                return await self.async_step_enrg_preview()
        schema = _MESSAGES
        if len(self._houses) > 1:
            schema = schema.extend({vol.Optional(CONF_HOUSE): _one_of(self._houses)})
        said = {**self._options, CONF_HOUSE: self._house(), **(user_input or {})}
        return self.async_show_form(
            step_id="enrg_messages",
            data_schema=self.add_suggested_values_to_schema(schema, said),
            errors=errors,
        )

    def _house(self) -> str:
        """Return the house that was chosen, else the only one there is."""
        known: str = self._options[CONF_HOUSE]
        if known in self._houses or len(self._houses) != 1:
            return known
        return next(iter(self._houses))

    def _mistakes(self, said: Mapping[str, Any]) -> dict[str, str]:
        """Return what is wrong with how messages shall look, by field."""
        errors = {}
        try:
            device_types(said[CONF_DEVICE_TYPES])
        except ValueError:
            errors[CONF_DEVICE_TYPES] = "enrg_device_types"
        if said[CONF_KINDS] and not said[CONF_KINDS_PLANT] and not self._options[CONF_PLANTS]:
            errors[CONF_KINDS_PLANT] = "enrg_kinds_plant"
        if DeviceKind.HOUSE in said[CONF_KINDS] and not said.get(CONF_HOUSE, self._house()):
            errors[CONF_KINDS] = "enrg_no_house"
        return errors

    async def async_step_enrg_preview(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show what would be sent; what is confirmed here is sent from now on."""
        options = self._finished()
        if user_input is not None:
            return self.async_create_entry(data=options)
        settings = settings_of(options)
        previews = await async_previews(self.hass, settings, settings.aims)
        shown = [one for one in previews.values() if one is not None][:1]
        now = dt_util.utcnow()
        others = async_preview_kinds(self.hass, settings, now)
        if (house := await async_preview_house(self.hass, settings, now)) is not None:
            others.append(house)
        text = "\n".join(_text(one) for one in [*shown, *(one.payload for one in others)]) or "-"
        plants = [
            f"{self._offers[one].label}: {options[CONF_PLANTS][one]['id']}" for one in self._chosen
        ]
        return self.async_show_form(
            step_id="enrg_preview",
            data_schema=vol.Schema({}),
            description_placeholders={
                "plants": "\n".join(f"- {line}" for line in plants) or "-",
                "preview": f"```json\n{text}\n```",
                "url": self.config_entry.data["url"],
            },
        )

    def _finished(self) -> dict[str, Any]:
        """Return the options: each plant is delivered from the moment it was chosen on."""
        known: Mapping[str, Any] = self.config_entry.options.get(CONF_PLANTS, {})
        was_dry = self.config_entry.options.get(CONF_DRY_RUN, False)
        anew = was_dry and not self._options[CONF_DRY_RUN]
        now = dt_util.utcnow().isoformat()
        plants = {
            source: {
                "id": plant["id"],
                "since": now if anew or source not in known else known[source]["since"],
            }
            for source, plant in self._options[CONF_PLANTS].items()
        }
        before = self.config_entry.options
        since = before.get(CONF_KINDS_SINCE) if before.get(CONF_KINDS) else None
        return {
            **self._options,
            CONF_PLANTS: plants,
            CONF_OFFERED: sorted(self._offers),
            CONF_HOUSE: self._house(),
            CONF_KINDS_SINCE: now if anew or since is None else since,
        }

    def _numbers(self) -> vol.Schema:
        known: Mapping[str, Any] = self.config_entry.options.get(CONF_PLANTS, {})
        fields = {}
        for one in self._chosen:
            offer = self._offers[one]
            number = known[one]["id"] if one in known else offer.id
            marker = (
                vol.Required(offer.label)
                if number is None
                else vol.Required(offer.label, default=number)
            )
            fields[marker] = _whole(1, 2**53)
        return vol.Schema(fields)

    def _form(self, step_id: str, schema: vol.Schema) -> ConfigFlowResult:
        return self.async_show_form(step_id=step_id, data_schema=schema)


def _first(offers: Mapping[str, Offer], options: Mapping[str, Any]) -> vol.Schema:
    plants = [SelectOptionDict(value=one, label=offer.label) for one, offer in offers.items()]
    return vol.Schema(
        {
            vol.Required(CONF_PLANTS, default=[*options.get(CONF_PLANTS, offers)]): SelectSelector(
                SelectSelectorConfig(options=plants, multiple=True, mode=SelectSelectorMode.LIST)
            ),
            vol.Required(CONF_INTERVAL, default=options[CONF_INTERVAL]): SelectSelector(
                SelectSelectorConfig(
                    options=list(INTERVALS),
                    translation_key="enrg_interval",
                    mode=SelectSelectorMode.DROPDOWN,
                )
            ),
            vol.Required(CONF_DRY_RUN, default=options[CONF_DRY_RUN]): bool,
        }
    )


def _text(payload: Payload) -> str:
    """Return a message with its first device only: each of them looks the same."""
    short = {
        name: value[:1] if isinstance(value, list) else value for name, value in payload.items()
    }
    return json.dumps(short, indent=1, ensure_ascii=False)


def _one_of(names: Mapping[str, str]) -> SelectSelector:
    options = [SelectOptionDict(value=one, label=name) for one, name in names.items()]
    return SelectSelector(SelectSelectorConfig(options=options))


def _whole(least: int, most: int) -> vol.All[Any]:
    number = NumberSelector(
        NumberSelectorConfig(min=least, max=most, step=1, mode=NumberSelectorMode.BOX)
    )
    return vol.All(number, vol.Coerce(int))


_MESSAGES: Final = vol.Schema(
    {
        vol.Required(CONF_TIME_MODE): SelectSelector(
            SelectSelectorConfig(options=[*TimeMode], translation_key="enrg_time_mode")
        ),
        vol.Required(CONF_COMPATIBILITY): SelectSelector(
            SelectSelectorConfig(options=[*Compatibility], translation_key="enrg_compatibility")
        ),
        vol.Required(CONF_UNKNOWN): SelectSelector(
            SelectSelectorConfig(options=[*Unknown], translation_key="enrg_unknown")
        ),
        vol.Required(CONF_DECIMALS): _whole(0, 3),
        vol.Required(CONF_TYPE_INVERTER): _whole(0, 999),
        vol.Required(CONF_TYPE_DEVICE): _whole(0, 999),
        vol.Required(CONF_DEVICE_TYPES, default=[]): _SERIALS,
        vol.Required(CONF_LEFT_OUT, default=[]): _SERIALS,
        vol.Required(CONF_KINDS, default=[]): SelectSelector(
            SelectSelectorConfig(
                options=[*DeviceKind],
                multiple=True,
                mode=SelectSelectorMode.LIST,
                translation_key="enrg_kinds",
            )
        ),
        vol.Required(CONF_KINDS_PLANT, default=0): _whole(0, 2**53),
        vol.Required(CONF_RETENTION): _whole(1, 365),
        vol.Required(CONF_TOKEN_PATH): str,
        vol.Required(CONF_VALUES_PATH): str,
    }
)
