"""Switches: settings of a device to entities, nothing else."""

from typing import Any, override

from homeassistant.components.switch import SwitchEntity
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import HubConfigEntry
from .entity import HubEntity, async_follow_parts
from .metric import SwitchMetric

PARALLEL_UPDATES = 1


async def async_setup_entry(
    hass: HomeAssistant, entry: HubConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the switches of an entry."""
    await async_follow_parts(
        hass, entry, Platform.SWITCH, SwitchMetric, HubSwitch, async_add_entities
    )


class HubSwitch(HubEntity[SwitchMetric[Any]], SwitchEntity):
    """A setting as a switch."""

    @override
    def _read(self, view: Any) -> tuple[Any, ...]:
        return (self.metric.value(view),)

    @override
    def _show(self, is_on: bool | None = None) -> None:
        self._attr_is_on = is_on

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        await self.metric.write(self.coordinator, True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        await self.metric.write(self.coordinator, False)
