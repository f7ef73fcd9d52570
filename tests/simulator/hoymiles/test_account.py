"""The account API: log-in in every form, tokens, lists, numbers in words."""

from dataclasses import replace

import pytest

from simulator.hoymiles import CloudConfig, HoymilesFault, Password, Surface
from simulator.hoymiles.login import hashed
from simulator.world import House

from ..tools import FrozenClock
from .tools import APP, EMPTY, HOUSE, NEIGHBOUR, NOON, Client, hash_of

PLANTS = "/pvm/api/0/station/select_by_page"
REAL = "/pvm-data/api/0/station/data/count_station_real_data"
FIND = "/pvm/api/0/station/find"
TREE = "/pvm/api/0/station/select_device_of_tree"
WRONG = "Log in failed. Please check your account and password.#7"


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        (Password.ARGON2, "ef54dcabcbf21e930cc20cd2ea525d36915999d5221360c83f2ed85ebbe566a8"),
        (
            Password.DOTTED,
            "cc4436eff149ba9761aaac07b36360ea.pLf72pF5BVugBbg/4dnVWMheX2r8LOQHFDns2rhkuY4=",
        ),
        (Password.SHA256, "a4b7fbda9179055ba005b83fe1d9d558c85e5f6afc2ce4071439ecdab864b98e"),
        (Password.LEGACY, "cc4436eff149ba9761aaac07b36360ea"),
    ],
)
def test_hashes_are_those_of_the_reference(kind: Password, wanted: str) -> None:
    salt = "00112233445566778899aabbccddeeff"
    assert hashed(kind, "example-password", bytes.fromhex(salt)) == wanted
    assert hash_of(kind.value, "example-password", salt) == wanted


@pytest.mark.parametrize("kind", list(Password))
class TestLogin:
    @pytest.fixture
    def config(self, kind: Password) -> CloudConfig:
        return CloudConfig(hash=kind)

    async def test_one_hash_is_right(self, client: Client, kind: Password) -> None:
        found = await client.inspect()
        assert (found["a"] is not None) == (kind is Password.ARGON2)
        assert found["t"] == 159
        for other in ("argon2", "dotted", "sha256"):
            if other != "argon2" or found["a"]:
                told = await client.login(other)
                assert (told["status"] == "0") == (other == kind.value), other
        body = {
            "user_name": client.config.username,
            "password": hash_of("", "example-password", ""),
        }
        told = await client.ask("/iam/pub/0/auth/login", body)
        assert (told["status"] == "0") == (kind is Password.LEGACY)


async def test_a_wrong_password_or_name_is_refused(client: Client) -> None:
    found = await client.inspect()
    body = {"u": client.config.username, "ch": "0" * 64, "n": found["n"]}
    told = await client.ask("/iam/pub/3/auth/login", body)
    assert (told["status"], told["message"]) == ("1", WRONG)


async def test_a_nonce_is_good_once_and_for_a_minute(client: Client, clock: FrozenClock) -> None:
    found = await client.inspect()
    right = hash_of("argon2", client.config.password, found["a"])
    body = {"u": client.config.username, "ch": right, "n": found["n"]}
    assert (await client.ask("/iam/pub/3/auth/login", body))["status"] == "0"
    assert (await client.ask("/iam/pub/3/auth/login", body))["message"] == WRONG
    body["n"] = (await client.inspect())["n"]
    clock.pass_s(61)
    assert (await client.ask("/iam/pub/3/auth/login", body))["message"] == WRONG


async def test_too_many_log_ins(client: Client, clock: FrozenClock) -> None:
    for _ in range(4):
        assert (await client.login())["status"] == "0"
    assert "limited" in (await client.login())["message"]
    clock.pass_s(61)
    assert (await client.login())["status"] == "0"
    assert client.cloud.logins.count == 6


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (HoymilesFault.REFUSED, WRONG),
        (HoymilesFault.LOCKED, "Account locked"),
        (HoymilesFault.LOGIN_LIMIT, "limited per day"),
        (HoymilesFault.VERSION_LOW, "version is low"),
    ],
)
async def test_refusals(client: Client, fault: HoymilesFault, words: str) -> None:
    await client.cloud.faults.set(fault, True)
    told = await client.login()
    assert told["status"] == "1"
    assert words in told["message"]


