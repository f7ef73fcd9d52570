"""The set-ups that are measured."""

from collections.abc import Callable, Mapping
from typing import Final

from simulator.homevolt.profiles import Profile, pair, single

SETUPS: Final[Mapping[str, Callable[[], Profile]]] = {"one ECU": single, "two ECUs": pair}
