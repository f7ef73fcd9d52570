"""Binary answers, byte by byte as the reference describes the messages."""

from dataclasses import replace
import gzip
import struct

import pytest

from simulator.hoymiles import CloudConfig, HoymilesFault, Surface
from simulator.hoymiles.charts import day_data, line_chart
from simulator.hoymiles.micro import MicroSample, PortSample
from simulator.hoymiles.wire import varint, whole
from simulator.world import House

from ..tools import FrozenClock
from .tools import APP, DAY, EMPTY, HOUSE, NEIGHBOUR, NOON, Client, many, one, packed

WHOLE = "/pvm-data/api/0/module/data/down_module_day_data"
PORTS = "/pvm-data/api/0/module/data/count_by_day"
INVERTERS = "/pvm-data/api/0/micro/data/count_by_day"


def test_numbers_on_the_wire() -> None:
    assert varint(0) == b"\x00"
    assert varint(127) == b"\x7f"
    assert varint(300) == b"\xac\x02"
    assert whole(1, 150) == b"\x08\x96\x01"
    assert whole(4, 0) == b""


def test_a_day_byte_by_byte() -> None:
    sample = MicroSample(
        "06:05", 1.5, (230.0, 0.0, 0.0), 50.0, 20.5, (PortSample(3, 30.5, 0.0, 1.5, 2),)
    )
    point = b"\x0d" + struct.pack("<f", 30.5) + b"\x1d" + struct.pack("<f", 1.5)
    point += b"\x25" + struct.pack("<f", 2.0)
    assert len(point) == 15
    batch = b"\x0a\x0f" + point
    port = b"\x08\x03" + b"\x12\x11" + batch
    body = b"\x12\x05" + b"06:05" + b"\x22\x15" + port
    body += b"\x2a\x04" + struct.pack("<f", 50.0) + b"\x32\x04" + struct.pack("<f", 20.5)
    body += b"\x3a\x04" + struct.pack("<f", 230.0)
    body += b"\x42\x02\x00\x00" + b"\x4a\x02\x00\x00"
    micro = b"\x08\x07" + b"\x12" + bytes([len(body)]) + body
    wanted = b"\x08\x05" + b"\x12\x0a" + b"2026-06-17" + b"\x1a" + bytes([len(micro)]) + micro
    assert day_data(5, "2026-06-17", [(7, [sample])]) == wanted


def test_a_chart_byte_by_byte() -> None:
    wanted = b"\x0a\x05" + b"06:05" + b"\x12\x16"
    line = b"\x0a\x08" + b"MODULE_V" + b"\x12\x04" + struct.pack("<f", 30.5) + b"\x18\x07\x20\x03"
    wanted = b"\x0a\x05" + b"06:05" + b"\x12" + bytes([len(line)]) + line
    assert line_chart(["06:05"], [("MODULE_V", 7, 3, [30.5])], wide=False) == wanted
    wide = line_chart(["06:05"], [("MODULE_V", 7, 3, [30.5])], wide=True)
    assert b"\x12\x08" + struct.pack("<d", 30.5) in wide


async def test_the_whole_day_of_a_plant_is_true(client: Client, house: House) -> None:
    await client.login()
    content = await client.binary(WHOLE, {"sid": HOUSE, "date": DAY})
    assert one(content, 1) == HOUSE
    assert one(content, 2) == DAY.encode()
    energy_wh, power_w = 0.0, 0.0
    micros = {one(micro, 1): one(micro, 2) for micro in many(content, 3)}
    assert list(micros) == [40_101, 40_102]
    for body in micros.values():
        labels = [label.decode() for label in many(body, 2)]
        assert labels[-1] == "12:05"
        assert labels == sorted(labels)
        for number, letter in ((5, "f"), (6, "f"), (7, "f"), (8, "H"), (9, "H")):
            assert len(packed(body, number, letter)) == len(labels)
        for port in many(body, 4):
            points = many(one(port, 2), 1)
            assert len(points) == len(labels)
            energy_wh += one(points[-1], 4)
            power_w += one(points[-1], 3)
    truth = house.truth(NOON.replace(minute=5))
    assert power_w == pytest.approx(truth.arrays["hoymiles"].power_w, abs=0.5)
    assert packed(micros[40_101], 7)[-1] == pytest.approx(truth.phases[0].voltage_v, abs=0.06)
    assert packed(micros[40_101], 5)[-1] == pytest.approx(truth.frequency_hz, abs=0.006)
    path = "/pvm-data/api/0/station/data/count_station_real_data"
    real = (await client.account(path, {"sid": HOUSE}))["data"]
    assert float(real["today_eq"]) == energy_wh


