"""Battery commands and limits change the world, and end by themselves."""

from datetime import timedelta

import pytest

from simulator.huawei import profiles

from ..tools import joules
from .tools import NIGHT, NOON, Client, Rig, rig

pytestmark = pytest.mark.usefixtures("socket_enabled")


async def _force(client: Client, kind: int, power_w: int, minutes: int) -> None:
    await client.write_number(47247 if kind == 1 else 47249, "I", power_w)
    await client.write(47083, minutes)
    await client.write(47246, 0)
    await client.write(47100, kind)


def _luna_w(one: Rig) -> int:
    return one.house.truth(one.clock()).batteries["luna"].power_w


@pytest.mark.parametrize(("kind", "sign"), [(1, 1), (2, -1)])
async def test_a_forcible_command_runs_and_ends_by_itself(kind: int, sign: int) -> None:
    async with rig(at=NIGHT) as one:
        before = one.house.truth(one.clock()).batteries["luna"]
        await _force(one.client, kind, 1500, 10)
        one.clock.pass_s(30)
        assert _luna_w(one) == -sign * 1500
        assert await one.client.number(37765, "i") == sign * 1500
        assert await one.client.number(47084, "i") == sign * 1500
        assert await one.client.read(47100) == [kind]
        assert await one.client.read(37006) == [1]
        assert await one.client.read(37025) == [9]
        one.clock.pass_s(9 * 60 + 29)
        assert await one.client.number(37765, "i") == sign * 1500
        one.clock.pass_s(1)
        after = one.house.truth(one.clock()).batteries["luna"]
        moved = after.charged_kwh - before.charged_kwh, after.discharged_kwh - before.discharged_kwh
        assert joules(moved[kind - 1]) == 1500 * 600
        assert await one.client.read(47100) == [0]
        assert await one.client.number(47084, "i") == 0
        assert await one.client.read(37006) == [4]
        assert await one.client.read(37025) == [0xFFFF]
        one.clock.pass_s(60)
        assert 0 < _luna_w(one) < 1500


async def test_a_command_reads_back_within_the_second_of_its_start() -> None:
    async with rig(at=NIGHT) as one:
        one.clock.pass_s(0.4)
        await _force(one.client, 1, 2000, 60)
        assert await one.client.read(47100) == [1]
        assert await one.client.read(37006) == [1]
        await one.client.write(47100, 0)
        assert await one.client.read(37006) == [4]


async def test_a_command_can_be_stopped() -> None:
    async with rig(at=NIGHT) as one:
        await _force(one.client, 1, 2000, 60)
        one.clock.pass_s(20)
        assert _luna_w(one) == -2000
        await one.client.write(47100, 0)
        one.clock.pass_s(20)
        assert _luna_w(one) > 0
        assert await one.client.read(37006) == [4]


async def test_a_command_to_a_state_of_charge() -> None:
    async with rig(at=NIGHT) as one:
        soc = one.house.truth(NIGHT).batteries["luna"].soc_percent
        await one.client.write_number(47247, "I", 2500)
        await one.client.write(47101, round(10 * soc) + 20)
        await one.client.write(47246, 1)
        await one.client.write(47100, 1)
        one.clock.pass_s(60)
        assert _luna_w(one) == -2500
        assert await one.client.read(37025) == [0xFFFF]
        highest = soc
        while await one.client.read(47100) == [1]:
            highest = one.house.truth(one.clock()).batteries["luna"].soc_percent
            one.clock.pass_s(10)
        assert highest == pytest.approx(soc + 2, abs=0.2)
        one.clock.pass_s(30)
        assert _luna_w(one) > 0


async def test_a_hold_is_a_discharge_of_nothing() -> None:
    async with rig(at=NIGHT) as one:
        await _force(one.client, 2, 0, 1440)
        for _ in range(5):
            one.clock.pass_s(600)
            assert _luna_w(one) == 0
        assert await one.client.read(47100) == [2]


async def test_without_a_period_nothing_happens() -> None:
    async with rig(at=NIGHT) as one:
        await _force(one.client, 1, 2000, 0)
        one.clock.pass_s(20)
        assert _luna_w(one) > 0
        assert await one.client.read(47100) == [0]


async def test_charging_at_night_needs_the_grid() -> None:
    async with rig(at=NIGHT) as one:
        await one.client.write(47087, 0)
        await _force(one.client, 1, 2000, 30)
        one.clock.pass_s(20)
        assert _luna_w(one) == 0
        await one.client.write(47087, 1)
        await one.client.write_number(47242, "I", 600)
        one.clock.pass_s(20)
        assert _luna_w(one) == -600


