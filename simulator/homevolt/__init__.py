"""A Homevolt battery of the simulated house: one ECU or a cluster, on HTTP.

house, config = House(profile.house, begin), profile.device   # profile = profiles.single()
device = Homevolt(house, clock, config)
port = await device.start()
device.console.run("sched_list")        # a second writer
await device.faults.set(HomevoltFault.REPLY_LOST, True)
device.requests[-1].path
"""

from . import profiles
from .config import ClampConfig, EcuConfig, HomevoltConfig, Layout
from .device import Homevolt, Request
from .faults import HomevoltFault
from .schedule import Entry, Plan, Type
from .serve import serve

__all__ = [
    "ClampConfig",
    "EcuConfig",
    "Entry",
    "Homevolt",
    "HomevoltConfig",
    "HomevoltFault",
    "Layout",
    "Plan",
    "Request",
    "Type",
    "profiles",
    "serve",
]
