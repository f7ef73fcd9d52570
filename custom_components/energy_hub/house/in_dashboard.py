"""One house in the Energy dashboard: offered, put in, taken out, remembered."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.util.json import JsonObjectType

from ..const import DOMAIN
from ..ledger.source import Source
from .dashboard import Merged, Record, async_add, async_problems, async_undo
from .foreign import ForeignSource
from .items import async_shown, items
from .names import source_names
from .series import HouseSeries

_ENERGY: Final = "energy"
_COSTS: Final = "costs"
_OFFER: Final = "energy_dashboard"


class InDashboard:
    """Knows what it changed there, so that it can be undone."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        series: HouseSeries,
        *,
        priced: bool,
        forecast: bool,
        remembered: Mapping[str, Any],
    ) -> None:
        """Go on from what was remembered."""
        self._hass = hass
        self._entry = entry
        self._series = series
        self._priced = priced
        self._forecast = entry.entry_id if forecast else None
        self._record = Record(**remembered.get("dashboard", {}))
        self._offered: set[str] = set(remembered.get("offers", ()))

    def as_state(self) -> dict[str, Any]:
        """Return what a restart must remember (JSON)."""
        return {"dashboard": asdict(self._record), "offers": sorted(self._offered)}

    @callback
    def offer(self) -> None:
        """Offer to put the house in: once when it has energy, once when it has costs."""
        new = self._offers
        if new <= self._offered or "energy" not in self._hass.config.components:
            return
        self._offered |= new
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            self._issue_id,
            is_fixable=True,
            severity=ir.IssueSeverity.WARNING,
            translation_key=_OFFER,
            translation_placeholders={"name": self._entry.title},
            data={"entry_id": self._entry.entry_id, "kind": _OFFER},
        )

    async def async_configure(
        self,
        sources: Sequence[Source],
        foreign: Sequence[ForeignSource],
        entity_id: Callable[[str], str | None],
    ) -> JsonObjectType:
        """Put the house in; returns what was done."""
        shown = async_shown(self._hass, sources, foreign)
        power = entity_id("grid_power")
        names = source_names(self._hass, sources, foreign)
        wanted = items(
            self._series, sources, shown, names, power, priced=self._priced, forecast=self._forecast
        )
        read = {one for each in shown.values() for one in (each.to_house, each.from_house) if one}
        merged = await async_add(self._hass, wanted, read, self._record)
        self._record = merged.record
        self._offered |= self._offers
        return await self._async_told(merged)

    async def async_undo(self) -> JsonObjectType:
        """Take the house out; returns what was done."""
        await async_undo(self._hass, self._record)
        self._record = Record()
        return await self._async_told(Merged())

    async def _async_told(self, merged: Merged) -> JsonObjectType:
        ir.async_delete_issue(self._hass, DOMAIN, self._issue_id)
        return {
            "added": list(merged.added),
            "completed": list(merged.completed),
            "replaced": list(merged.replaced),
            "left": list(merged.left),
            "problems": list(await async_problems(self._hass)),
        }

    @property
    def _offers(self) -> set[str]:
        return {_ENERGY, _COSTS} if self._priced else {_ENERGY}

    @property
    def _issue_id(self) -> str:
        return f"{_OFFER}_{self._entry.entry_id}"
