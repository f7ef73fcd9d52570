"""The vendor library, unmodified, reads and steers the device."""

import homevolt
import pytest

from simulator.homevolt import HomevoltFault, Layout, profiles

from .tools import NIGHT, rig

pytestmark = pytest.mark.usefixtures("socket_enabled")

PROFILES = {
    "single": profiles.single(),
    "old": profiles.old(),
    "pair": profiles.pair(),
    "old pair": profiles.old_pair(),
}
GET_SCHEDULE = ("GET", "/schedule.json", "")


@pytest.mark.parametrize("name", PROFILES)
async def test_it_reads(name: str) -> None:
    profile = PROFILES[name]
    async with rig(profile) as one:
        library = await one.library()
        truth = one.house.truth(one.clock())
        assert [path for _, path, _ in one.asked] == ["/ems.json", "/schedule.json"]
    battery = truth.batteries["homevolt"]
    values = {key: sensor.value for key, sensor in library.sensors.items()}
    assert library.unique_id == ("168958574255361" if name == "old" else "99aabbccdd01")
    assert values["Power"] == battery.power_w
    assert values["State of Charge"] == pytest.approx(battery.soc_percent, abs=0.01)
    assert values["Energy exported"] == pytest.approx(battery.charged_kwh, abs=0.01)
    assert values["Energy imported"] == pytest.approx(battery.discharged_kwh, abs=0.01)
    assert values["Schedule Type"] == "grid_charge"
    assert not library.local_mode_enabled
    old = profile.device.layout is Layout.TYPE
    assert ("Power solar" in values) is old
    assert ("Power pulse_ct" in values) is not old


@pytest.mark.parametrize("name", PROFILES)
async def test_it_steers(name: str) -> None:
    async with rig(PROFILES[name], NIGHT) as one:
        library = await one.library()
        await library.enable_local_mode()
        await library.set_battery_mode("inverter_charge")
        await library.set_battery_parameters(setpoint=1500)
        one.clock.pass_s(30)
        units = [one.battery(ecu.battery).power_w for ecu in PROFILES[name].device.ecus]
        assert sum(units) == -1500
        assert len(set(units)) == 1
        await library.set_battery_mode("idle")
        assert one.watts(after_s=5) == 0
        await library.disable_local_mode()
        assert not (await one.get("schedule.json"))["local_mode"]


@pytest.mark.parametrize(
    ("mode", "line"),
    [
        ("idle", "sched_set 0"),
        ("inverter_charge", "sched_set 1 -s 0"),
        ("inverter_discharge", "sched_set 2 -s 0"),
        ("frequency_reserve", "sched_set 6"),
        ("solar_charge", "sched_set 7"),
    ],
)
async def test_its_requests(mode: str, line: str) -> None:
    async with rig() as one:
        library = await one.library()
        one.device.requests.clear()
        await library.enable_local_mode()
        await library.set_battery_mode(mode)
        await library.disable_local_mode()
        assert one.asked == [
            ("POST", "/params.json", "k=settings_local&v=true&store=0"),
            GET_SCHEDULE,
            ("POST", "/console.json", f"cmd={line}"),
            GET_SCHEDULE,
            ("POST", "/params.json", "k=settings_local&v=false&store=0"),
            GET_SCHEDULE,
        ]


async def test_limits_of_the_frequency_reserve() -> None:
    async with rig() as one:
        library = await one.library()
        await library.enable_local_mode()
        await library.set_battery_mode("frequency_reserve")
        await library.set_battery_parameters(grid_import_limit=4000, grid_export_limit=3000)
        assert library.schedule_grid_import_limit == 4000
        assert library.schedule_grid_export_limit == 3000


async def test_local_mode_comes_first() -> None:
    async with rig() as one:
        library = await one.library()
        with pytest.raises(homevolt.HomevoltDataError):
            await library.set_battery_mode("idle")
        one.device.requests.clear()
        await one.local()
        await library.fetch_schedule_data()
        await one.local(False)
        with pytest.raises(homevolt.HomevoltCommandVerificationError):
            await library.set_battery_mode("idle")


