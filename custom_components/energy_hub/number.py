"""Numbers: settings of a device to entities, nothing else."""

from typing import Any, override

from homeassistant.components.number import NumberDeviceClass, NumberEntity, NumberMode
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import HubConfigEntry, HubCoordinator, Part
from .entity import HubEntity, async_follow_parts
from .metric import NumberMetric

PARALLEL_UPDATES = 1


async def async_setup_entry(
    hass: HomeAssistant, entry: HubConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the numbers of an entry."""
    await async_follow_parts(
        hass, entry, Platform.NUMBER, NumberMetric, HubNumber, async_add_entities
    )


class HubNumber(HubEntity[NumberMetric[Any]], NumberEntity):
    """A setting as a number; its range is what the device says."""

    _attr_mode = NumberMode.BOX

    def __init__(
        self, coordinator: HubCoordinator[Any], part: Part, metric: NumberMetric[Any]
    ) -> None:
        """Describe the number by the kind of its metric."""
        kind = metric.kind
        if kind.device_class is not None:
            self._attr_device_class = NumberDeviceClass(kind.device_class)
        self._attr_native_unit_of_measurement = kind.unit
        self._attr_native_step = metric.step
        super().__init__(coordinator, part, metric)

    @override
    def _read(self, view: Any) -> tuple[Any, ...]:
        metric = self.metric
        return metric.value(view), metric.low(view), metric.high(view)

    @override
    def _show(self, value: float | None = None, low: float = 0, high: float = 0) -> None:
        self._attr_native_value = value
        self._attr_native_min_value = low
        self._attr_native_max_value = high

    @override
    async def async_set_native_value(self, value: float) -> None:
        await self.metric.write(self.coordinator, value)
