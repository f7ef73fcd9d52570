"""Selects: settings of a device to entities, nothing else."""

from typing import Any, override

from homeassistant.components.select import SelectEntity
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import HubConfigEntry, HubCoordinator, Part
from .entity import HubEntity, async_follow_parts
from .metric import SelectMetric

PARALLEL_UPDATES = 1


async def async_setup_entry(
    hass: HomeAssistant, entry: HubConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the selects of an entry."""
    await async_follow_parts(
        hass, entry, Platform.SELECT, SelectMetric, HubSelect, async_add_entities
    )


class HubSelect(HubEntity[SelectMetric[Any]], SelectEntity):
    """A setting as a choice."""

    def __init__(
        self, coordinator: HubCoordinator[Any], part: Part, metric: SelectMetric[Any]
    ) -> None:
        """Describe the choice by its metric."""
        self._attr_options = list(metric.options)
        super().__init__(coordinator, part, metric)

    @override
    def _read(self, view: Any) -> tuple[Any, ...]:
        return (self.metric.value(view),)

    @override
    def _show(self, option: str | None = None) -> None:
        self._attr_current_option = option

    @override
    async def async_select_option(self, option: str) -> None:
        await self.metric.write(self.coordinator, option)
