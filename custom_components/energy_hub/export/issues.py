"""What a user should know of a delivery, and can do about it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util

from ..const import DOMAIN
from .house import house_id
from .house_slots import KIND as HOUSE, async_houses
from .metrics import Delivery, View
from .plants import async_offers
from .record import PLANT
from .sender import Problem
from .settings import Settings
from .slots import clock_text
from .status import Refusal

REFUSED: Final = "enrg_refused"
DROPPED: Final = "enrg_dropped"
_NOT_CHOSEN: Final = "enrg_not_set_up"
_LONG: Final = timedelta(hours=24)
# After a start the other entries need their time.
_AWAY_AFTER: Final = timedelta(hours=1)
_SHOWN: Final = 5


class Issues:
    """Raises and withdraws the repairs of one destination."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
        """Prepare; nothing is raised before `report`."""
        self._hass: Final = hass
        self._entry: Final = entry
        self._there: Final[dict[str, datetime]] = {}

    def report(
        self,
        view: View,
        refusals: Sequence[Refusal],
        settings: Settings,
        words: str,
        *,
        replaced: bool,
    ) -> None:
        """Raise what holds, withdraw what does not hold any more."""
        summary, now = view.summary, dt_util.utcnow()
        self._tell(_NOT_CHOSEN, on=view.delivery is Delivery.NOT_CHOSEN)
        self._tell("enrg_queue_lost", on=replaced)
        self._tell("enrg_wrong_address", on=view.problem is Problem.ADDRESS, words=words)
        oldest = summary.oldest or now
        late = settings.sends and now - oldest > _LONG
        since = clock_text(oldest, dt_util.get_default_time_zone())
        self._tell(
            "enrg_backlog", on=late, since=since, count=str(summary.waiting), words=words or "-"
        )
        self._tell(DROPPED, on=summary.dropped > 0, count=str(summary.dropped), fixable=True)
        null = any("null" in said.lower() for one in refusals for said in one.words.values())
        lines = "\n".join(f"- {line}" for one in refusals[:_SHOWN] for line in _lines(one))
        for kind, on in ((REFUSED, not null), (f"{REFUSED}_null", null)):
            refused = on and summary.refused > 0
            self._tell(kind, on=refused, count=str(summary.refused), what=lines, fixable=True)
        self._tell_plants(settings, now)

    def _tell_plants(self, settings: Settings, now: datetime) -> None:
        """Tell of chosen plants and houses that nobody reads, and of new plants."""
        offers, wanted = async_offers(self._hass), {one: one for one in settings.aims}
        if HOUSE in settings.kinds and settings.kinds_aim is not None:
            wanted[settings.house] = house_id(settings.kinds_aim.choice.id)
        present = {*offers, *async_houses(self._hass)}
        for source in wanted:
            if source in present or source not in self._there:
                self._there[source] = now
        away = [name for one, name in wanted.items() if now - self._there[one] > _AWAY_AFTER]
        self._tell("enrg_plant_away", on=bool(away), plants=", ".join(away))
        new = [one.label for source, one in offers.items() if source not in settings.offered]
        self._tell("enrg_plant_new", on=bool(new and settings.plants), plants=", ".join(new))

    def _tell(self, kind: str, *, on: bool, fixable: bool = False, **placeholders: str) -> None:
        issue = f"{kind}_{self._entry.entry_id}"
        if not on:
            ir.async_delete_issue(self._hass, DOMAIN, issue)
            return
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            issue,
            is_fixable=fixable,
            severity=ir.IssueSeverity.WARNING,
            translation_key=kind,
            translation_placeholders={"name": self._entry.title, **placeholders},
            data={"entry_id": self._entry.entry_id, "kind": kind},
        )


def _lines(refusal: Refusal) -> list[str]:
    """Return what was refused of a record, in the words of the server."""
    slot = clock_text(refusal.slot, dt_util.get_default_time_zone())
    return [
        f"{refusal.plant}{f' / {device}' if device != PLANT else ''}, {slot}: {said or '-'}"
        for device, said in sorted(refusal.words.items())
    ][:_SHOWN]
