"""The device pages of an account, of its plants, of their inverters and ports."""

from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo

from ...const import DOMAIN
from .model import Inverter, Plant

_MAKER = "Hoymiles"


def cloud_info(cloud_id: str) -> DeviceInfo:
    """Return the page of the account or key."""
    return DeviceInfo(
        identifiers={(DOMAIN, cloud_id)},
        entry_type=DeviceEntryType.SERVICE,
        manufacturer=_MAKER,
        model="S-Miles Cloud",
        translation_key="hoymiles_cloud",
    )


def plant_info(plant: Plant) -> DeviceInfo:
    """Return the page of a plant; its owner gave it its name."""
    return DeviceInfo(
        identifiers={(DOMAIN, str(plant.id))},
        manufacturer=_MAKER,
        model="S-Miles",
        name=plant.name,
    )


def inverter_info(inverter: Inverter) -> DeviceInfo:
    """Return the page of a micro-inverter; the end of its number tells it from others."""
    return DeviceInfo(
        identifiers={(DOMAIN, inverter.serial)},
        manufacturer=_MAKER,
        model=inverter.model,
        serial_number=inverter.serial,
        sw_version=inverter.firmware,
        translation_key="micro_inverter",
        translation_placeholders={"serial": inverter.serial[-4:]},
    )


def port_info(inverter: Inverter, port: int) -> DeviceInfo:
    """Return the page of a port, by the number that is printed on the inverter."""
    return DeviceInfo(
        identifiers={(DOMAIN, f"{inverter.serial}_{port}")},
        translation_key="pv_port",
        translation_placeholders={"number": str(port)},
    )
