"""As many sensors as a fleet has, on as many devices, and as many of them enabled."""

from collections.abc import Iterator, Sequence
from typing import Any, Final, override

from homeassistant.components.sensor import SensorDeviceClass, SensorEntity, SensorStateClass
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import UnitOfPower
from homeassistant.core import HomeAssistant
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

type Row = tuple[str, bool]
"""The key of an entity, and whether it is enabled."""

_OF_A_PLANT: Final[Sequence[Row]] = [(f"figure_{number}", True) for number in range(11)]
_OF_AN_INVERTER: Final[Sequence[Row]] = [
    ("power", True),
    ("energy_today", False),
    ("temperature", False),
    ("voltage", False),
    ("frequency", False),
]


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ConfigEntry[Any],
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add them, a plant at a time."""
    for plant in range(entry.data["plants"]):
        async_add_entities(_plant(f"4{plant:06}", entry.data["inverters"]))


def _plant(plant: str, inverters: int) -> Iterator[PlainSensor]:
    yield from (PlainSensor(plant, "Plant", row) for row in _OF_A_PLANT)
    for inverter in range(inverters):
        serial = f"{plant}{inverter:05}"
        yield from (PlainSensor(serial, "HM-1500", row) for row in _OF_AN_INVERTER)


class PlainSensor(SensorEntity):
    """A sensor as Home Assistant's own documentation shows one."""

    _attr_has_entity_name = True
    _attr_should_poll = False
    _attr_device_class = SensorDeviceClass.POWER
    _attr_native_unit_of_measurement = UnitOfPower.WATT
    _attr_state_class = SensorStateClass.MEASUREMENT
    _attr_suggested_display_precision = 0

    def __init__(self, device: str, model: str, row: Row) -> None:
        """Describe it."""
        key, enabled = row
        self._attr_unique_id = f"{device}_{key}"
        self._attr_name = key.capitalize().replace("_", " ")
        self._attr_entity_registry_enabled_default = enabled
        self._attr_native_value = 0.0
        self._attr_device_info = DeviceInfo(
            identifiers={("plain_entities", device)},
            manufacturer="Hoymiles",
            model=model,
            name=f"{model} {device[-4:]}",
            serial_number=device,
            sw_version="1.0",
        )

    @override
    async def async_added_to_hass(self) -> None:
        self._attr_native_value = 1234.5
        self.async_write_ha_state()
