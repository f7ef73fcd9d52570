"""Sensors: metrics to entities, nothing else."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, override

from homeassistant.components.sensor import SensorDeviceClass, SensorEntity, SensorStateClass
from homeassistant.const import MATCH_ALL, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import HubConfigEntry
from .entity import HubEntity, async_follow_parts
from .metric import Metric, Pace

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant, entry: HubConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the sensors of an entry."""
    await async_follow_parts(hass, entry, Platform.SENSOR, Metric, HubSensor, async_add_entities)


class HubSensor(HubEntity[Metric[Any]], SensorEntity):
    """A metric as a sensor."""

    # Attributes repeat what is elsewhere in full; the recorder keeps the states only.
    _unrecorded_attributes = frozenset({MATCH_ALL})

    @property
    @override
    def device_class(self) -> SensorDeviceClass | None:
        return self.metric.kind.device_class

    @property
    @override
    def native_unit_of_measurement(self) -> str | None:
        return self.metric.kind.unit

    @property
    @override
    def suggested_unit_of_measurement(self) -> str | None:
        return self.metric.kind.shown_unit

    @property
    @override
    def state_class(self) -> SensorStateClass | None:
        return self.metric.kind.state_class

    @property
    @override
    def suggested_display_precision(self) -> int | None:
        return self.metric.kind.precision

    @property
    @override
    def options(self) -> list[str] | None:
        return list(self.metric.options) if self.metric.options else None

    @property
    @override
    def native_value(self) -> Any:
        return self._written[0] if self._written else None

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
        _: Any = None,
        attributes: Mapping[str, Any] | None = None,
        last_reset: datetime | None = None,
    ) -> None:
        if self.metric.last_reset is not None:
            self._attr_last_reset = last_reset
        if attributes is not None:
            self._attr_extra_state_attributes = dict(attributes)