async def test_the_region(client: Client) -> None:
    path = "/iam/pub/0/c/region_c"
    told = await client.ask(path, {"email": client.config.username})
    assert told["data"] == {"login_url": client.url, "dc": 1}
    assert (await client.ask(path, {"email": "x"}))["data"] == {"login_url": "", "dc": -1}
    await client.cloud.faults.set(HoymilesFault.REGION, True)
    there = (await client.ask(path, {"email": client.config.username}))["data"]["login_url"]
    assert there != client.url
    status, _ = await client.raw("/iam/pub/3/auth/pre-insp", {"u": client.config.username})
    assert status == 307
    default, client.url = client.url, there
    assert (await client.login())["status"] == "0"
    client.url = default
    assert (await client.account(PLANTS, {"page": 1, "page_size": 10}))["status"] == "0"
    await client.cloud.faults.set(HoymilesFault.NO_REGION, True)
    told = await client.ask(path, {"email": client.config.username})
    assert told["data"] == {"login_url": "", "dc": -1}


async def test_a_bare_pre_inspection(client: Client) -> None:
    await client.cloud.faults.set(HoymilesFault.BARE, True)
    told = await client.ask("/iam/pub/3/auth/pre-insp", {"u": client.config.username})
    assert set(told) == {"n", "a", "v", "dc", "f", "t"}
    assert (await client.ask("/iam/pub/3/auth/pre-insp", {}))["status"] == "1"


async def test_tokens_end(client: Client, clock: FrozenClock) -> None:
    expired = {"status": "100", "message": "token verify error.", "data": ""}
    body = {"page_num": 1, "page_size": 10}
    assert await client.account(PLANTS, body) == expired
    await client.login()
    assert (await client.account(PLANTS, body))["status"] == "0"
    old = client.token
    await client.cloud.faults.set(HoymilesFault.TOKEN_EXPIRED, True)
    assert await client.account(PLANTS, body) == expired
    await client.login()
    assert client.token != old
    assert (await client.account(PLANTS, body))["status"] == "0"
    clock.pass_s(7200)
    assert await client.account(PLANTS, body) == expired
    await client.login()
    for fault in (HoymilesFault.TOKEN_REFUSED, HoymilesFault.REFUSED):
        await client.cloud.faults.set(fault, True)
        assert await client.account(PLANTS, body) == expired
        await client.cloud.faults.set(fault, False)


async def test_plants_come_in_pages(client: Client) -> None:
    await client.login()
    first = (await client.account(PLANTS, {"page": 1, "page_size": 2}))["data"]
    second = (await client.account(PLANTS, {"page": 2, "page_size": 2}))["data"]
    assert [one["id"] for one in first["list"] + second["list"]] == [HOUSE, NEIGHBOUR, EMPTY]
    assert first["total"] == 3
    assert (await client.account(PLANTS, {"page": 1}))["status"] == "2"


async def test_where_a_plant_stands(client: Client) -> None:
    await client.login()
    found = (await client.account(FIND, {"id": HOUSE}))["data"]
    assert found["timezone"] == {
        "name": "Europe/Brussels",
        "tz_name": "Europe/Brussels",
        "offset": 3_600_000,
    }
    assert found["local_time"] == "2026-06-17 12:07:00"
    assert (found["latitude"], found["longitude"]) == ("50.85", "4.35")
    assert found["warn_data"]["s_uoff"] is False
    assert await client.account(FIND, {"id": 5}) == {
        "status": "3",
        "message": "No Permission.",
        "data": "",
    }
    await client.cloud.faults.set(HoymilesFault.WRONG_ZONE, True)
    await client.cloud.faults.set(HoymilesFault.NULL_FLAGS, True)
    found = (await client.account(FIND, {"id": HOUSE}))["data"]
    assert found["timezone"]["name"] == "America/Menominee"
    assert found["local_time"] == "2026-06-17 12:07:00"
    assert found["warn_data"] is None