async def test_limits_hold() -> None:
    async with rig(at=NIGHT) as one:
        await one.client.write_number(47075, "I", 700)
        await one.client.write_number(47077, "I", 100)
        await _force(one.client, 2, 2500, 30)
        one.clock.pass_s(60)
        assert _luna_w(one) == 100
        await _force(one.client, 1, 2500, 30)
        one.clock.pass_s(60)
        assert _luna_w(one) == -700


async def test_the_window_of_the_charge_holds() -> None:
    async with rig(at=NIGHT) as one:
        await one.client.write(47081, 900)
        await one.client.write(47082, 200)
        await _force(one.client, 1, 2500, 600)
        one.clock.pass_s(2 * 3600)
        assert await one.client.read(37760) == [900]
        await _force(one.client, 2, 2500, 600)
        one.clock.pass_s(3 * 3600)
        assert await one.client.read(37760) == [200]


@pytest.mark.parametrize(
    ("mode", "running", "least_w", "most_w"),
    [(0, 4, 1, 2500), (1, 3, 0, 0), (2, 4, 1, 2500), (4, 5, 2500, 2500), (5, 6, 0, 0)],
)
async def test_working_modes(mode: int, running: int, least_w: int, most_w: int) -> None:
    async with rig(at=NIGHT) as one:
        await one.client.write(47086, mode)
        one.clock.pass_s(60)
        assert least_w <= _luna_w(one) <= most_w
        assert await one.client.read(37006) == [running]
        assert await one.client.read(47086) == [mode]
        await _force(one.client, 2, 300, 5)
        one.clock.pass_s(10)
        assert _luna_w(one) == 300
        one.clock.pass_s(360)
        assert least_w <= _luna_w(one) <= most_w


async def test_two_units_share_a_command() -> None:
    async with rig(profiles.twin(), NIGHT) as one:
        await _force(one.client, 1, 3000, 10)
        one.clock.pass_s(5)
        bank = one.house.truth(one.clock()).batteries
        assert (bank["luna"].power_w, bank["luna2"].power_w) == (-1000, -2000)
        assert await one.client.number(37765, "i") == 3000
        assert await one.client.number(37743, "i") == 2000


async def _grid_w(one: Rig, export_mode: int) -> list[int]:
    await one.client.write(47415, export_mode)
    start = one.clock()
    one.clock.pass_s(120)
    return [one.house.truth(start + timedelta(seconds=second)).grid_w for second in range(120)]


async def test_the_export_limit() -> None:
    async with rig(profiles.metered(), NOON) as one:
        assert min(await _grid_w(one, 0)) < -1200
        assert min(await _grid_w(one, 5)) == 0
        await one.client.write_number(47416, "i", 700)
        assert min(await _grid_w(one, 6)) == -700
        await one.client.write(47418, 200)
        assert min(await _grid_w(one, 7)) == -1000
        assert min(await _grid_w(one, 0)) < -1200


async def test_without_a_meter_it_cannot_limit_the_export() -> None:
    async with rig(profiles.single_phase(), NOON) as one:
        assert min(await _grid_w(one, 5)) < -1200


async def test_derating() -> None:
    async with rig(profiles.metered(), NOON) as one:
        await one.client.write_number(40126, "I", 1300)
        one.clock.pass_s(5)
        assert await one.client.number(32080, "i") == 1300
        assert await one.client.read(32089) == [0x0201]
        assert await one.client.read(32000) == [0b1010]
        assert one.house.truth(one.clock()).solar_w == 1300
        await one.client.write(40125, 100)
        one.clock.pass_s(5)
        assert await one.client.number(32080, "i") == 550
        await one.client.write(40125, 1000)
        await one.client.write_number(40126, "I", 5500)
        one.clock.pass_s(5)
        assert await one.client.number(32080, "i") > 3000
        assert await one.client.read(32089) == [0x0200]


async def test_stop_and_start() -> None:
    async with rig(profiles.metered(), NOON) as one:
        await one.client.write(40201, 0)
        one.clock.pass_s(5)
        assert one.house.truth(one.clock()).solar_w == 0
        assert await one.client.read(32089) == [0x0301]
        await one.client.write(40200, 0)
        one.clock.pass_s(5)
        assert one.house.truth(one.clock()).solar_w > 3000
        assert await one.client.read(32089) == [0x0200]
