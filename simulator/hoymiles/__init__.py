"""Hoymiles plants, the simulated house's among them, in both APIs of the S-Miles cloud.

cloud = HoymilesCloud(house, clock)             # or with fleet(50, 20)
url = await cloud.start()
await cloud.faults.set(HoymilesFault.DYING, True)
cloud.strike({3_187_654})                       # faults of plants strike only this one
cloud.calls[-1].path
"""

from .cloud import HoymilesCloud
from .config import (
    CloudConfig,
    MicroConfig,
    Password,
    PlantConfig,
    Surface,
    fleet,
)
from .desk import Call
from .faults import HoymilesFault
from .serve import serve

__all__ = [
    "Call",
    "CloudConfig",
    "HoymilesCloud",
    "HoymilesFault",
    "MicroConfig",
    "Password",
    "PlantConfig",
    "Surface",
    "fleet",
    "serve",
]
