"""Repairs: what the user can put right, confirmed in one step."""

from typing import Any

import voluptuous as vol

from homeassistant.components.repairs import RepairsFlow, RepairsFlowResult
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir

from .const import DOMAIN
from .counters import HELD_ISSUE
from .rooms import async_room_module


class ConfirmFlow(RepairsFlow):
    """Explains what will happen and does it; what only the room of the entry knows, it does."""

    async def async_step_init(self, user_input: dict[str, str] | None = None) -> RepairsFlowResult:
        """Begin with the explanation."""
        return await self.async_step_confirm()

    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Do what the user confirmed."""
        data = self.data or {}
        entry = self.hass.config_entries.async_get_entry(str(data["entry_id"]))
        if entry is None:
            return self.async_abort(reason="entry_gone")
        if user_input is None:
            return self.async_show_form(
                step_id="confirm",
                data_schema=vol.Schema({}),
                description_placeholders=self._placeholders(),
            )
        if data["kind"] == HELD_ISSUE:
            if entry.state is ConfigEntryState.LOADED:
                entry.runtime_data.counters.accept_pending()
        else:
            room = await async_room_module(self.hass, entry.data["type"])
            await room.async_repair(self.hass, entry, str(data["kind"]), data)
        return self.async_create_entry(data={})

    def _placeholders(self) -> dict[str, str]:
        """Return what the issue's own texts are filled with."""
        issue = ir.async_get(self.hass).async_get_issue(DOMAIN, self.issue_id)
        return (issue.translation_placeholders if issue else None) or {}


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, Any] | None
) -> RepairsFlow:
    """Return the flow of an issue that one of our entries raised."""
    return ConfirmFlow()
