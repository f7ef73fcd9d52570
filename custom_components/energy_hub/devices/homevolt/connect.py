"""The way to an ECU through Home Assistant's own connections."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from .address import Address
from .client import Ecu


def async_ecu(hass: HomeAssistant, address: Address, password: str | None) -> Ecu:
    """Return the ECU at an address; its certificate, if it has one, is its own."""
    return Ecu(async_get_clientsession(hass, verify_ssl=False), address, password)