async def test_a_plant_without_inverters_and_a_night(client: Client, clock: FrozenClock) -> None:
    await client.login()
    content = await client.binary(WHOLE, {"sid": EMPTY, "date": DAY})
    assert many(content, 3) == []
    content = await client.binary(WHOLE, {"sid": HOUSE, "date": "2026-06-18"})
    assert [one(micro, 2) for micro in many(content, 3)] == [b"", b""]


async def test_charts_hold_what_was_asked_for(client: Client) -> None:
    await client.login()
    body = {"sid": NEIGHBOUR, "date": DAY}
    asked = [{"id": 40_201, "port": 4}]
    quotas = {"mi_list": asked, "quota": ["MODULE_POWER", "MODULE_V", "OTHER"]}
    chart = await client.binary(PORTS, body | quotas)
    lines = [(one(line, 1), one(line, 3), one(line, 4)) for line in many(chart, 2)]
    assert lines == [(b"MODULE_POWER", 40_201, 4), (b"MODULE_V", 40_201, 4)]
    labels = many(chart, 1)
    values = [packed(line, 2) for line in many(chart, 2)]
    assert {len(row) for row in values} == {len(labels)}
    wide = await client.binary(PORTS, body | quotas | {"pb_ver": 1})
    assert packed(many(wide, 2)[0], 2, "d") == pytest.approx(values[0], abs=0.001)
    quotas = {"mi_list": [40_201, 40_202], "quota": ["MI_POWER", "MI_NET_V"]}
    chart = await client.binary(INVERTERS, body | quotas)
    lines = [(one(line, 1), one(line, 3), one(line, 4)) for line in many(chart, 2)]
    assert lines == [
        (b"MI_POWER", 40_201, None),
        (b"MI_NET_V", 40_201, None),
        (b"MI_POWER", 40_202, None),
        (b"MI_NET_V", 40_202, None),
    ]


async def test_an_old_token_is_answered_in_json(client: Client) -> None:
    content = await client.binary(WHOLE, {"sid": HOUSE, "date": DAY})
    assert content.startswith(b"{")
    assert b"token verify error" in content


@pytest.mark.parametrize("path", [WHOLE, PORTS, INVERTERS])
async def test_strange_requests_are_answered_in_json(client: Client, path: str) -> None:
    await client.login()
    for body in ({"sid": 5, "date": DAY}, {"sid": HOUSE, "date": "today"}):
        assert (await client.account(path, body))["status"] == "3"


async def test_faults_of_binary_answers(client: Client) -> None:
    await client.login()
    faults, body = client.cloud.faults, {"sid": HOUSE, "date": DAY}
    good = await client.binary(WHOLE, body)
    await faults.set(HoymilesFault.GZIP, True)
    assert gzip.decompress(await client.binary(WHOLE, body)) == good
    await faults.set(HoymilesFault.GZIP, False)
    await faults.set(HoymilesFault.TRUNCATED, True)
    assert await client.binary(WHOLE, body) == good[: len(good) * 2 // 3]
    await faults.set(HoymilesFault.TRUNCATED, False)
    await faults.set(HoymilesFault.NEW_FIELDS, True)
    more = await client.binary(WHOLE, body)
    assert more.startswith(good)
    assert one(more, 62) == 7
    chart = await client.binary(INVERTERS, body | {"mi_list": [], "quota": []})
    assert [one(line, 1) for line in many(chart, 2)] == [b"MI_HUMIDITY"]
    await faults.set(HoymilesFault.NO_DAY, True)
    assert (await client.account(WHOLE, body))["status"] == "3"


class TestHome:
    @pytest.fixture
    def config(self) -> CloudConfig:
        return replace(CloudConfig(), surface=Surface.HOME)

    async def test_home_accounts_have_charts_only(self, client: Client) -> None:
        await client.login(**APP)
        body = {"sid": HOUSE, "date": DAY}
        assert (await client.account(WHOLE, body))["status"] == "1"
        quotas = {"mi_list": [{"id": 40_101, "port": 1}], "quota": ["MODULE_I"]}
        chart = await client.binary("/pvmc/api/0/module_data/count_by_day_c", body | quotas)
        assert len(many(chart, 2)) == 1
        quotas = {"mi_list": [40_101], "quota": ["MI_TEMPERATURE"]}
        chart = await client.binary("/pvmc/api/0/micro_data/count_by_day_c", body | quotas)
        assert len(many(chart, 2)) == 1