@pytest.mark.parametrize("password", [None, "wrong"])
async def test_a_wrong_password(password: str | None) -> None:
    async with rig(password="right") as one:
        with pytest.raises(homevolt.HomevoltAuthenticationError):
            await one.library(password)
        assert (await one.library("right")).unique_id == "99aabbccdd01"


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (HomevoltFault.REFUSE, homevolt.HomevoltConnectionError),
        (HomevoltFault.HANG, homevolt.HomevoltConnectionError),
        (HomevoltFault.UNAUTHORIZED, homevolt.HomevoltAuthenticationError),
        (HomevoltFault.FORBIDDEN, homevolt.HomevoltConnectionError),
        (HomevoltFault.NOT_FOUND, homevolt.HomevoltConnectionError),
        (HomevoltFault.TOO_MANY, homevolt.HomevoltConnectionError),
        (HomevoltFault.SERVER_ERROR, homevolt.HomevoltConnectionError),
        (HomevoltFault.STARTING, homevolt.HomevoltConnectionError),
        (HomevoltFault.HTML, homevolt.HomevoltDataError),
        (HomevoltFault.HALF, homevolt.HomevoltConnectionError),
        (HomevoltFault.MISSING, KeyError),
        (HomevoltFault.NULLS, TypeError),
        (HomevoltFault.WORDS, TypeError),
    ],
)
async def test_what_it_says_about_faults(fault: HomevoltFault, error: type[Exception]) -> None:
    async with rig() as one:
        await one.device.faults.set(fault, True)
        with pytest.raises(error):
            await one.library()
        await one.device.faults.set(fault, False)
        assert (await one.library()).unique_id == "99aabbccdd01"


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (HomevoltFault.REPLY_LOST, None),
        (HomevoltFault.REQUEST_LOST, homevolt.HomevoltCommandOutcomeUnknownError),
        (HomevoltFault.SERVER_ERROR, homevolt.HomevoltConnectionError),
        (HomevoltFault.REJECT, homevolt.HomevoltCommandVerificationError),
        (HomevoltFault.UNRECOGNIZED, homevolt.HomevoltCommandVerificationError),
        (HomevoltFault.INVALID_OPTION, homevolt.HomevoltCommandVerificationError),
        (HomevoltFault.MUTE, homevolt.HomevoltCommandVerificationError),
        (HomevoltFault.SETPOINT_OFF, homevolt.HomevoltCommandVerificationError),
    ],
)
async def test_what_it_says_about_commands(
    fault: HomevoltFault, error: type[Exception] | None
) -> None:
    async with rig() as one:
        library = await one.library()
        await library.enable_local_mode()
        await library.set_battery_mode("inverter_discharge")
        one.device.only = frozenset({"/console.json"})
        await one.device.faults.set(fault, True)
        command = library.set_battery_parameters(setpoint=1200)
        if error is None:
            await command
            assert one.watts(after_s=10) == 1200
        else:
            with pytest.raises(error):
                await command
            assert one.watts(after_s=10) in {0, 700}


async def test_what_it_says_about_a_type_that_is_not_taken() -> None:
    async with rig(idled=frozenset({7})) as one:
        library = await one.library()
        await library.enable_local_mode()
        with pytest.raises(homevolt.HomevoltCommandVerificationError):
            await library.set_battery_mode("solar_charge")
        assert library.schedule_mode == 0


async def test_what_it_says_about_a_local_mode_that_stays_off() -> None:
    async with rig() as one:
        library = await one.library()
        await one.device.faults.set(HomevoltFault.LOCAL_REFUSED, True)
        with pytest.raises(homevolt.HomevoltCommandVerificationError):
            await library.enable_local_mode()
