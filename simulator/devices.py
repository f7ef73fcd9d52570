"""The devices that `python -m simulator` serves: one line each."""

from typing import Final

from . import p1
from .device import Device

DEVICES: Final = (Device("p1", p1.serve),)
