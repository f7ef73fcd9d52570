"""Plans make the world's battery work, in the ECU's own time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from aiohttp import ClientError
import pytest

from simulator.homevolt import Entry, HomevoltFault, Type, profiles
from simulator.world import House

from ..tools import joules
from .tools import NIGHT, NOON, rig

pytestmark = pytest.mark.usefixtures("socket_enabled")

MANUAL = "Manual Schedule"


def _alone() -> profiles.Profile:
    """Return a house with no other battery that also looks at the meter."""
    house, device = profiles.single()
    inverters = tuple(replace(one, batteries=()) for one in house.inverters)
    return profiles.Profile(
        replace(house, batteries=house.batteries[-1:], inverters=inverters), device
    )


ALONE = _alone()


async def test_the_partner_rules_at_first() -> None:
    async with rig(at=NIGHT) as one:
        found = await one.get("schedule.json")
        assert found["local_mode"] is False
        assert found["schedule_id"] != MANUAL
        types = [entry["type"] for entry in found["schedule"]]
        assert types[:3] == [4, 0, 1]
        ends = [entry["to"] for entry in found["schedule"]]
        assert [entry["from"] for entry in found["schedule"]][1:] == ends[:-1]
        assert one.watts(after_s=30) > 0
        one.clock.now = NIGHT + timedelta(hours=1, seconds=30)
        assert one.watts() == 0
        one.clock.now = NIGHT + timedelta(hours=3, seconds=30)
        assert one.watts() == -1500
        later = await one.get("schedule.json")
        assert later["schedule_id"] != found["schedule_id"]
        assert later["schedule"][0]["type"] == 1


async def test_the_world_goes_on_without_being_asked() -> None:
    """Nobody talks to the ECU for days, and its partner's plan runs all the same."""
    begin = NIGHT - timedelta(hours=1)
    house = House(profiles.single().house, begin, fine_from=NIGHT + timedelta(days=4))
    async with rig(at=NIGHT, house=house) as one:
        one.clock.now = NIGHT + timedelta(days=3, hours=3, minutes=5)
        assert one.watts() == -1500


@pytest.mark.parametrize(("kind", "sign"), [(1, -1), (2, 1)])
async def test_a_power_at_the_inverter(kind: int, sign: int) -> None:
    async with rig(at=NIGHT) as one:
        await one.local()
        before = one.battery()
        await one.done(f"sched_set {kind} -s 1800 --to=2026-01-14T23:10:00")
        assert one.watts(after_s=5) == sign * 1800
        one.clock.now = NIGHT + timedelta(minutes=10)
        after = one.battery()
        assert one.watts(after_s=1) == 0
        moved = {1: after.charged_kwh - before.charged_kwh}.get(
            kind, after.discharged_kwh - before.discharged_kwh
        )
        assert joules(moved) == 1800 * 600


async def test_without_a_set_point_it_does_what_it_can() -> None:
    async with rig(at=NIGHT) as one:
        await one.local()
        await one.done("sched_set 1")
        assert one.watts(after_s=5) == -6000
        await one.done("sched_set 2 -s 99999")
        assert one.watts(after_s=5) == 6000


async def test_a_later_entry_waits_for_its_time() -> None:
    async with rig(at=NIGHT) as one:
        await one.local()
        await one.done("sched_set 0")
        await one.done("sched_set 1 -s 1000 --to 2026-01-14T23:05:00")
        await one.done("sched_add 2 -s 700 --from 2026-01-14T23:06:00 --to 2026-01-14T23:08:00")
        watts = {}
        for minute in (1, 5, 6, 7, 8, 60):
            one.clock.now = NIGHT + timedelta(minutes=minute, seconds=1)
            watts[minute] = one.watts()
        assert watts == {1: -1000, 5: 0, 6: 700, 7: 700, 8: 0, 60: 0}


@pytest.mark.parametrize(
    ("line", "goal_w"),
    [
        ("3 -s 2000", 2000),
        ("4 -s 500", -500),
        ("5 -s -800", -800),
        ("5 -s 1500", 1500),
        ("5 -s 0", 0),
        ("8 -s 300", 300),
    ],
)
async def test_the_meter_meets_the_set_point(line: str, goal_w: int) -> None:
    async with rig(ALONE, NIGHT, idled=frozenset()) as one:
        await one.local()
        await one.done(f"sched_set {line}")
        one.clock.pass_s(120)
        assert one.house.truth(one.clock()).grid_w == pytest.approx(goal_w, abs=200)


async def test_a_type_goes_one_way_only() -> None:
    async with rig(ALONE, NOON) as one:
        await one.local()
        await one.done("sched_set 4 -s 0")
        assert one.watts(after_s=60) == 0
        await one.done("sched_set 3 -s 0 -c 900")
        assert one.watts(after_s=60) == -900
        await one.done("sched_set 7")
        assert one.watts(after_s=60) < -900
    async with rig(ALONE, NIGHT) as one:
        await one.local()
        await one.done("sched_set 3 -s 0")
        assert one.watts(after_s=60) == 0
        await one.done("sched_set 5 -s 0 -d 200")
        assert one.watts(after_s=60) == 200
        await one.done("sched_set 7")
        assert one.watts(after_s=60) == 0
        await one.done("sched_set 6 -l 4000")
        assert one.watts(after_s=60) == 0


