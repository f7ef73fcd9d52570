"""What would be sent now, without sending it."""

from collections.abc import Mapping
from functools import partial

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from .enrg import preview
from .plants import async_owner
from .record import Payload
from .settings import Aim, Settings


async def async_previews(
    hass: HomeAssistant, settings: Settings, aims: Mapping[str, Aim]
) -> Mapping[str, Payload | None]:
    """Return the message of each of these plants as of now, by its source.

    None for a plant of which nothing is known today or yesterday. Nobody is asked for it
    but the devices.
    """
    now = dt_util.utcnow()
    found: dict[str, Payload | None] = {}
    for source, aim in aims.items():
        owner = async_owner(hass, source)
        history = None if owner is None else await owner.async_history(source)
        message = None
        if history is not None:
            make = partial(preview, history, aim.choice, settings.form, now)
            message = await hass.async_add_executor_job(make)
        found[source] = None if message is None else message.payload
    return found
