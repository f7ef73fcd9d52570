"""The devices that `python -m simulator` serves: one line each."""

from typing import Final

from . import enrg, envoy, homevolt, hoymiles, huawei, p1, weather
from .device import Device

DEVICES: Final = (
    Device("p1", p1.serve),
    Device("huawei", huawei.serve),
    Device("homevolt", homevolt.serve),
    Device("hoymiles", hoymiles.serve),
    Device("envoy", envoy.serve),
    Device("enrg", enrg.serve),
    Device("weather", weather.serve),
)
