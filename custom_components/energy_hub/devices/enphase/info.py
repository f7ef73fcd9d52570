"""The device pages of a gateway, its micro-inverters and its batteries."""

from homeassistant.helpers.device_registry import DeviceInfo

from ...const import DOMAIN
from .client import Identity

_MAKER = "Enphase"


def gateway_info(identity: Identity, model: str) -> DeviceInfo:
    """Return the page of the gateway."""
    return DeviceInfo(
        identifiers={(DOMAIN, identity.serial)},
        manufacturer=_MAKER,
        model=model,
        model_id=identity.part_number,
        serial_number=identity.serial,
        sw_version=identity.firmware,
        translation_key="envoy",
    )


def battery_info(identity: Identity) -> DeviceInfo:
    """Return the page of all batteries together."""
    return DeviceInfo(
        identifiers={(DOMAIN, f"{identity.serial}_battery")},
        manufacturer=_MAKER,
        translation_key="battery",
    )


def inverter_info(serial: str) -> DeviceInfo:
    """Return the page of a micro-inverter."""
    return DeviceInfo(
        identifiers={(DOMAIN, serial)},
        manufacturer=_MAKER,
        serial_number=serial,
        translation_key="micro_inverter",
        translation_placeholders={"serial": serial},
    )


def unit_info(serial: str) -> DeviceInfo:
    """Return the page of one battery."""
    return DeviceInfo(
        identifiers={(DOMAIN, serial)},
        manufacturer=_MAKER,
        serial_number=serial,
        translation_key="battery_unit",
        translation_placeholders={"number": serial},
    )
