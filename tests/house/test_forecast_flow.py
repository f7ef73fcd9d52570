"""Describing panels and weather, with what devices and other integrations know."""

from collections.abc import Mapping
from typing import Any

from hypothesis import given, strategies as st
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockModule,
    mock_integration,
    mock_platform,
)

from custom_components.energy_hub.house.plane_flow import horizon_of, horizon_text
from custom_components.energy_hub.reading import Roof
from custom_components.energy_hub.site import async_get_site
from homeassistant.config_entries import SOURCE_USER, SubentryFlowContext
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType

from .conftest import AddHouse

PANELS = {"name": "South", "peak_w": 5330, "tilt": 40, "azimuth": 185, "losses": 14}

type Result = Mapping[str, Any]


async def _begin(hass: HomeAssistant, entry: MockConfigEntry, kind: str) -> Result:
    context: SubentryFlowContext = {"source": SOURCE_USER}
    return await hass.config_entries.subentries.async_init((entry.entry_id, kind), context=context)


async def _answer(hass: HomeAssistant, result: Result, **said: Any) -> Result:
    answered = await hass.config_entries.subentries.async_configure(result["flow_id"], said)
    await hass.async_block_till_done()
    return answered


def _suggested(result: Result) -> dict[str, Any]:
    return {
        str(key): key.description["suggested_value"]
        for key in result["data_schema"].schema
        if key.description
    }


class Inverter:
    """A source that knows its panels."""

    readings = ()
    held_back = False
    histories: Mapping[str, str] = {}
    roofs = (Roof("Attic", peak_w=5330.0, limit_w=5000.0), Roof("Shed", limit_w=1500.0))

    def async_add_listener(self, _update: object) -> Any:
        return lambda: None


@pytest.fixture(autouse=True)
def _nobody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the weather alone: these houses are about their forms."""
    monkeypatch.setattr("custom_components.energy_hub.house.weather.WeatherFeed.start", _no)


def _no(_feed: object, _state: object) -> None:
    return None


async def test_panels_are_proposed_one_after_the_other(
    hass: HomeAssistant, add_house: AddHouse
) -> None:
    entry = await add_house()
    async_get_site(hass)._sources["inverter"] = Inverter()
    result = await _begin(hass, entry, "plane")
    assert _suggested(result) == {"name": "Attic", "peak_w": 5330.0, "limit_w": 5000.0}
    result = await _answer(hass, result, **PANELS, limit_w=5000, horizon="120:25, 90:10,150:0")
    assert result["type"] is FlowResultType.CREATE_ENTRY
    (subentry,) = entry.subentries.values()
    assert subentry.title == "South"
    assert subentry.data == {
        "peak_w": 5330,
        "tilt": 40,
        "azimuth": 185,
        "limit_w": 5000,
        "losses": 14,
        "horizon": [[90, 10], [120, 25], [150, 0]],
    }
    assert _suggested(await _begin(hass, entry, "plane")) == {"name": "Shed", "limit_w": 1500.0}
    again = await entry.start_subentry_reconfigure_flow(hass, subentry.subentry_id)
    assert _suggested(again)["horizon"] == "90:10, 120:25, 150:0"
    again = await _answer(hass, again, **PANELS)
    assert again["type"] is FlowResultType.ABORT
    assert next(iter(entry.subentries.values())).data["horizon"] == []
    del async_get_site(hass)._sources["inverter"]
    assert _suggested(await _begin(hass, entry, "plane")) == {}


@pytest.mark.parametrize("text", ["east", "90", "90:10:5", "400:5", "90:-1", "90:95"])
async def test_a_horizon_that_is_none(hass: HomeAssistant, add_house: AddHouse, text: str) -> None:
    entry = await add_house()
    result = await _begin(hass, entry, "plane")
    result = await _answer(hass, result, **PANELS, horizon=text)
    assert result["errors"] == {"horizon": "bad_horizon"}
    result = await _answer(hass, result, **PANELS)
    assert result["type"] is FlowResultType.CREATE_ENTRY


@given(st.dictionaries(st.integers(0, 360), st.integers(0, 90), max_size=8))
def test_a_horizon_comes_back_as_it_was_written(edges: dict[int, int]) -> None:
    written = [[azimuth, edges[azimuth]] for azimuth in sorted(edges)]
    assert horizon_of(horizon_text(written)) == written


async def test_a_house_has_one_weather(hass: HomeAssistant, add_house: AddHouse) -> None:
    entry = await add_house()
    result = await _begin(hass, entry, "weather")
    for url in ("ftp://example.org", "example", "http://[", "https://me@example.org"):
        result = await _answer(hass, result, service=True, url=url)
        assert result["errors"] == {"url": "invalid_url"}
    result = await _answer(hass, result, service=False)
    assert result["errors"] == {"base": "no_weather"}
    result = await _answer(hass, result, service=True, url="https://weather.example/")
    assert result["type"] is FlowResultType.CREATE_ENTRY
    (subentry,) = entry.subentries.values()
    assert subentry.data == {"service": True, "url": "https://weather.example"}
    second = await _begin(hass, entry, "weather")
    assert second["type"] is FlowResultType.ABORT
    assert second["reason"] == "already_configured"
    again = await entry.start_subentry_reconfigure_flow(hass, subentry.subentry_id)
    assert _suggested(again) == {"url": "https://weather.example", "service": True}
    again = await _answer(hass, again, service=False, irradiance="sensor.sun")
    assert again["reason"] == "reconfigure_successful"
    assert next(iter(entry.subentries.values())).data["irradiance"] == "sensor.sun"


async def test_another_forecast_can_be_chosen(hass: HomeAssistant, add_house: AddHouse) -> None:
    entry = await add_house()
    mock_integration(hass, MockModule("rooftop"))
    mock_platform(hass, "rooftop.energy", Rooftop())
    hass.config.components.add("rooftop")
    other = MockConfigEntry(domain="rooftop", title="Rooftop")
    other.add_to_hass(hass)
    result = await _begin(hass, entry, "weather")
    (options,) = [
        value.config["options"]
        for key, value in result["data_schema"].schema.items()
        if str(key) == "provider"
    ]
    assert options == [{"value": other.entry_id, "label": "Rooftop"}]
    result = await _answer(hass, result, service=False, provider=other.entry_id)
    assert result["type"] is FlowResultType.CREATE_ENTRY


class Rooftop:
    """Another integration with a solar forecast."""

    async def async_get_solar_forecast(self, _hass: HomeAssistant, _entry_id: str) -> Any:
        return {"wh_hours": {"2026-06-17T10:00:00+00:00": 1200}}
