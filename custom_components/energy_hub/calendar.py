"""Calendars: plans of a device to entities, nothing else."""

from datetime import datetime
from typing import Any, override

from homeassistant.components.calendar import CalendarEntity, CalendarEvent
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.translation import async_translate_state
from homeassistant.util import dt as dt_util

from .const import DOMAIN
from .coordinator import HubConfigEntry
from .entity import HubEntity, async_follow_parts
from .metric import CalendarMetric, PlanEvent

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant, entry: HubConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the calendars of an entry."""
    await async_follow_parts(
        hass, entry, Platform.CALENDAR, CalendarMetric, HubCalendar, async_add_entities
    )


class HubCalendar(HubEntity[CalendarMetric[Any]], CalendarEntity):
    """A plan as a calendar."""

    _events: tuple[PlanEvent, ...]

    @override
    def _read(self, view: Any) -> tuple[Any, ...]:
        return (tuple(self.metric.value(view)),)

    @override
    def _show(self, events: tuple[PlanEvent, ...] = ()) -> None:
        self._events = events

    @property
    @override
    def event(self) -> CalendarEvent | None:
        """The event that runs, or else the next one."""
        now = dt_util.utcnow()
        return next((self._shown(one) for one in self._events if one.end > now), None)

    @override
    async def async_get_events(
        self, hass: HomeAssistant, start_date: datetime, end_date: datetime
    ) -> list[CalendarEvent]:
        return [
            self._shown(one)
            for one in self._events
            if one.start < end_date and one.end > start_date
        ]

    def _shown(self, event: PlanEvent) -> CalendarEvent:
        word = "?" if event.word is None else self._word(event.word)
        return CalendarEvent(
            start=dt_util.as_local(event.start),
            end=dt_util.as_local(event.end),
            summary=", ".join([word, *event.details[:1]]),
            description=", ".join(event.details) or None,
            uid=event.id,
        )

    def _word(self, word: str) -> str:
        return async_translate_state(
            self.hass, word, Platform.SENSOR, DOMAIN, self.metric.word_key, None
        )
