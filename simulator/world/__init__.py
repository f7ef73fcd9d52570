"""The physics of one house: pure, repeatable, time always passed in as aware UTC.

`House(mixed_house(seed=1), begin)` makes a house, `house.truth(moment).grid_w` is its import in W
at any moment since, `house.command("luna", BatteryCommand(-2000, until=later), at=moment)` charges
a battery, `house.allow` sets its rules, `house.plan` those of times to come, `house.limit` bounds
what an inverter gives.

Power is constant inside a step (one second, aligned to UTC) and in whole watts, energies are
whole joules: balances and counters are exact, not approximately right.
"""

from .battery import Battery, BatteryCommand, BatteryRules
from .config import BRUSSELS_PLACE, HouseConfig, mixed_house, plain_house
from .house import House
from .inverter import Inverter, InverterLimits
from .solar import PvArray, Shadow, plane_irradiance
from .sun import Place
from .tariff import BRUSSELS
from .truth import ArrayTruth, BatteryTruth, InverterTruth, Means, MonthPeak, Truth
from .weather import Sky, Weather

__all__ = [
    "BRUSSELS",
    "BRUSSELS_PLACE",
    "ArrayTruth",
    "Battery",
    "BatteryCommand",
    "BatteryRules",
    "BatteryTruth",
    "House",
    "HouseConfig",
    "Inverter",
    "InverterLimits",
    "InverterTruth",
    "Means",
    "MonthPeak",
    "Place",
    "PvArray",
    "Shadow",
    "Sky",
    "Truth",
    "Weather",
    "mixed_house",
    "plain_house",
    "plane_irradiance",
]
