"""The device pages of a Homevolt, the batteries of a cluster, and its clamps."""

from typing import Final

from homeassistant.helpers.device_registry import DeviceInfo

from ...const import DOMAIN
from .ecu import ClampValues, EcuValues

_MAKER: Final = "Homevolt"
_UNIT: Final = "_unit"


def main_info(ecu_id: str, ecu: EcuValues | None, firmware: str | None, url: str) -> DeviceInfo:
    """Return the page of the ECU, which is that of its whole cluster."""
    return DeviceInfo(
        identifiers={(DOMAIN, ecu_id)},
        manufacturer=_MAKER,
        model="Homevolt" if ecu is None or ecu.model is None else f"Homevolt {ecu.model}",
        serial_number=ecu_id,
        sw_version=firmware,
        configuration_url=url,
        translation_key="homevolt",
    )


def unit_info(ecu: EcuValues, number: int) -> DeviceInfo:
    """Return the page of one battery of a cluster."""
    return DeviceInfo(
        identifiers={(DOMAIN, f"{ecu.id}{_UNIT}")},
        manufacturer=_MAKER,
        model="Homevolt" if ecu.model is None else f"Homevolt {ecu.model}",
        serial_number=ecu.id,
        sw_version=ecu.firmware,
        translation_key="battery_unit",
        translation_placeholders={"number": str(number)},
    )


def unit_of(identifier: str) -> str | None:
    """Return the ECU whose own page has this identifier; None for other pages."""
    return identifier.removesuffix(_UNIT) if identifier.endswith(_UNIT) else None


def clamp_info(part_id: str, clamp: ClampValues) -> DeviceInfo:
    """Return the page of a clamp; the load has one too, though nothing measures it."""
    return DeviceInfo(
        identifiers={(DOMAIN, part_id)},
        manufacturer=_MAKER,
        model="Pulse clamp" if clamp.id else None,
        serial_number=clamp.id or None,
        translation_key="house_load" if clamp.function == "load" else f"{clamp.function}_clamp",
    )