async def test_the_device_tree(client: Client) -> None:
    await client.login()
    (dtu,) = (await client.account(TREE, {"id": NEIGHBOUR}))["data"]
    assert dtu["type"] == 1
    micros = [(m["sn"], m["id"], m["extend_data"]["port_array"]) for m in dtu["children"]]
    assert micros == [
        ("10F899000201", 40_201, [3, 4]),
        ("161099000202", 40_202, [1, 2, 3, 4, 5, 6, 7, 8]),
    ]
    assert (await client.account(TREE, {"id": EMPTY}))["data"] == []
    await client.cloud.faults.set(HoymilesFault.NO_DEVICES, True)
    assert (await client.account(TREE, {"id": NEIGHBOUR}))["data"] == []


async def test_numbers_are_those_of_the_house(client: Client, house: House) -> None:
    await client.login()
    found = (await client.account(REAL, {"sid": HOUSE}))["data"]
    at = NOON.replace(minute=5)
    assert found["data_time"] == "2026-06-17 12:05:00"
    array = house.truth(at).arrays["hoymiles"]
    assert float(found["real_power"]) == pytest.approx(array.power_w, abs=0.1)
    assert float(found["total_eq"]) == pytest.approx(array.energy_kwh * 1000, abs=1)
    midnight = NOON.replace(day=16, hour=22, minute=0)
    today_wh = 1000 * (array.energy_kwh - house.truth(midnight).arrays["hoymiles"].energy_kwh)
    assert found["today_eq"].endswith(".0")
    assert float(found["today_eq"]) == pytest.approx(today_wh, abs=6)
    assert float(found["month_eq"]) >= float(found["today_eq"])


async def test_real_time_data_asked_too_often_is_null(client: Client, clock: FrozenClock) -> None:
    await client.login()
    assert (await client.account(REAL, {"sid": HOUSE}))["data"]
    clock.pass_s(19)
    assert await client.account(REAL, {"sid": HOUSE}) == {
        "status": "0",
        "message": "success",
        "data": None,
    }
    clock.pass_s(20)
    assert (await client.account(REAL, {"sid": HOUSE}))["data"]


async def test_the_night_has_no_power_and_keeps_its_energy(
    client: Client, clock: FrozenClock
) -> None:
    await client.login()
    day = (await client.account(REAL, {"sid": HOUSE}))["data"]
    clock.now = NOON.replace(hour=21, minute=30)
    await client.login()
    late = (await client.account(REAL, {"sid": HOUSE}))["data"]
    assert late["real_power"] == "0.0"
    assert "2026-06-17 21:3" < late["data_time"] < "2026-06-17 22:10"
    assert float(late["today_eq"]) > float(day["today_eq"])
    clock.now = NOON.replace(day=18, hour=0)
    await client.login()
    after = (await client.account(REAL, {"sid": HOUSE}))["data"]
    assert after["today_eq"] == "0.0"
    assert (after["total_eq"], after["data_time"]) == (late["total_eq"], late["data_time"])
    empty = (await client.account(REAL, {"sid": EMPTY}))["data"]
    assert empty["real_power"] is None
    assert empty["data_time"] is None


class TestHome:
    @pytest.fixture
    def config(self) -> CloudConfig:
        return replace(CloudConfig(), surface=Surface.HOME)

    async def test_home_accounts_have_their_own_paths(self, client: Client) -> None:
        assert "S-Miles Home" in (await client.login())["message"]
        assert (await client.login(**APP))["status"] == "0"
        told = await client.account(PLANTS, {"page": 1, "page_size": 1})
        assert told["status"] == "1"
        assert "S-Miles Home" in told["message"]
        body = {"page": 1, "page_size": 10}
        found = await client.account("/pvmc/api/0/station/select_by_page_c", body)
        assert [one["sid"] for one in found["data"]["list"]] == [HOUSE, NEIGHBOUR, EMPTY]
        about = await client.account("/pvmc/api/0/station/find_c", {"sid": HOUSE})
        assert "latitude" not in about["data"]
        (dtu,) = (await client.account("/pvmc/api/0/station/select_device_c", {"sid": HOUSE}))[
            "data"
        ]
        assert [one["sn"] for one in dtu["devices"]] == ["116099000101", "114099000102"]
        assert "model_no" not in dtu["devices"][0]
        path = "/pvmc/api/0/station_data/count_station_real_data_c"
        assert (await client.account(path, {"sid": HOUSE}))["data"]["real_power"]
