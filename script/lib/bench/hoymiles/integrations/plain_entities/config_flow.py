"""Home Assistant asks for the version of its entries; nobody adds one by hand."""

from homeassistant.config_entries import ConfigFlow


class PlainFlow(ConfigFlow, domain="plain_entities"):
    """A flow without a step."""
