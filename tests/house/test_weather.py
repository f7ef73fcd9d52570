"""What the weather service replies, and what of it is believed."""

from collections.abc import AsyncIterator, Callable
from copy import deepcopy
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.energy_hub.errors import CannotConnectError, DeviceError, NoAnswerError
from custom_components.energy_hub.house.weather_read import (
    COLUMNS,
    LIGHT,
    RubbishError,
    hours,
    quarters,
)
from custom_components.energy_hub.house.weather_service import (
    BadWeatherError,
    async_archive,
    async_forecast,
)
from custom_components.energy_hub.plan.sky import Light
from homeassistant.core import HomeAssistant
from simulator.weather import WeatherFault as Fault, WeatherService
from simulator.world import BRUSSELS_PLACE, Weather

NOON = datetime(2026, 6, 17, 10, 7, tzinfo=UTC)
AT = int(NOON.replace(minute=0).timestamp())
GOOD: dict[str, Any] = {
    "minutely_15_units": dict.fromkeys(LIGHT, "W/m²")
    | {"temperature_2m": "°C", "time": "unixtime"},
    "minutely_15": {
        "time": [AT, AT + 900],
        "shortwave_radiation": [600, -1.0],
        "direct_normal_irradiance": [500.5, None],
        "diffuse_radiation": [150, 2],
        "temperature_2m": [20, 22.0],
    },
}

type Spoil = Callable[[dict[str, Any]], Any]


def test_a_label_is_the_end_of_its_quarter() -> None:
    first, second = quarters(GOOD)
    assert first.start == datetime(2026, 6, 17, 9, 45, tzinfo=UTC)
    assert first.light == Light(600, 500.5, 150)
    assert first.temperature_c == 20
    assert second.light is None
    assert second.temperature_c == 21


RUBBISH: dict[str, Spoil] = {
    "a list": lambda _body: [1],
    "nothing": lambda body: body.clear(),
    "no units": lambda body: body.pop("minutely_15_units"),
    "other units": lambda body: body["minutely_15_units"].update(temperature_2m="°F"),
    "no column": lambda body: body["minutely_15"].pop("diffuse_radiation"),
    "a short column": lambda body: body["minutely_15"]["temperature_2m"].pop(),
    "a gap": lambda body: body["minutely_15"].update(time=[AT, AT + 1800]),
    "times that are none": lambda body: body["minutely_15"].update(time=["now", "soon"]),
    "times of no quarter": lambda body: body["minutely_15"].update(time=[AT + 1, AT + 901]),
    "times of no year": lambda body: body["minutely_15"].update(time=[10**18, 10**18 + 900]),
    "texts": lambda body: body["minutely_15"].update(temperature_2m=["mild", "mild"]),
    "truths": lambda body: body["minutely_15"].update(temperature_2m=[True, True]),
    "too hot": lambda body: body["minutely_15"].update(temperature_2m=[20, 90]),
    "too bright": lambda body: body["minutely_15"].update(shortwave_radiation=[5000, 0]),
    "no number": lambda body: body["minutely_15"].update(shortwave_radiation=[float("nan"), 0]),
    "no light": lambda body: body["minutely_15"].update(shortwave_radiation=[None, None]),
}


@pytest.mark.parametrize("spoil", RUBBISH.values(), ids=RUBBISH)
def test_rubbish_is_no_weather(spoil: Spoil) -> None:
    body = deepcopy(GOOD)
    spoiled = spoil(body)
    with pytest.raises(RubbishError):
        quarters(spoiled if isinstance(spoiled, list) and spoiled == [1] else body)


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


@settings(max_examples=40)
@given(st.sampled_from(("time", *COLUMNS)), _JSON)
def test_no_reply_breaks_the_reader(name: str, value: Any) -> None:
    body = deepcopy(GOOD)
    body["minutely_15"][name] = value
    try:
        told = quarters(body)
    except RubbishError:
        return
    assert all(-95 <= one.temperature_c <= 65 for one in told if one.temperature_c is not None)


@pytest.fixture
async def service(socket_enabled: None) -> AsyncIterator[WeatherService]:
    """Return a service on a clock that stands."""
    service = WeatherService(Weather(BRUSSELS_PLACE, 1), lambda: NOON)
    yield service
    await service.stop()


async def test_the_archive_is_told_by_the_hour(
    hass: HomeAssistant, service: WeatherService
) -> None:
    url = await service.start()
    hass.config.latitude, hass.config.longitude = 50.84567, 4.34567
    told = await async_archive(hass, url, date(2024, 2, 28), date(2024, 2, 29))
    assert len(told) == 48
    assert told[0].start == datetime(2024, 2, 27, 23, tzinfo=UTC)
    assert "latitude=50.85&longitude=4.35" in service.asked[0]
    assert hours.__doc__


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.SILENT, NoAnswerError),
        (Fault.RESET, CannotConnectError),
        (Fault.SERVER_ERROR, CannotConnectError),
        (Fault.TOO_MANY, CannotConnectError),
        (Fault.RUBBISH, BadWeatherError),
        (Fault.LIST, BadWeatherError),
        (Fault.WRONG_UNITS, BadWeatherError),
    ],
)
async def test_every_fault_has_its_word(
    hass: HomeAssistant,
    service: WeatherService,
    monkeypatch: pytest.MonkeyPatch,
    fault: Fault,
    error: type[DeviceError],
) -> None:
    if fault is Fault.SILENT:
        monkeypatch.setattr("custom_components.energy_hub.house.weather_service._TIMEOUT_S", 0.2)
    url = await service.start()
    await service.faults.set(fault, True)
    with pytest.raises(error):
        await async_forecast(hass, url)
    with pytest.raises(error):
        await async_archive(hass, url, date(2024, 2, 28), date(2024, 2, 28))
    await service.faults.clear()
