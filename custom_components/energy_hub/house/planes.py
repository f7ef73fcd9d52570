"""The planes of panels of a house and where its weather comes from, as its entry holds them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from homeassistant.config_entries import ConfigEntry

from ..plan.plane import Plane

PLANE: Final = "plane"
"""The type of subentry that is one plane."""
WEATHER: Final = "weather"
"""The type of subentry that says where the weather comes from; at most one counts."""
CONF_TILT: Final = "tilt"
CONF_AZIMUTH: Final = "azimuth"
CONF_PEAK: Final = "peak_w"
CONF_LIMIT: Final = "limit_w"
CONF_LOSSES: Final = "losses"
CONF_HORIZON: Final = "horizon"
CONF_SERVICE: Final = "service"
CONF_URL: Final = "url"
CONF_IRRADIANCE: Final = "irradiance"
CONF_TEMPERATURE: Final = "temperature"
CONF_PROVIDER: Final = "provider"


@dataclass(frozen=True, slots=True)
class WeatherChoice:
    """Where weather and forecast come from."""

    service: bool = True
    """Whether the weather service is asked."""
    url: str | None = None
    """An own server of the service; None: the public one."""
    irradiance: str | None = None
    temperature: str | None = None
    """Sensors that know it better than the service."""
    provider: str | None = None
    """The config entry of another integration that forecasts the production."""

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """Return what a subentry says."""
        return cls(
            service=bool(data.get(CONF_SERVICE, True)),
            url=data.get(CONF_URL),
            irradiance=data.get(CONF_IRRADIANCE),
            temperature=data.get(CONF_TEMPERATURE),
            provider=data.get(CONF_PROVIDER),
        )


def planes_of(entry: ConfigEntry[Any]) -> list[Plane]:
    """Return the planes of a house."""
    return [Plane.of(one.data) for one in entry.subentries.values() if one.subentry_type == PLANE]


def weather_of(entry: ConfigEntry[Any]) -> WeatherChoice | None:
    """Return where the user wants the weather from; None where nothing was said."""
    said = [one.data for one in entry.subentries.values() if one.subentry_type == WEATHER]
    return WeatherChoice.of(said[-1]) if said else None