async def test_limits_of_the_charge() -> None:
    async with rig(at=NIGHT) as one:
        await one.local()
        soc = one.battery().soc_percent
        await one.done(f"sched_set 1 -s 6000 --max {round(soc) + 2}")
        assert one.battery(after_s=3600).soc_percent == pytest.approx(round(soc) + 2, abs=0.1)
        assert one.watts() == 0
        await one.done(f"sched_set 2 -s 6000 --min {round(soc)}")
        assert one.battery(after_s=3600).soc_percent == pytest.approx(round(soc), abs=0.1)
        assert one.watts() == 0
        await one.done("sched_set 2 -s 6000 --min 0")
        assert one.battery(after_s=3 * 3600).soc_percent == pytest.approx(10, abs=0.1)


async def test_two_ecus_share() -> None:
    async with rig(profiles.pair(), NIGHT) as one:
        await one.local()
        await one.done("sched_set 2 -s 5000")
        one.clock.pass_s(5)
        assert [one.battery(name).power_w for name in ("homevolt", "homevolt2")] == [2500, 2500]


async def test_local_mode_and_the_partner() -> None:
    async with rig(at=NIGHT) as one:
        partner = (await one.get("schedule.json"))["schedule"]
        await one.local()
        one.clock.pass_s(3 * 3600)
        kept = await one.get("schedule.json")
        assert (kept["local_mode"], kept["schedule"]) == (True, partner)
        one.device.state.push(())
        assert (await one.get("schedule.json"))["schedule"] == partner
        await one.done("sched_set 2 -s 400")
        assert (await one.get("schedule.json"))["schedule_id"] == MANUAL
        await one.local(False)
        assert one.watts(after_s=60) == 400
        one.clock.pass_s(3600)
        after = await one.get("schedule.json")
        assert after["schedule_id"] != MANUAL
        one.device.state.push((Entry(Type.INVERTER_CHARGE, 0, params={"setpoint": 250}),))
        assert one.watts(after_s=5) == -250


async def test_commands_need_local_mode() -> None:
    async with rig() as one:
        assert "non-zero error code" in await one.console("sched_set 0")
        assert "non-zero error code" in await one.console("sched_clear")
    async with rig(lenient=True) as one:
        await one.done("sched_set 0")


@pytest.mark.parametrize("stored", [False, True])
async def test_a_boot(stored: bool) -> None:
    async with rig(at=NIGHT) as one:
        await one.done(f"param_set {'-c ' * stored}settings_local true")
        await one.done("sched_set 2 -s 300")
        await one.device.faults.set(HomevoltFault.REBOOT, True)
        with pytest.raises(ClientError):
            await one.get("schedule.json")
        assert one.watts(after_s=25) == 0
        found = await one.get("schedule.json")
        assert (found["local_mode"], found["schedule"]) == (stored, [])
        assert (await one.get("status.json"))["up_time"] == 25_000
        one.clock.pass_s(60)
        found = await one.get("schedule.json")
        assert bool(found["schedule"]) is not stored
        assert (one.watts() > 0) is not stored


@pytest.mark.parametrize(
    ("date", "hours"),
    [("2026-10-25", 9), ("2026-03-29", 7), ("2026-06-17", 8)],
)
async def test_its_clock_is_local(date: str, hours: int) -> None:
    """The night of a change of the clock is an hour longer or shorter."""
    begin = datetime.fromisoformat(date).replace(tzinfo=UTC) - timedelta(hours=6)
    async with rig(at=begin, house=House(profiles.single().house, begin)) as one:
        await one.local()
        evening = (begin + timedelta(hours=1)).date()
        await one.done(f"sched_set 1 -s 500 --from={evening}T23:00:00 --to={date}T07:00:00")
        (entry,) = (await one.get("schedule.json"))["schedule"]
        assert entry["to"] - entry["from"] == hours * 3600


async def test_another_zone_and_a_clock_that_is_ahead() -> None:
    async with rig(at=NIGHT) as one:
        await one.local()
        await one.device.faults.set(HomevoltFault.OTHER_ZONE, True)
        await one.done("sched_set 1 -s 500 --from 2026-01-14T23:00:00")
        (entry,) = (await one.get("schedule.json"))["schedule"]
        assert entry["from"] == (NIGHT + timedelta(hours=1)).timestamp()
        assert one.watts(after_s=5) == 0
        await one.device.faults.set(HomevoltFault.OTHER_ZONE, False)
        await one.device.faults.set(HomevoltFault.SKEW, True)
        assert one.watts(after_s=35 * 60) == -500
        assert (await one.get("ems.json"))["ts"] == one.clock().timestamp() + 1500


async def test_flat_documents() -> None:
    async with rig(flat=True) as one:
        found = await one.get("schedule.json")
    assert "schedule" not in found
    assert found["entries"][0]["setpoint"] == 0
    assert found["entries"][0]["to_ts"] > found["entries"][0]["from_ts"]
