"""The key API: envelope, paging, limits, samples that are true."""

from dataclasses import replace
import re

import pytest

from simulator.hoymiles import CloudConfig, HoymilesCloud, HoymilesFault, PlantConfig
from simulator.world import House

from ..tools import FrozenClock
from .tools import DAY, EMPTY, HOUSE, NEIGHBOUR, NOON, Client

STATIONS = "/v0/zhgf-core/oapi/0/findMyStations"
DEVICES = "/v0/zhgf-core/oapi/0/findDevsByStation"
TODAY = "/v1/plant/0/oapi/station_today_production"
FLAGS = "/v1/plant/0/oapi/gpw"
DAYS = "/v0/zhgf-core/oapi/0/findStation30dayEnergy"


async def test_plants_of_the_key(client: Client) -> None:
    for first in (0, 1):
        found = await client.key(STATIONS, {"next": first})
        assert [one["id"] for one in found["stations"]] == [HOUSE, NEIGHBOUR, EMPTY]
        assert found["next"] is None


async def test_a_key_that_nobody_knows(client: Client) -> None:
    found = await client.ask(f"{STATIONS}?key=other", {"next": 0})
    assert found == {"status": "100", "message": "invalid key", "data": None}
    assert (await client.ask(STATIONS, {"next": 0}))["status"] == "100"
    await client.cloud.faults.set(HoymilesFault.REFUSED, True)
    assert await client.refused_key(STATIONS, {"next": 0}) == ("100", "invalid key")


async def test_only_a_post_with_json_is_answered(client: Client) -> None:
    params = {"key": client.config.api_key}
    async with client.session.get(client.url + STATIONS, params=params) as reply:
        assert reply.status == 405
    async with client.session.post(client.url + STATIONS, params=params, data="x") as reply:
        assert (await reply.json())["status"] == "2"
    assert (await client.refused_key(DEVICES, {"id": str(HOUSE)}))[0] == "1"
    assert (await client.refused_key(STATIONS, {}))[0] == "1"
    body = {"station_id": HOUSE, "date": "17.6.", "sn": "1"}
    assert (await client.refused_key("/v1/plant/0/oapi/mi_data_day", body))[0] == "1"


class TestPages:
    @pytest.fixture
    def config(self) -> CloudConfig:
        plants = tuple(PlantConfig(100 + one, f"P{one}", ()) for one in range(23))
        return CloudConfig(plants=plants)

    async def test_next_is_a_cursor(self, client: Client) -> None:
        sizes, after, seen = [], 1, set()
        while True:
            page = await client.key(STATIONS, {"next": after})
            sizes.append(len(page["stations"]))
            seen |= {one["id"] for one in page["stations"]}
            if not page["next"]:
                break
            assert page["next"] == page["stations"][-1]["id"]
            after = page["next"]
        assert sizes == [10, 10, 3]
        assert len(seen) == 23


async def test_inverters_are_repeated_for_each_port(client: Client) -> None:
    found = await client.key(DEVICES, {"id": HOUSE})
    serials = [one["mi_sn"] for one in found["micro_datas"]]
    assert serials == ["116099000101"] * 4 + ["114099000102"] * 2
    assert await client.key(DEVICES, {"id": EMPTY}) == {"micro_datas": []}
    assert await client.refused_key(DEVICES, {"id": 5}) == ("1", "no such plant")


async def test_samples_are_those_of_the_house(client: Client, house: House) -> None:
    samples = await client.series(HOUSE, "116099000101")
    assert samples[0]["time"] == "05:45"
    assert samples[-1]["time"] == "12:00"
    at = NOON.replace(minute=0)
    panels = house.panel_w("hoymiles", at)
    truth = house.truth(at)
    last = samples[-1]
    assert [one["port"] for one in last["dc"]] == [1, 2, 3, 4]
    assert [one["p"] for one in last["dc"]] == [pytest.approx(w, abs=0.05) for w in panels[:4]]
    assert last["ac"]["p"] == pytest.approx(sum(panels[:4]), abs=0.1)
    assert last["ac"]["ua"] == pytest.approx(truth.phases[0].voltage_v, abs=0.05)
    assert (last["ac"]["ub"], last["ac"]["uc"]) == (0.0, 0.0)
    assert last["ac"]["freq"] == pytest.approx(truth.frequency_hz, abs=0.005)
    for one in last["dc"]:
        assert one["u"] * one["i"] == pytest.approx(one["p"], abs=0.3)


