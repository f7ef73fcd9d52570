"""A Fluvius e-MUCS P1 meter of the simulated house.

meter = P1Meter(house, clock)
port = await meter.start_tcp()
await meter.push()                               # one telegram, or `await meter.run()`
await meter.faults.set(P1Fault.BAD_CRC, True)
"""

from .config import Edition, MbusKind, P1Config
from .faults import P1Fault
from .frame import crc16, seal, telegrams
from .meter import P1Meter
from .serve import serve

__all__ = [
    "Edition",
    "MbusKind",
    "P1Config",
    "P1Fault",
    "P1Meter",
    "crc16",
    "seal",
    "serve",
    "telegrams",
]
