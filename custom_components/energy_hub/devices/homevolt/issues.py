"""What is wrong with the control of a Homevolt that its owner can put right."""

from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from ...const import DOMAIN

_CHANGED: Final = "plan_changed"
_CLOCK: Final = "clock_wrong"


class Issues:
    """The repairs of one entry; each is said once."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
        """Prepare; nothing is wrong yet."""
        self._hass = hass
        self._entry = entry

    @callback
    def report_changed(self, changed: bool) -> None:
        """Say that somebody else has changed the plan, or that this is settled."""
        if not changed:
            self._forget(_CHANGED)
            return
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            f"{_CHANGED}_{self._entry.entry_id}",
            is_fixable=False,
            severity=ir.IssueSeverity.WARNING,
            translation_key=_CHANGED,
            translation_placeholders={"name": self._entry.title},
            data={"entry_id": self._entry.entry_id},
        )

    @callback
    def report_clock(self, wrong: bool) -> None:
        """Say that the ECU understands other times than are meant, or that it is right again."""
        if not wrong:
            self._forget(_CLOCK)
            return
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            f"{_CLOCK}_{self._entry.entry_id}",
            is_fixable=False,
            severity=ir.IssueSeverity.WARNING,
            translation_key=_CLOCK,
            translation_placeholders={"name": self._entry.title},
            data={"entry_id": self._entry.entry_id},
        )

    @callback
    def forget(self) -> None:
        """Withdraw everything: the entry unloads."""
        self._forget(_CHANGED)
        self._forget(_CLOCK)

    def _forget(self, key: str) -> None:
        ir.async_delete_issue(self._hass, DOMAIN, f"{key}_{self._entry.entry_id}")
