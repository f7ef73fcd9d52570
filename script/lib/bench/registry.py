"""The one table of benches: the name on the command line -> the module with its cases."""

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Final, Protocol, cast

from .case import Case

BENCHES: Final[Mapping[str, str]] = {
    "hoymiles": "script.lib.bench.hoymiles.cases",
    "p1": "script.lib.bench.p1.cases",
    "huawei": "script.lib.bench.huawei.cases",
    "enrg": "script.lib.bench.enrg.cases",
    "homevolt": "script.lib.bench.homevolt.cases",
    "enphase": "script.lib.bench.enphase.cases",
    "forecast": "script.lib.bench.forecast.cases",
}


class Bench(Protocol):
    """What the module of a bench offers."""

    def cases(self, *, real: bool) -> Sequence[Case]:
        """Return what to measure; `real` asks for real time where a case could be faster."""


def find(name: str) -> Bench:
    """Return the bench of a name; raises KeyError for an unknown one."""
    return cast("Bench", import_module(BENCHES[name]))
