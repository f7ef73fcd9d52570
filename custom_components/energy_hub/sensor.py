"""Sensors: metrics to entities, nothing else."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, override

from homeassistant.components.sensor import SensorEntity
from homeassistant.const import MATCH_ALL, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import HubConfigEntry, HubCoordinator, Part
from .entity import HubEntity, async_follow_parts
from .metric import Metric, Pace

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant, entry: HubConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the sensors of an entry."""
    async_follow_parts(hass, entry, Platform.SENSOR, Metric, HubSensor, async_add_entities)


class HubSensor(HubEntity[Metric[Any]], SensorEntity):
    """A metric as a sensor."""

    # Attributes repeat what is elsewhere in full; the recorder keeps the states only.
    _unrecorded_attributes = frozenset({MATCH_ALL})

    def __init__(self, coordinator: HubCoordinator[Any], part: Part, metric: Metric[Any]) -> None:
        """Describe the sensor by the kind of its metric."""
        kind = metric.kind
        self._attr_device_class = kind.device_class
        self._attr_native_unit_of_measurement = kind.unit
        self._attr_suggested_unit_of_measurement = kind.shown_unit
        self._attr_state_class = kind.state_class
        self._attr_suggested_display_precision = kind.precision
        self._attr_options = list(metric.options) if metric.options else None
        super().__init__(coordinator, part, metric)

    @property
    @override
    def pace(self) -> Pace | None:
        return self.metric.kind.pace

    @override
    def _read(self, view: Any) -> tuple[Any, ...]:
        metric = self.metric
        if metric.last_reset is not None:
            return metric.value(view), None, metric.last_reset(view)
        if metric.attributes is None:
            return (metric.value(view),)
        return metric.value(view), metric.attributes(view)

    @override
    def _show(
        self,
        value: Any = None,
        attributes: Mapping[str, Any] | None = None,
        last_reset: datetime | None = None,
    ) -> None:
        self._attr_native_value = value
        self._attr_last_reset = last_reset
        if attributes is not None:
            self._attr_extra_state_attributes = dict(attributes)
