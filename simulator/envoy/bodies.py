"""Which path answers with what."""

from collections.abc import Callable, Mapping
from functools import partial
import json
from typing import Final, NamedTuple

from simulator.world import House

from . import about, ensemble
from .config import EnvoyConfig
from .faults import EnvoyFault
from .inverters import Fleet, device_data, listed
from .meters import meters, readings
from .moment import Moment
from .production import Shown, report, summary

type On = Callable[[EnvoyFault], bool]

OPEN: Final = frozenset({"/info", "/home"})
"""What is told to anybody."""
_DETAILS: Final = "/ivp/pdm/device_data"


class Body(NamedTuple):
    """A reply; `/ivp` replies carry no content type."""

    text: str
    content_type: str | None = "application/json"


class Bodies:
    """Makes the bodies of one gateway."""

    def __init__(self, house: House, config: EnvoyConfig) -> None:
        """Make the inverters of an array; raises KeyError when the house does not have it."""
        self._house: Final = house
        self._config: Final = config
        self._fleet: Final = Fleet(house, config)
        self._paths: Final[Mapping[str, Callable[[Moment, On], object]]] = {
            "/api/v1/production": self._summary,
            "/api/v1/production/inverters": self._listed,
            "/production": partial(self._report, details=False),
            "/production.json": partial(self._report, details=False),
            "/production.json?details=1": partial(self._report, details=True),
            "/ivp/meters/readings": _readings,
            _DETAILS: self._device_data,
        }

    def find(self, path: str, moment: Moment, on: On, firmware: str) -> Body | None:
        """Return the reply to a path with its query; None where there is none."""
        if path == "/info":
            return Body(about.info(moment, firmware), "text/xml")
        kind = None if path.startswith("/ivp/") else "application/json"
        if path == _DETAILS and not self._config.details:
            return None
        if make := self._paths.get(path):
            return Body(json.dumps(make(moment, on)), kind)
        if plain := _NOTHING_BREAKS.get(path):
            return Body(json.dumps(plain(moment)), kind)
        return None

    def _summary(self, now: Moment, on: On) -> object:
        return summary(now, self._fleet, _shown(on))

    def _report(self, now: Moment, on: On, *, details: bool) -> object:
        return report(now, self._fleet, _shown(on), details=details)

    def _listed(self, now: Moment, on: On) -> object:
        if on(EnvoyFault.INVERTERS_GONE):
            return []
        return listed(now, self._fleet, old=on(EnvoyFault.INVERTERS_OLD))

    def _device_data(self, now: Moment, on: On) -> object:
        found = device_data(now, self._fleet, old=on(EnvoyFault.INVERTERS_OLD))
        if on(EnvoyFault.INVERTERS_GONE):
            return {name: one for name, one in found.items() if not isinstance(one, dict)}
        return found


def _readings(now: Moment, on: On) -> object:
    half, zero = on(EnvoyFault.LIFETIME_HALF), on(EnvoyFault.LIFETIME_ZERO)
    return readings(now, half=half, zero=zero)


_NOTHING_BREAKS: Final[Mapping[str, Callable[[Moment], object]]] = {
    "/home": about.home,
    "/ivp/meters": meters,
    "/ivp/ensemble/inventory": ensemble.inventory,
    "/ivp/ensemble/power": ensemble.power,
    "/ivp/ensemble/secctrl": ensemble.security,
    "/ivp/ensemble/dry_contacts": ensemble.contacts,
    "/ivp/ss/dry_contact_settings": ensemble.contact_settings,
    "/ivp/ss/gen_config": lambda _now: {},
    "/admin/lib/tariff": ensemble.tariff,
}
"""What no fault changes."""


def _shown(on: On) -> Shown:
    return Shown(
        wrapped=on(EnvoyFault.LIFETIME_WRAP),
        zero=on(EnvoyFault.LIFETIME_ZERO),
        half=on(EnvoyFault.LIFETIME_HALF),
        stuck=on(EnvoyFault.TODAY_STUCK),
        inactive=on(EnvoyFault.METER_INACTIVE),
    )
