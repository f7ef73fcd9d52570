"""What is wrong with an inverter that its owner can put right."""

from collections import deque
from datetime import datetime, timedelta
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_PASSWORD
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from ...const import DOMAIN

_DENIED: Final = "permission_refused"
_CONTESTED: Final = "link_contested"
_METER: Final = "meter_offline"
# So many of the last polls in which the peer hung up are no accident.
_POLLS: Final = 10
_LOSSES: Final = 5
_METER_AFTER: Final = timedelta(minutes=10)


@callback
def async_report_denied(hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
    """Ask for the installer's log-in: in a form if there was one, else by a repair."""
    if hass.config_entries.async_get_entry(entry.entry_id) is None:
        return
    if entry.data.get(CONF_PASSWORD):
        entry.async_start_reauth(hass)
    else:
        _set(hass, entry, _DENIED, True)


@callback
def async_forget_denied(hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
    """Note that writing works."""
    _set(hass, entry, _DENIED, False)


class Issues:
    """What the polls of one inverter tell about its link and its meter."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
        """Start without any."""
        self._hass = hass
        self._entry = entry
        self._lost: deque[bool] = deque(maxlen=_POLLS)
        self._meter_since: datetime | None = None

    @callback
    def report_link(self, lost: bool) -> None:
        """Note whether the peer hung up in a poll: another client seems to want its place."""
        self._lost.append(lost)
        if sum(self._lost) >= _LOSSES:
            _set(self._hass, self._entry, _CONTESTED, True)
        elif len(self._lost) == _POLLS and not any(self._lost):
            _set(self._hass, self._entry, _CONTESTED, False)

    @callback
    def report_meter(self, offline: bool, now: datetime) -> None:
        """Note whether the inverter says that it does not reach its power meter."""
        if not offline:
            self._meter_since = None
        elif self._meter_since is None:
            self._meter_since = now
        since = self._meter_since
        _set(self._hass, self._entry, _METER, since is not None and now - since >= _METER_AFTER)

    @callback
    def forget(self) -> None:
        """Withdraw what is known from polls only: nobody polls any more."""
        for kind in (_CONTESTED, _METER):
            _set(self._hass, self._entry, kind, False)


def _set(hass: HomeAssistant, entry: ConfigEntry[Any], kind: str, on: bool) -> None:
    issue_id = f"{kind}_{entry.entry_id}"
    if not on:
        ir.async_delete_issue(hass, DOMAIN, issue_id)
        return
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id,
        is_fixable=False,
        severity=ir.IssueSeverity.WARNING,
        translation_key=kind,
        translation_placeholders={"name": entry.title},
        data={"entry_id": entry.entry_id},
    )
