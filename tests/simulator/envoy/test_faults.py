"""Each fault on the wire, switched on and off while it runs."""

import asyncio
from datetime import UTC, datetime
import ssl

from aiohttp import ClientConnectionError, ClientConnectorError, Fingerprint, TCPConnector
from aiohttp.client import ClientSession
from pyenphase.exceptions import (
    EnvoyAuthenticationRequired,
    EnvoyCommunicationError,
    EnvoyHTTPStatusError,
)
import pytest

from simulator.envoy import CHOSEN, SLOW_S, EnvoyFault, profiles
from simulator.envoy.config import Ct
from simulator.envoy.profiles import Profile

from .tools import DETAILS, LISTED, NOON, READINGS, REPORT, Rig, rig

pytestmark = pytest.mark.usefixtures("socket_enabled")

WRAP_WH = 2**32 / 3600


async def _works(one: Rig) -> bool:
    return (await one.update()).system_production is not None


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (EnvoyFault.BUSY, 503),
        (EnvoyFault.MISSING, 404),
        (EnvoyFault.FORBIDDEN, 403),
    ],
)
async def test_a_status_on_chosen_paths(fault: EnvoyFault, status: int) -> None:
    async with rig() as one:
        one.envoy.paths[fault] = {READINGS, "/production.json"}
        await one.envoy.faults.set(fault, True)
        assert (await one.get(READINGS))[0] == (await one.get(REPORT))[0] == status
        assert (await one.get(LISTED))[0] == 200
        one.envoy.paths[fault] = ()
        assert (await one.get(LISTED))[0] == (await one.get("/auth/check_jwt"))[0] == status
        await one.envoy.faults.clear()
        assert (await one.get(READINGS))[0] == 200


async def test_busy_costs_the_library_a_whole_pass() -> None:
    async with rig() as one:
        await one.join()
        assert await _works(one)
        one.envoy.paths[EnvoyFault.BUSY] = {DETAILS}
        await one.envoy.faults.set(EnvoyFault.BUSY, True)
        with pytest.raises(EnvoyHTTPStatusError):
            await one.update()
        await one.envoy.faults.clear()
        assert await _works(one)


async def test_refused_although_the_token_is_good() -> None:
    async with rig() as one:
        await one.join()
        await one.envoy.faults.set(EnvoyFault.UNAUTHORIZED, True)
        with pytest.raises(EnvoyAuthenticationRequired):
            await one.update()
        assert (await one.get("/auth/check_jwt"))[0] == 401
        await one.envoy.faults.clear()
        assert await _works(one)


async def test_expired_tokens_are_refused_and_later_ones_are_not() -> None:
    async with rig() as one:
        token = one.envoy.cloud.token()
        await one.envoy.faults.set(EnvoyFault.TOKEN_EXPIRED, True)
        assert (await one.get(READINGS, token))[0] == 401
        one.pass_time(seconds=1)
        assert (await one.get(READINGS, token))[0] == 401
        assert (await one.get(READINGS))[0] == 200
        await one.envoy.faults.clear()
        assert (await one.get(READINGS, token))[0] == 200


async def test_a_slow_reply_takes_twenty_seconds_and_holds_up_the_next() -> None:
    async with rig() as one:
        one.envoy.paths[EnvoyFault.SLOW] = {READINGS}
        await one.envoy.faults.set(EnvoyFault.SLOW, True)
        clock = asyncio.get_running_loop().time
        began = clock()
        slow = asyncio.create_task(one.get(READINGS))
        await one.envoy.wait_for_requests(1)
        assert (await one.get(LISTED))[0] == 200
        assert clock() - began == pytest.approx(SLOW_S, abs=1)
        assert (await slow)[0] == 200
        assert one.envoy.crowd == 2


async def test_not_json() -> None:
    async with rig() as one:
        await one.join()
        assert await _works(one)
        await one.envoy.faults.set(EnvoyFault.NOT_JSON, True)
        with pytest.raises(ValueError, match="unexpected character"):
            await one.update()
        await one.envoy.faults.clear()
        assert await _works(one)


async def test_the_connection_ends_instead_of_a_reply() -> None:
    async with rig() as one:
        await one.join()
        assert await _works(one)
        await one.envoy.faults.set(EnvoyFault.DROP, True)
        with pytest.raises(EnvoyCommunicationError):
            await one.update()
        await one.envoy.faults.clear()
        assert await _works(one)


async def test_the_port_is_closed() -> None:
    async with rig() as one:
        await one.join()
        await one.envoy.faults.set(EnvoyFault.REFUSE, True)
        with pytest.raises(ClientConnectorError):
            await one.get(READINGS)
        await one.envoy.faults.clear()
        assert await _works(one)


async def test_a_reboot_brings_new_firmware() -> None:
    async with rig() as one:
        await one.join()
        await one.envoy.faults.set(EnvoyFault.REBOOT, True)
        with pytest.raises(ClientConnectorError):
            await one.get(READINGS)
        await one.envoy.faults.set(EnvoyFault.REBOOT, False)
        await one.library.setup()
        assert str(one.library.firmware) == "8.3.5528"
        assert await _works(one)