async def test_ports_and_plant_have_the_same_energy(client: Client, house: House) -> None:
    energy_wh = 0.0
    for serial in ("116099000101", "114099000102"):
        last = (await client.series(HOUSE, serial))[-1]
        energy_wh += sum(one["tp"] for one in last["dc"])
        assert all(one["tp"].is_integer() for one in last["dc"])
    told = await client.key(TODAY, {"station_id": HOUSE})
    assert told == f"{energy_wh:.0f}.0"
    midnight = NOON.replace(day=16, hour=22, minute=0)
    kwh = [house.truth(at).arrays["hoymiles"].energy_kwh for at in (midnight, NOON)]
    assert energy_wh / 1000 == pytest.approx(kwh[1] - kwh[0], rel=0.1)
    await client.cloud.faults.set(HoymilesFault.AHEAD, True)
    assert float(await client.key(TODAY, {"station_id": HOUSE})) > energy_wh


async def test_counters_of_a_day_only_rise(client: Client) -> None:
    samples = await client.series(NEIGHBOUR, "161099000202")
    for port in range(1, 9):
        rows = [{one["port"]: one["tp"] for one in sample["dc"]}[port] for sample in samples]
        assert rows == sorted(rows)
        assert rows[-1] > 100
    assert samples[-1]["ac"]["ub"] > 200
    assert samples[-1]["ac"]["uc"] > 200


async def test_a_family_with_losses(client: Client) -> None:
    last = (await client.series(NEIGHBOUR, "10F899000201"))[-1]
    assert [one["port"] for one in last["dc"]] == [3, 4]
    assert last["ac"]["p"] == pytest.approx(0.95 * sum(one["p"] for one in last["dc"]), abs=0.1)


async def test_nothing_of_the_night_of_the_future_or_of_strangers(
    client: Client, clock: FrozenClock
) -> None:
    assert await client.series(HOUSE, "116099000101", "2026-06-18") == []
    assert await client.series(HOUSE, "nobody") == []
    clock.now = NOON.replace(hour=1)
    assert await client.series(HOUSE, "116099000101") == []
    assert await client.key(TODAY, {"station_id": HOUSE}) == "0"
    yesterday = await client.series(HOUSE, "116099000101", "2026-06-16")
    assert yesterday[-1]["time"] > "21:00"


async def test_flags_tell_the_offset(client: Client) -> None:
    found = await client.key(FLAGS, {"id": HOUSE})
    assert found == {
        "offline": False,
        "unstable": False,
        "umatched": False,
        "mi_warn": False,
        "g_warn": False,
        "last_at": "2026-06-17 12:05:00 (UTC+02:00)",
        "tz": "Europe/Brussels",
    }
    await client.cloud.faults.set(HoymilesFault.WRONG_ZONE, True)
    await client.cloud.faults.set(HoymilesFault.NULL_FLAGS, True)
    found = await client.key(FLAGS, {"id": HOUSE})
    assert found["tz"] == "America/Menominee"
    assert found["last_at"].endswith("(UTC+02:00)")
    assert found["offline"] is None


async def test_daily_totals(client: Client, clock: FrozenClock) -> None:
    clock.now = NOON.replace(hour=21)
    found = await client.key(DAYS, {"stationId": HOUSE, "endDate": DAY})
    assert [one["report_date"] for one in found] == ["2026-06-16", DAY]
    told = float(await client.key(TODAY, {"station_id": HOUSE}))
    assert found[1]["total_energy"] == pytest.approx(told, abs=10)


class TestLimits:
    @pytest.fixture
    def config(self) -> CloudConfig:
        return replace(CloudConfig(), calls_per_month=15)

    async def test_calls_of_a_minute_and_of_a_month(
        self, client: Client, clock: FrozenClock
    ) -> None:
        for _ in range(10):
            await client.key(FLAGS, {"id": HOUSE})
        told = await client.refused_key(FLAGS, {"id": HOUSE})
        assert told == ("1", "More than times of calls per minute")
        clock.pass_s(60)
        for _ in range(5):
            await client.key(FLAGS, {"id": HOUSE})
        assert re.search("limit", (await client.refused_key(FLAGS, {"id": HOUSE}))[1])
        assert client.cloud.key.quota.used == 15
        clock.now = NOON.replace(month=7)
        await client.key(FLAGS, {"id": HOUSE})
        assert client.cloud.key.quota.used == 1


def test_a_house_without_hoymiles_has_no_cloud(clock: FrozenClock) -> None:
    from simulator.world import plain_house

    with pytest.raises(KeyError):
        HoymilesCloud(House(plain_house(), NOON), clock)
