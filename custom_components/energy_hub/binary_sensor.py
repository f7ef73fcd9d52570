"""Binary sensors: metrics to entities, nothing else."""

from typing import Any, override

from homeassistant.components.binary_sensor import BinarySensorEntity
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import HubConfigEntry, HubCoordinator, Part
from .entity import HubEntity, async_follow_parts
from .metric import BinaryMetric

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant, entry: HubConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the binary sensors of an entry."""
    async_follow_parts(
        hass, entry, Platform.BINARY_SENSOR, BinaryMetric, HubBinarySensor, async_add_entities
    )


class HubBinarySensor(HubEntity[BinaryMetric[Any]], BinarySensorEntity):
    """A metric as a binary sensor."""

    def __init__(
        self, coordinator: HubCoordinator[Any], part: Part, metric: BinaryMetric[Any]
    ) -> None:
        """Describe the binary sensor by its metric."""
        self._attr_device_class = metric.device_class
        super().__init__(coordinator, part, metric)

    @override
    def _read(self, view: Any) -> tuple[Any, ...]:
        return (self.metric.value(view),)

    @override
    def _show(self, is_on: bool | None = None) -> None:
        self._attr_is_on = is_on
