"""The device pages of a Fluvius meter and of the meters behind it."""

from homeassistant.helpers.device_registry import DeviceInfo

from ...const import DOMAIN
from .read import MbusMeter


def meter_info(meter_id: str, edition: str | None) -> DeviceInfo:
    """Return the page of the electricity meter; `edition` is its e-MUCS P1 edition."""
    return DeviceInfo(
        identifiers={(DOMAIN, meter_id)},
        manufacturer="Fluvius",
        model="P1",
        serial_number=meter_id,
        sw_version=edition,
        translation_key="p1_meter",
    )


def mbus_info(meter: MbusMeter) -> DeviceInfo:
    """Return the page of a gas, water or heat meter."""
    return DeviceInfo(
        identifiers={(DOMAIN, meter.serial)},
        manufacturer="Fluvius",
        model="M-Bus",
        serial_number=meter.serial,
        translation_key=f"{meter.medium}_meter",
    )
