"""An Enphase Envoy of the simulated house, with its inverters, batteries and cloud, on HTTPS.

house, config = House(profile.house, begin), profile.device   # profile = profiles.three_phase()
envoy = Envoy(house, clock, config)
port = await envoy.start()
token = envoy.cloud.token()                                   # or `await envoy.cloud.start()`
envoy.paths[EnvoyFault.BUSY] = {"/ivp/meters"}
await envoy.faults.set(EnvoyFault.BUSY, True)
envoy.requests[-1].path

`CapturedEnvoy(folder)` serves captured replies instead.
"""

from . import profiles
from .cloud import LOG_IN, TOKENS, Cloud
from .config import Ct, EnvoyConfig
from .faults import CHOSEN, SLOW_S, EnvoyFault
from .folder import CapturedEnvoy
from .gateway import Envoy, Request
from .serve import serve

__all__ = [
    "CHOSEN",
    "LOG_IN",
    "SLOW_S",
    "TOKENS",
    "CapturedEnvoy",
    "Cloud",
    "Ct",
    "Envoy",
    "EnvoyConfig",
    "EnvoyFault",
    "Request",
    "profiles",
    "serve",
]
