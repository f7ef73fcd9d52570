"""The set-ups that are measured, and what somebody else reads of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from simulator.huawei.profiles import Profile, hybrid, metered, single_phase

_STRINGS: Final = (32000, 20)
_LIVE: Final = (32064, 52)
_METER: Final = (37113, 25)
_BATTERY: Final = (37760, 28)


@dataclass(frozen=True, slots=True)
class SetUp:
    """An inverter and what hangs on it.

    `reads` are address and words of the requests of a poll of `huawei_solar` 2.1.2 with the
    entities that it enables by itself, counted from its own entity descriptions.
    """

    profile: Callable[[], Profile]
    reads: tuple[tuple[int, int], ...]


SETUPS: Final[Mapping[str, SetUp]] = {
    "inverter": SetUp(single_phase, (_STRINGS, _LIVE)),
    "inverter and meter": SetUp(metered, (_STRINGS, _LIVE, _METER)),
    "inverter, meter and battery": SetUp(hybrid, (_STRINGS, _LIVE, _METER, _BATTERY)),
}
