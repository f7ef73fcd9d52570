"""Captured replies, served as they stand."""

import json
from pathlib import Path

from aiohttp import ClientSession, TCPConnector
from pyenphase import Envoy as Library
import pytest

from simulator.envoy import CapturedEnvoy, profiles

from .tools import DETAILS, READINGS, REPORT, rig

pytestmark = pytest.mark.usefixtures("socket_enabled")

SAMPLES = Path(__file__).parents[4] / "shared" / "samples" / "envoy"
PATHS = ("/info", "/ivp/meters", READINGS, REPORT, DETAILS, "/admin/lib/tariff")


async def _ask(captured: CapturedEnvoy) -> Library:
    host = f"127.0.0.1:{await captured.start()}"
    async with ClientSession(connector=TCPConnector(ssl=False)) as session:
        library = Library(host, session)
        await library.setup()
        if captured.legacy:
            await library.authenticate("envoy")
        else:
            await library.authenticate(token=captured.token)
        await library.update()
    await captured.stop()
    return library


@pytest.mark.parametrize("profile", [profiles.three_phase(), profiles.legacy()])
async def test_a_captured_gateway_says_what_the_real_one_said(
    tmp_path: Path, profile: profiles.Profile
) -> None:
    async with rig(profile) as one:
        await one.join()
        data = await one.update()
        for path in {*PATHS, *data.raw}:
            status, body = await one.get(path)
            file = tmp_path / path.removeprefix("/").replace("/", "_")
            file.write_bytes(body)
            log = file.with_name(f"{file.name}_log.json")
            log.write_text(json.dumps({"code": status, "headers": {}}))
    captured = CapturedEnvoy(tmp_path)
    assert captured.serial == one.envoy.config.serial
    library = await _ask(captured)
    assert library.data is not None
    assert library.data.system_production == data.system_production
    assert library.data.inverters == data.inverters
    assert library.data.ctmeters == data.ctmeters


async def test_it_has_a_token_and_no_more_than_its_files(tmp_path: Path) -> None:
    (tmp_path / "info").write_text("<software>D8.2.1</software><sn>999</sn>")
    (tmp_path / "home").write_text("{}")
    (tmp_path / "home_log.json").write_text('{"code": 503}')
    captured = CapturedEnvoy(tmp_path)
    url = f"https://127.0.0.1:{await captured.start()}"
    async with ClientSession(connector=TCPConnector(ssl=False)) as session:
        right = {"Authorization": f"Bearer {captured.token}"}
        for headers, expected in (({}, [401, 401]), (right, [503, 404])):
            found = []
            for path in ("/home", "/../../etc/passwd"):
                async with session.get(url + path, headers=headers) as reply:
                    found.append(reply.status)
            assert found == expected
    await captured.stop()


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the captured replies are not here")
@pytest.mark.parametrize("folder", sorted(SAMPLES.glob("*")), ids=lambda one: one.name)
async def test_samples(folder: Path) -> None:
    library = await _ask(CapturedEnvoy(folder))
    assert library.data is not None
    assert library.data.system_production is not None
    assert library.data.inverters


async def test_a_question_with_details_has_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "info").write_text("<software>R5.0.1</software><sn>999</sn>")
    (tmp_path / "production.json").write_text("short")
    (tmp_path / "production.json_details_1").write_text("long")
    captured = CapturedEnvoy(tmp_path)
    url = f"http://127.0.0.1:{await captured.start()}/production.json"
    async with ClientSession() as session:
        said = [
            await (await session.get(url + query)).text() for query in ("", "?details=1", "?a=2")
        ]
    await captured.stop()
    assert said == ["short", "long", "short"]
