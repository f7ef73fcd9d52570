"""What only the user can put right: another certificate, a token that ends."""

from datetime import datetime
from typing import Any, Final

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from ...const import DOMAIN
from .options import CONF_CERTIFICATE

CERTIFICATE_CHANGED: Final = "certificate_changed"
TOKEN_ENDS: Final = "token_ends"  # noqa: S105 - the name of an issue


@callback
def async_report_certificate(
    hass: HomeAssistant, entry: ConfigEntry[Any], fingerprint: str | None
) -> None:
    """Ask whether this other certificate may be trusted; None: the known one is shown."""
    issue_id = f"{CERTIFICATE_CHANGED}_{entry.entry_id}"
    if fingerprint is None:
        ir.async_delete_issue(hass, DOMAIN, issue_id)
        return
    _ask(
        hass,
        entry,
        CERTIFICATE_CHANGED,
        {"fingerprint": _readable(fingerprint)},
        {CONF_CERTIFICATE: fingerprint},
    )


@callback
def async_report_token(hass: HomeAssistant, entry: ConfigEntry[Any], ends: datetime | None) -> None:
    """Ask for another token before this one ends; None: it is not late yet."""
    issue_id = f"{TOKEN_ENDS}_{entry.entry_id}"
    if ends is None:
        ir.async_delete_issue(hass, DOMAIN, issue_id)
        return
    _ask(hass, entry, TOKEN_ENDS, {"date": ends.date().isoformat()}, {})


@callback
def async_forget_refusal(hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
    """Take back the question for other credentials: the gateway takes the known ones again."""
    for flow in list(entry.async_get_active_flows(hass, {SOURCE_REAUTH})):
        hass.config_entries.flow.async_abort(flow["flow_id"])


def _ask(
    hass: HomeAssistant,
    entry: ConfigEntry[Any],
    kind: str,
    placeholders: dict[str, str],
    data: dict[str, str | int | float | None],
) -> None:
    ir.async_create_issue(
        hass,
        DOMAIN,
        f"{kind}_{entry.entry_id}",
        is_fixable=True,
        severity=ir.IssueSeverity.WARNING,
        translation_key=kind,
        translation_placeholders={"name": entry.title, **placeholders},
        data={"entry_id": entry.entry_id, "kind": kind, **data},
    )


def _readable(fingerprint: str) -> str:
    """Return a fingerprint as browsers show it."""
    return ":".join(fingerprint[place : place + 2] for place in range(0, len(fingerprint), 2))
