"""What the user of an entry should know of its plants: raised and withdrawn as repairs."""

from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from ...const import DOMAIN


class Issues:
    """The repairs of one entry."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
        """Prepare; nothing is wrong yet."""
        self._hass = hass
        self._entry_id = entry.entry_id
        self._raised: set[str] = set()

    @callback
    def tell(self, kind: str, *, on: bool, about: object = "", **placeholders: str) -> None:
        """Raise or withdraw an issue, of which there is one for each that it is about."""
        issue = f"{kind}_{self._entry_id}_{about}".rstrip("_")
        if not on:
            self._withdraw(issue)
            return
        self._raised.add(issue)
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            issue,
            is_fixable=False,
            severity=ir.IssueSeverity.WARNING,
            translation_key=kind,
            translation_placeholders=placeholders,
            data={"entry_id": self._entry_id, "kind": kind},
        )

    @callback
    def forget(self) -> None:
        """Withdraw everything: the entry unloads."""
        for issue in tuple(self._raised):
            self._withdraw(issue)

    def _withdraw(self, issue: str) -> None:
        if issue in self._raised:
            self._raised.remove(issue)
            ir.async_delete_issue(self._hass, DOMAIN, issue)
