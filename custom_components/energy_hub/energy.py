"""The solar forecast of a house, for the dashed line of the Energy dashboard."""

from homeassistant.components.energy.types import SolarForecastType
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant

from .actions import SolarForecast


async def async_get_solar_forecast(
    hass: HomeAssistant, config_entry_id: str
) -> SolarForecastType | None:
    """Return what the panels of a house will give by the hour; None where there is no forecast."""
    entry = hass.config_entries.async_get_entry(config_entry_id)
    if entry is None or entry.state is not ConfigEntryState.LOADED:
        return None
    coordinator = entry.runtime_data
    if not isinstance(coordinator, SolarForecast):
        return None
    hours = coordinator.solar_forecast
    return {"wh_hours": {at.isoformat(): wh for at, wh in hours.items()}} if hours else None
