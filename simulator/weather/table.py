"""The values that the service tells: means of what is over, moments of the rest."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from simulator.world import Sky, Weather

_SAMPLE_S: Final = 300

type Told = Callable[[Sky], float]

MEANS: Final[Mapping[str, tuple[str, Told]]] = {
    "shortwave_radiation": ("W/m²", lambda sky: sky.irradiance.level),
    "direct_normal_irradiance": ("W/m²", lambda sky: sky.irradiance.direct),
    "diffuse_radiation": ("W/m²", lambda sky: sky.irradiance.diffuse),
    "direct_radiation": ("W/m²", lambda sky: sky.irradiance.level - sky.irradiance.diffuse),
}
"""Of the time up to a label."""
MOMENTS: Final[Mapping[str, tuple[str, Told]]] = {
    "temperature_2m": ("°C", lambda sky: sky.temperature_c),
    "cloud_cover": ("%", lambda sky: 100 * sky.cover),
}


def table(
    weather: Weather, names: Sequence[str], first_s: int, last_s: int, step_s: int
) -> tuple[dict[str, str], dict[str, list[Any]]]:
    """Return units and columns of labels from the first on, before the last.

    Raises KeyError for a variable that the service does not have.
    """
    labels = list(range(first_s, last_s, step_s))
    skies = {at: weather.sky(at) for at in range(first_s - step_s, last_s + _SAMPLE_S, _SAMPLE_S)}
    units = {"time": "unixtime"}
    columns: dict[str, list[Any]] = {"time": labels}
    for name in names:
        if name in MEANS:
            units[name], told = MEANS[name]
            columns[name] = [_mean(skies, told, at, step_s) for at in labels]
        else:
            units[name], told = MOMENTS[name]
            columns[name] = [round(told(skies[at]), 1) for at in labels]
    return units, columns


def _mean(skies: Mapping[int, Sky], told: Told, end_s: int, step_s: int) -> float:
    seen = [told(skies[at]) for at in range(end_s - step_s, end_s, _SAMPLE_S)]
    return round(sum(seen) / len(seen), 1)