async def _certificate(one: Rig) -> bytes:
    host, _, port = one.host.partition(":")
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    _reader, writer = await asyncio.open_connection(host, int(port), ssl=context)
    found: bytes = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    writer.close()
    await writer.wait_closed()
    return found


async def test_another_certificate() -> None:
    async with rig() as one:
        first = await _certificate(one)
        assert first == await _certificate(one)
        await one.envoy.faults.set(EnvoyFault.CERTIFICATE, True)
        assert await _certificate(one) != first
        await one.envoy.faults.set(EnvoyFault.CERTIFICATE, False)
        assert await _certificate(one) == first


async def test_a_certificate_can_be_pinned() -> None:
    async with rig() as one:
        connector = TCPConnector(ssl=Fingerprint(b"\0" * 32))
        async with ClientSession(connector=connector) as session:
            with pytest.raises(ClientConnectionError):
                await session.get(f"https://{one.host}/info")


async def test_two_gateways_have_two_certificates() -> None:
    async with rig() as one, rig() as other:
        assert await _certificate(one) != await _certificate(other)


async def _lifetime(one: Rig) -> int:
    made = (await one.update()).system_production
    assert made is not None
    return made.watt_hours_lifetime


@pytest.mark.parametrize("profile", [profiles.standard(), profiles.broken_standard()])
async def test_the_lifetime_wraps(profile: Profile) -> None:
    async with rig(profile) as one:
        await one.join()
        before = await _lifetime(one)
        await one.envoy.faults.set(EnvoyFault.LIFETIME_WRAP, True)
        lost = (before - await _lifetime(one)) / WRAP_WH
        assert lost >= 1
        assert lost == pytest.approx(round(lost), abs=1e-5)
        await one.envoy.faults.clear()
        assert await _lifetime(one) == before


@pytest.mark.parametrize("profile", [profiles.standard(), profiles.three_phase()])
async def test_zeros_and_halves(profile: Profile) -> None:
    async with rig(profile) as one:
        await one.join()
        before = await _lifetime(one)
        await one.envoy.faults.set(EnvoyFault.LIFETIME_ZERO, True)
        assert await _lifetime(one) == 0
        await one.envoy.faults.clear()
        if Ct.PRODUCTION in one.envoy.config.cts:
            await one.envoy.faults.set(EnvoyFault.LIFETIME_HALF, True)
            data = await one.update()
            meter = data.ctmeters["production"]
            assert meter is not None
            assert meter.energy_delivered == pytest.approx(before / 2, abs=1)
            await one.envoy.faults.clear()
        assert await _lifetime(one) == before


@pytest.mark.parametrize("profile", [profiles.standard(), profiles.three_phase()])
async def test_the_day_does_not_end(profile: Profile) -> None:
    evening = datetime(2026, 6, 21, 21, 50, tzinfo=UTC)
    async with rig(profile, evening) as one:
        await one.join()
        await one.envoy.faults.set(EnvoyFault.TODAY_STUCK, True)
        before = (await one.update()).system_production
        one.pass_time(minutes=20)
        after = (await one.update()).system_production
        assert before is not None
        assert after is not None
        assert after.watt_hours_today >= before.watt_hours_today > 10_000
        await one.envoy.faults.clear()
        after = (await one.update()).system_production
        assert after is not None
        assert after.watt_hours_today < 100


async def test_inverters_are_hours_old() -> None:
    async with rig() as one:
        await one.join()
        before = (await one.update()).inverters
        await one.envoy.faults.set(EnvoyFault.INVERTERS_OLD, True)
        for inverter in (await one.update()).inverters.values():
            assert 5 * 3600 <= NOON.timestamp() - inverter.last_report_date < 5 * 3600 + 900
        assert NOON.timestamp() - (await one.json(LISTED))[0]["lastReportDate"] >= 5 * 3600
        await one.envoy.faults.clear()
        assert (await one.update()).inverters == before


async def test_inverters_are_gone() -> None:
    async with rig() as one:
        await one.join()
        assert (await one.update()).inverters
        await one.envoy.faults.set(EnvoyFault.INVERTERS_GONE, True)
        assert (await one.update()).inverters == {}
        assert await one.json(LISTED) == []
        await one.envoy.faults.clear()
        assert (await one.update()).inverters


async def test_the_meter_is_inactive() -> None:
    async with rig() as one:
        await one.join()
        assert await _works(one)
        await one.envoy.faults.set(EnvoyFault.METER_INACTIVE, True)
        assert not await _works(one)
        await one.envoy.faults.clear()
        assert await _works(one)


async def test_all_faults_at_once_break_nothing() -> None:
    async with rig() as one:
        await one.join()
        for fault in EnvoyFault:
            await one.envoy.faults.set(fault, True)
        one.pass_time(hours=2)
        await one.envoy.faults.clear()
        await one.library.setup()
        assert await _works(one)


def test_chosen_paths_are_for_some_faults_only() -> None:
    assert EnvoyFault.REFUSE not in CHOSEN
    assert EnvoyFault.BUSY in CHOSEN
