"""The vendor library, unmodified, reads the gateway as it reads real ones."""

from pyenphase.const import SupportedFeatures as Has
import pytest

from simulator.envoy import profiles
from simulator.envoy.profiles import Profile

from .tools import DETAILS, LISTED, READINGS, REPORT, rig

pytestmark = pytest.mark.usefixtures("socket_enabled")

TARIFF = "/admin/lib/tariff"
METERED = Has.METERING | Has.PRODUCTION | Has.TOTAL_CONSUMPTION | Has.NET_CONSUMPTION
DETAILED = Has.INVERTERS | Has.DETAILED_INVERTERS | Has.TARIFF
ALL_METERED = METERED | DETAILED | Has.CTMETERS | Has.THREEPHASE
METERED_PATHS = ["/ivp/meters", READINGS, REPORT, DETAILS]
BATTERY_PATHS = [
    "/ivp/ensemble/inventory",
    "/ivp/ensemble/secctrl",
    "/ivp/ensemble/power",
    "/ivp/ensemble/dry_contacts",
    "/ivp/ss/dry_contact_settings",
]
FOUND = {
    "standard": (Has.PRODUCTION | Has.INVERTERS | Has.TARIFF, ["/api/v1/production", LISTED]),
    "broken_standard": (Has.PRODUCTION | DETAILED, [REPORT, DETAILS]),
    "legacy": (Has.PRODUCTION | Has.INVERTERS | Has.TARIFF, ["/api/v1/production", LISTED]),
    "single_phase": (METERED | DETAILED | Has.CTMETERS, METERED_PATHS),
    "three_phase": (ALL_METERED, METERED_PATHS),
    "total": (ALL_METERED, METERED_PATHS),
    "battery": (ALL_METERED | Has.ENCHARGE | Has.ENPOWER, [*METERED_PATHS, *BATTERY_PATHS]),
    "battery_without_meter": (
        ALL_METERED | Has.ENCHARGE | Has.ENPOWER,
        [*METERED_PATHS, *BATTERY_PATHS],
    ),
    "mixed": (ALL_METERED, METERED_PATHS),
}


@pytest.mark.parametrize("name", FOUND)
async def test_what_the_library_finds_and_asks(name: str) -> None:
    features, paths = FOUND[name]
    profile: Profile = getattr(profiles, name)()
    async with rig(profile) as one:
        await one.join()
        await one.update()
        assert one.library.supported_features == features
        assert one.library.serial_number == one.envoy.config.serial
        assert str(one.library.firmware) == one.envoy.config.firmware[1:]
        one.envoy.requests.clear()
        await one.update()
        assert one.paths == [*paths, TARIFF]
        assert one.envoy.crowd == 1


async def test_one_connection_is_kept() -> None:
    async with rig() as one:
        await one.join()
        for _ in range(5):
            await one.update()
        assert one.envoy.connections == 1


async def test_too_many_inverters_for_the_details() -> None:
    async with rig(profiles.crowd(60)) as one:
        await one.join()
        data = await one.update()
        assert Has.DETAILED_INVERTERS not in one.library.supported_features
        assert len(data.inverters) == 60
        details = await one.json(DETAILS)
        assert details["deviceCount"] == details["deviceDataLimit"] == 50


async def test_what_it_is() -> None:
    async with rig() as one:
        await one.join()
        home = await one.library.interface_settings()
        assert home is not None
        assert home.timezone == "Europe/Brussels"
        assert home.mac.startswith("00:1D:C0")
        assert one.library.part_number == "800-00654-r08"
        assert one.library.is_metered


async def test_only_json_of_the_maker_says_so() -> None:
    async with rig() as one:
        token = {"Authorization": f"Bearer {one.envoy.cloud.token()}"}
        url = f"https://{one.host}"
        async with one.session.get(f"{url}{READINGS}", headers=token) as reply:
            assert not reply.headers.get("Content-Type")
        async with one.session.get(f"{url}/api/v1/production", headers=token) as reply:
            assert reply.content_type == "application/json"
        async with one.session.get(f"{url}/info") as reply:
            assert reply.content_type == "text/xml"
