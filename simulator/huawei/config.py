"""Which SUN2000 answers behind one host, and how its link behaves."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Literal


class Newcomer(Enum):
    """What happens to a second client: real devices do the one or the other."""

    REPLACES = "replaces"
    """It is taken, and the older connection is closed."""
    REFUSED = "refused"
    """The port is closed while somebody is connected."""


class Stranger(Enum):
    """What happens to a request for a unit id that nobody has."""

    SILENT = "silent"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class InverterConfig:
    """One inverter. `source` is its id in the world: that tells its array and its batteries.

    `phases` are those of its AC side; `meter` says whether the house's meter is wired to it.
    `all_strings` serves the words of all 24 possible strings, so that 32000..32119 can be read
    in one request. `efficiency` is AC over DC power: at 1 the DC registers equal the world's
    figures, which are AC. Serials are made up.
    """

    unit_id: int = 1
    source: str = "huawei"
    serial: str = "HV9900000001"
    model: str = "SUN2000-8KTL-M1"
    rated_w: int = 8000
    phases: Literal[1, 3] = 3
    strings: int = 2
    meter: bool = True
    all_strings: bool = False
    efficiency: float = 1.0


@dataclass(frozen=True, slots=True)
class HuaweiConfig:
    """The inverters behind one host and what the link to them is like.

    Requests in the first `quiet_s` after the connection are swallowed, one that comes within
    `spacing_s` after another is answered with 6 (busy). A reply takes `reply_s`, or what
    `block_reply_s` says for a block by its name (`inv`, `mtr` ...). With a `password` writing
    needs a log-in as `installer`.
    """

    inverters: tuple[InverterConfig, ...] = (InverterConfig(),)
    quiet_s: float = 1.0
    spacing_s: float = 0.02
    reply_s: float = 0.0
    block_reply_s: Mapping[str, float] = field(default_factory=dict)
    newcomer: Newcomer = Newcomer.REPLACES
    stranger: Stranger = Stranger.SILENT
    password: str | None = None
