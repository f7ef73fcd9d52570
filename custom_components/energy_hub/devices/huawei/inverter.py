"""What the entities of an inverter show: the newest answers, guarded."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from .probe import Identity

type Values = Mapping[str, float | None]

# What of the inverter is still true while it sleeps in the dark.
_COUNTERS: Final = ("yield_kwh", "dc_kwh", "yield_today_kwh")


@dataclass(frozen=True, slots=True)
class Inverter:
    """One moment of an inverter, block by block; a block without news is missing."""

    identity: Identity
    blocks: Mapping[str, Values]
    asleep: bool = False

    def block(self, name: str) -> Values | None:
        """Return the values of a block by name, or None while it does not answer."""
        return self.blocks.get(name)

    @property
    def solar_w(self) -> float | None:
        """What the PV brings to the AC side: the inverter's output less the battery's."""
        output = _value(self.blocks, "inverter", "ac_w")
        if output is None or not self.identity.battery_units:
            return output
        charge = _value(self.blocks, "battery", "charge_w")
        return None if charge is None else output + charge

    @property
    def solar_kwh(self) -> float | None:
        """The counter of PV energy: on the DC side where a battery takes part of it.

        The AC yield rises at night while a battery discharges, and misses what went in.
        """
        name = "dc_kwh" if self.identity.battery_units else "yield_kwh"
        return _value(self.blocks, "inverter", name)


def asleep(last: Values) -> Values:
    """Return what an inverter shows that went to sleep in the dark: nothing comes from it."""
    return {"pv_w": 0.0, "ac_w": 0.0, **{name: last.get(name) for name in _COUNTERS}}


def _value(blocks: Mapping[str, Values], block: str, name: str) -> float | None:
    return blocks.get(block, {}).get(name)
