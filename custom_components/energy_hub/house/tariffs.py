"""The contracts of a house, as its entry holds them."""

from datetime import tzinfo
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry

from ..ledger.tariff import Tariffs

TARIFF: Final = "tariff"
"""The type of subentry that is one contract; several of them follow each other."""
CONF_SINCE: Final = "since"


def tariffs_of(entry: ConfigEntry[Any], zone: tzinfo) -> Tariffs | None:
    """Return the contracts of a house; None if it has none."""
    versions = [
        dict(subentry.data)
        for subentry in entry.subentries.values()
        if subentry.subentry_type == TARIFF
    ]
    return Tariffs.from_dict({"versions": versions}, zone) if versions else None
