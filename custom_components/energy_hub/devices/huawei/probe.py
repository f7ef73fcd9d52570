"""Which inverter is at the other end, and what hangs on it."""

from dataclasses import dataclass, replace
from typing import Final

from ...errors import WrongDeviceError
from .client import Link, RefusedError
from .register import Block, text
from .registers import ID, METER_STATUS, MOST_STRINGS, SETTINGS, STORAGE_TYPE

# Energy managers and loggers that answer on the same port with another map.
_MANAGERS: Final = ("SmartHEMS", "EMMA", "SmartLogger", "SDongle")
_LUNA2000: Final = 2


@dataclass(frozen=True, slots=True)
class Identity:
    """What does not change while an inverter runs."""

    serial: str
    model: str
    part_number: str | None
    firmware: str | None
    strings: int
    rated_w: float
    max_active_w: float
    meter: bool = False
    battery_units: int = 0

    @property
    def most_kwh_per_hour(self) -> float:
        """The most energy that can pass in an hour, with room for short overloads."""
        return 1.5 * self.rated_w / 1000


async def async_identify(link: Link, unit: int) -> Identity:
    """Return who answers as `unit`, in one request.

    Raises WrongDeviceError for anything that is no SUN2000, and what `Link.read` raises.
    """
    try:
        words = await link.read(unit, ID.address, ID.count)
        numbers = ID.decode(words)
    except (RefusedError, ValueError) as err:
        raise WrongDeviceError(fields={"host": "no_inverter"}) from err
    model, serial = text(words[0:15]), text(words[15:25])
    if model is not None and model.startswith(_MANAGERS):
        raise WrongDeviceError(fields={"host": "energy_manager"})
    rated_w = numbers["rated_w"]
    if model is None or serial is None or not serial.isalnum() or not rated_w:
        raise WrongDeviceError(fields={"host": "no_inverter"})
    strings = numbers["strings"]
    return Identity(
        serial=serial,
        model=model,
        part_number=text(words[25:35]),
        firmware=text(words[50:65]),
        strings=int(strings) if strings is not None and 1 <= strings <= MOST_STRINGS else 0,
        rated_w=rated_w,
        max_active_w=numbers["max_active_w"] or rated_w,
    )


async def _number(link: Link, unit: int, block: Block, name: str) -> float | None:
    """Return one number of a block; None where the device does not have it."""
    try:
        return block.decode(await link.read(unit, block.address, block.count))[name]
    except RefusedError, ValueError:
        return None


async def async_probe(link: Link, unit: int) -> Identity:
    """Return who answers and what hangs on it, in at most four requests; raises as above."""
    identity = await async_identify(link, unit)
    return replace(
        identity,
        meter=await async_has_meter(link, unit),
        battery_units=await async_battery_units(link, unit),
    )


async def async_grown(link: Link, unit: int, identity: Identity) -> bool:
    """Return whether more hangs on it by now: a meter or a battery; raises as above."""
    if not identity.meter and await async_has_meter(link, unit):
        return True
    return await async_battery_units(link, unit) > identity.battery_units


async def async_has_meter(link: Link, unit: int) -> bool:
    """Return whether a power meter is wired to the inverter, online or not."""
    return await _number(link, unit, METER_STATUS, "meter_status") is not None


async def async_battery_units(link: Link, unit: int) -> int:
    """Return how many LUNA2000 units there are: 0, 1 or 2."""
    if await _number(link, unit, STORAGE_TYPE, "storage_type") != _LUNA2000:
        return 0
    second = await _number(link, unit, SETTINGS, "storage_type_2")
    return 2 if second == _LUNA2000 else 1
