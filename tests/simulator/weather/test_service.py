"""The weather service tells the weather of the world, in Open-Meteo's words."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from statistics import fmean
from typing import Any

from aiohttp import ClientError, ClientSession
import pytest

from simulator.device import HOST, Setting
from simulator.devices import DEVICES
from simulator.weather import WeatherFault as Fault, WeatherService, serve
from simulator.world import BRUSSELS_PLACE, House, Weather, mixed_house

from ..tools import FrozenClock

NOON = datetime(2026, 6, 17, 10, 7, tzinfo=UTC)
ASKED = {
    "latitude": "50.85",
    "longitude": "4.35",
    "timeformat": "unixtime",
    "minutely_15": "shortwave_radiation,temperature_2m",
    "forecast_days": "3",
    "past_days": "1",
}

pytestmark = pytest.mark.usefixtures("socket_enabled")


class Client:
    """Asks the service."""

    def __init__(self, service: WeatherService, url: str, session: ClientSession) -> None:
        self.service = service
        self._url = url
        self._session = session

    async def ask(self, path: str, **query: str) -> tuple[int, Any]:
        """Return status and JSON."""
        async with self._session.get(self._url + path, params=query) as reply:
            return reply.status, await reply.json()


@pytest.fixture
def weather() -> Weather:
    """Return the weather of the world."""
    return Weather(BRUSSELS_PLACE, 1)


@pytest.fixture
async def client(weather: Weather) -> AsyncIterator[Client]:
    """Return a client of a service on a clock that stands."""
    service = WeatherService(weather, FrozenClock(NOON))
    url = await service.start()
    async with ClientSession() as session:
        yield Client(service, url, session)
    await service.stop()


async def test_quarters_are_means_of_the_time_before(client: Client, weather: Weather) -> None:
    status, told = await client.ask("/v1/forecast", **ASKED)
    assert status == 200
    assert told["minutely_15_units"] == {
        "time": "unixtime",
        "shortwave_radiation": "W/m²",
        "temperature_2m": "°C",
    }
    times = told["minutely_15"]["time"]
    assert times[0] == datetime(2026, 6, 16, tzinfo=UTC).timestamp()
    assert times[-1] == datetime(2026, 6, 19, 23, 45, tzinfo=UTC).timestamp()
    place = times.index(int(datetime(2026, 6, 17, 12, tzinfo=UTC).timestamp()))
    before = [weather.sky(times[place] - back).irradiance.level for back in (900, 600, 300)]
    assert told["minutely_15"]["shortwave_radiation"][place] == pytest.approx(
        fmean(before), abs=0.1
    )
    air = weather.sky(times[place]).temperature_c
    assert told["minutely_15"]["temperature_2m"][place] == pytest.approx(air, abs=0.1)


async def test_the_archive_knows_any_day(client: Client, weather: Weather) -> None:
    query = {"start_date": "2024-02-28", "end_date": "2024-02-29", "hourly": "shortwave_radiation"}
    status, told = await client.ask("/v1/archive", **(ASKED | query))
    assert status == 200
    assert len(told["hourly"]["time"]) == 48
    end = int(datetime(2024, 2, 28, 12, tzinfo=UTC).timestamp())
    seen = [weather.sky(end - back).irradiance.level for back in range(300, 3601, 300)]
    assert told["hourly"]["shortwave_radiation"][12] == pytest.approx(fmean(seen), abs=0.1)


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/v1/archive", {}),
        ("/v1/archive", {"start_date": "soon", "end_date": "2024-02-29"}),
        ("/v1/forecast", {"timeformat": "iso8601"}),
        ("/v1/forecast", {"minutely_15": "sunshine_of_your_love"}),
    ],
)
async def test_what_it_does_not_understand(
    client: Client, path: str, query: dict[str, str]
) -> None:
    status, told = await client.ask(path, **(ASKED | query))
    assert status == 400
    assert told["error"] is True
    assert told["reason"]


@pytest.mark.parametrize(
    ("fault", "status"), [(Fault.SERVER_ERROR, 500), (Fault.TOO_MANY, 429), (Fault.RUBBISH, 200)]
)
async def test_answers_that_are_none(client: Client, fault: Fault, status: int) -> None:
    await client.service.faults.set(fault, True)
    async with client._session.get(f"{client._url}/v1/forecast", params=ASKED) as reply:
        assert reply.status == status
        assert "minutely_15" not in await reply.text()


async def test_a_connection_that_ends(client: Client) -> None:
    await client.service.faults.set(Fault.RESET, True)
    with pytest.raises(ClientError):
        await client.ask("/v1/forecast", **ASKED)
    assert client.service.asked


async def test_values_that_are_none(client: Client) -> None:
    columns = {}
    for fault in (Fault.EMPTY, Fault.NULLS, Fault.TEXTS, Fault.IMPOSSIBLE, Fault.SHORT):
        await client.service.faults.set(fault, True)
        columns[fault] = (await client.ask("/v1/forecast", **ASKED))[1]["minutely_15"]
        await client.service.faults.clear()
    assert columns[Fault.EMPTY] == {"time": [], "shortwave_radiation": [], "temperature_2m": []}
    assert set(columns[Fault.NULLS]["shortwave_radiation"]) == {None}
    assert set(columns[Fault.TEXTS]["temperature_2m"]) == {"much"}
    assert set(columns[Fault.IMPOSSIBLE]["shortwave_radiation"]) == {9999.0}
    assert len(columns[Fault.SHORT]["shortwave_radiation"]) == 4 * 96 - 1
    await client.service.faults.set(Fault.WRONG_UNITS, True)
    units = (await client.ask("/v1/forecast", **ASKED))[1]["minutely_15_units"]
    assert units["temperature_2m"] == "°F"
    await client.service.faults.clear()
    await client.service.faults.set(Fault.YESTERDAY, True)
    times = (await client.ask("/v1/forecast", **ASKED))[1]["minutely_15"]["time"]
    assert max(times) < NOON.timestamp() - 86_400 / 2
    await client.service.faults.clear()
    await client.service.faults.set(Fault.LIST, True)
    assert (await client.ask("/v1/forecast", **ASKED))[1] == [1, 2, 3]


async def test_it_is_a_device_of_the_program() -> None:
    assert "weather" in {device.name for device in DEVICES}
    house = House(mixed_house(), NOON)
    async with serve(Setting(house, FrozenClock(NOON), 1.0, 0, serial=False)) as page:
        assert page.name == "weather"
        assert page.listens["url"] == f"http://{HOST}:{page.listens['port']}"
        assert list(page.faults.state()) == [str(fault) for fault in Fault]
