"""A Huawei SUN2000 of the simulated house, with strings, DTSU meter and LUNA2000, on Modbus TCP.

house, config = House(profile.house, begin), profile.device   # profile = profiles.hybrid()
device = Sun2000(house, clock, config)
port = await device.start()
await device.faults.set(HuaweiFault.REPLY_LOST, True)
device.requests[-1].address
"""

from . import profiles
from .config import HuaweiConfig, InverterConfig, Newcomer, Stranger
from .device import Request, Sun2000
from .faults import HuaweiFault
from .serve import serve

__all__ = [
    "HuaweiConfig",
    "HuaweiFault",
    "InverterConfig",
    "Newcomer",
    "Request",
    "Stranger",
    "Sun2000",
    "profiles",
    "serve",
]
