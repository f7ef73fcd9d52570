"""Who may read what, and where tokens come from."""

from datetime import timedelta

from pyenphase.auth import EnvoyTokenAuth
from pyenphase.exceptions import EnvoyAuthenticationError, EnvoyAuthenticationRequired
import pytest

from simulator.envoy import EnvoyFault, profiles

from .tools import READINGS, lead_to_cloud, rig

pytestmark = pytest.mark.usefixtures("socket_enabled")

USER, PASSWORD = "owner@example.com", "sunny-day"


async def test_everything_but_its_name_wants_a_token() -> None:
    async with rig() as one:
        url = f"https://{one.host}"
        for path in ("/info", "/home"):
            async with one.session.get(url + path) as reply:
                assert reply.status == 200
        for path in ("/auth/check_jwt", READINGS, "/production.json", "/nothing"):
            async with one.session.get(url + path) as reply:
                assert reply.status == 401
        assert (await one.get("/nothing"))[0] == 404
        assert (await one.get("/auth/check_jwt"))[0] == 200


@pytest.mark.parametrize("token", ["", "opaque", "a.b", "a.b.c", "ä.ö.ü"])
async def test_a_token_that_the_cloud_did_not_sign(token: str) -> None:
    async with rig() as one:
        headers = {"Authorization": f"Bearer {token}"}
        async with one.session.get(f"https://{one.host}{READINGS}", headers=headers) as reply:
            assert reply.status == 401


async def test_a_token_of_another_gateway() -> None:
    async with rig() as one, rig(serial="999000000002") as other:
        assert (await one.get(READINGS, other.envoy.cloud.token()))[0] == 401


async def test_a_token_ends() -> None:
    async with rig() as one:
        one.envoy.cloud.lasts = timedelta(hours=12)
        token = one.envoy.cloud.token()
        one.pass_time(hours=11, minutes=59)
        assert (await one.get(READINGS, token))[0] == 200
        one.pass_time(minutes=1)
        assert (await one.get(READINGS, token))[0] == 401


async def test_an_account_gets_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig() as one:
        await lead_to_cloud(one.envoy, monkeypatch)
        await one.library.setup()
        await one.library.authenticate(USER, PASSWORD)
        auth = one.library.auth
        assert isinstance(auth, EnvoyTokenAuth)
        assert auth.token_type == "owner"
        assert auth.is_consumer
        issued = one.clock.now
        assert auth.expire_timestamp == int((issued + timedelta(days=365)).timestamp())
        assert (await one.update()).system_production is not None
        await auth.refresh()
        assert list(one.envoy.cloud.requests) == ["/login/login.json", "/tokens"] * 2


async def test_a_token_alone_needs_no_cloud() -> None:
    async with rig() as one:
        await one.join()
        assert not one.envoy.cloud.requests


@pytest.mark.parametrize(
    ("fault", "password", "complaint"),
    [
        (None, "wrong", "401"),
        (EnvoyFault.CLOUD_REFUSES, PASSWORD, "401"),
        (EnvoyFault.CLOUD_MFA, PASSWORD, "Multi Factor"),
        (EnvoyFault.CLOUD_BUSY, PASSWORD, "503"),
    ],
)
async def test_the_cloud_refuses(
    monkeypatch: pytest.MonkeyPatch, fault: EnvoyFault | None, password: str, complaint: str
) -> None:
    async with rig() as one:
        await lead_to_cloud(one.envoy, monkeypatch)
        await one.library.setup()
        if fault:
            await one.envoy.faults.set(fault, True)
        with pytest.raises(EnvoyAuthenticationError) as refused:
            await one.library.authenticate(USER, password)
        assert complaint in refused.value.status
        await one.envoy.faults.clear()
        await one.library.authenticate(USER, PASSWORD)


async def test_the_cloud_is_for_the_owner_of_this_gateway(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig() as one, rig(serial="999000000002") as other:
        await lead_to_cloud(other.envoy, monkeypatch)
        await one.library.setup()
        with pytest.raises(EnvoyAuthenticationError) as refused:
            await one.library.authenticate(USER, PASSWORD)
        assert "403" in refused.value.status


async def test_the_token_service_wants_a_session(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig() as one:
        url = await lead_to_cloud(one.envoy, monkeypatch)
        wish = {"session_id": "none", "serial_num": one.envoy.config.serial}
        async with one.session.post(f"{url}/tokens", json=wish) as reply:
            assert reply.status == 401
        async with one.session.post(f"{url}/tokens", data=b"no json") as reply:
            assert reply.status == 400
        async with one.session.get(f"{url}/tokens") as reply:
            assert reply.status == 404


async def test_the_cloud_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig() as one:
        url = await lead_to_cloud(one.envoy, monkeypatch)
        await one.envoy.faults.set(EnvoyFault.CLOUD_DOWN, True)
        with pytest.raises(OSError, match="Cannot connect"):
            await one.session.get(url)
        await one.envoy.faults.clear()
        async with one.session.get(url) as reply:
            assert reply.status == 404


async def test_an_old_gateway_wants_a_digest() -> None:
    async with rig(profiles.legacy()) as one:
        async with one.session.get(f"http://{one.host}/api/v1/production") as reply:
            assert reply.status == 401
        assert (await one.get("/api/v1/production"))[0] == 200
        await one.library.setup()
        await one.library.authenticate("envoy")
        assert (await one.update()).system_production is not None
        await one.library.authenticate("envoy", "wrong")
        with pytest.raises(EnvoyAuthenticationRequired):
            await one.update()
        await one.library.authenticate("nobody", "wrong")
        with pytest.raises(EnvoyAuthenticationRequired):
            await one.update()
