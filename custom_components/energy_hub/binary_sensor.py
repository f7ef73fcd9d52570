"""Binary sensors: metrics to entities, nothing else."""

from typing import Any, override

from homeassistant.components.binary_sensor import BinarySensorEntity
from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import HubConfigEntry
from .entity import HubEntity, async_follow_parts
from .metric import BinaryMetric

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant, entry: HubConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the binary sensors of an entry."""
    await async_follow_parts(
        hass, entry, Platform.BINARY_SENSOR, BinaryMetric, HubBinarySensor, async_add_entities
    )


class HubBinarySensor(HubEntity[BinaryMetric[Any]], BinarySensorEntity):
    """A metric as a binary sensor."""

    @property
    @override
    def device_class(self) -> BinarySensorDeviceClass | None:
        return self.metric.device_class

    @override
    def _read(self, view: Any) -> tuple[Any, ...]:
        return (self.metric.value(view),)

    @override
    def _show(self, is_on: bool | None = None) -> None:
        self._attr_is_on = is_on
