"""The few names that everybody shares."""

import logging
from typing import Final

DOMAIN: Final = "energy_hub"
LOGGER: Final = logging.getLogger(__package__)

CONF_DEVICE_ID: Final = "device_id"
