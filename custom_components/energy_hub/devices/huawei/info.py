"""The device pages of an inverter, its meter and its batteries."""

from homeassistant.helpers.device_registry import DeviceInfo

from ...const import DOMAIN
from .probe import Identity


def inverter_info(identity: Identity) -> DeviceInfo:
    """Return the page of the inverter."""
    return DeviceInfo(
        identifiers={(DOMAIN, identity.serial)},
        manufacturer="Huawei",
        model=identity.model,
        model_id=identity.part_number,
        serial_number=identity.serial,
        sw_version=identity.firmware,
        translation_key="inverter",
    )


def part_info(identity: Identity, part: str) -> DeviceInfo:
    """Return the page of what hangs on the inverter: `meter` or `battery`."""
    return DeviceInfo(
        identifiers={(DOMAIN, f"{identity.serial}_{part}")},
        manufacturer="Huawei",
        model="DTSU666-H" if part == "meter" else "LUNA2000",
        translation_key="power_meter" if part == "meter" else "battery",
    )


def unit_info(identity: Identity, number: int) -> DeviceInfo:
    """Return the page of one of two battery units."""
    return DeviceInfo(
        identifiers={(DOMAIN, f"{identity.serial}_battery_unit{number}")},
        manufacturer="Huawei",
        model="LUNA2000",
        translation_key="battery_unit",
        translation_placeholders={"number": str(number)},
    )
