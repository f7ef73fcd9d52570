"""What the console understands, and how it refuses."""

from contextlib import suppress
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from simulator.homevolt import HomevoltFault
from simulator.homevolt.flags import CommandError, parse

from .tools import NIGHT, rig

pytestmark = pytest.mark.usefixtures("socket_enabled")

BRUSSELS = ZoneInfo("Europe/Brussels")


async def test_lists_count_from_zero_and_documents_do_not() -> None:
    async with rig(at=NIGHT) as one:
        await one.local()
        midnight = "2026-01-15T00:00:00"
        await one.done(f"sched_set 0 -o --to={midnight}")
        await one.done(f"sched_add 3 --setpoint=0 --from {midnight} --max_charge=700")
        assert (await one.console("sched_list")).splitlines() == [
            "ecu-hub-esp32>  sched_list",
            "Schedule get: 2 schedules. Current ID: 'Manual Schedule'",
            f"id: 0, type: Idle schedule, from: 2026-01-14T23:00:00, to: {midnight}, offline: true",
            (
                f"id: 1, type: Grid charge setpoint, from: {midnight}, to: <unset>, "
                "setpoint:0, max_charge: 700"
            ),
            "Command 'sched_list' executed successfully",
        ]
        found = (await one.get("schedule.json"))["schedule"]
        assert [entry["id"] for entry in found] == [1, 2]
        await one.done("sched_del 0")
        (entry,) = (await one.get("schedule.json"))["schedule"]
        assert entry == {
            "id": 1,
            "from": 1768431600,
            "type": 3,
            "params": {"setpoint": 0, "max_charge": 700},
        }
        await one.done("sched_clear")
        assert (await one.get("schedule.json"))["schedule"] == []


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("sched_set", "missing option <type>"),
        ("sched_set 0 1", "missing option <type>"),
        ("sched_set 77", "invalid argument"),
        ("sched_set charge", "invalid argument"),
        ("sched_set 1 -s many", "invalid argument"),
        ("sched_set 1 -s", "invalid argument"),
        ("sched_set 1 --to tomorrow", "invalid argument"),
        ("sched_set 1 --cond_type=1", "invalid option"),
        ("sched_set 1 -z 5", "invalid option"),
        ("sched_set 3", "Missing power setpoint"),
        ("sched_del", "missing option <id>"),
        ("sched_del 9", "No such schedule"),
        ("param_get nothing", "Param not found"),
        ("param_set nothing 1", "Param not found"),
        ("param_set settings_local maybe", "Invalid value"),
        ("param_set settings_local", "Invalid value"),
    ],
)
async def test_what_it_refuses(line: str, reason: str) -> None:
    async with rig() as one:
        await one.local()
        before = await one.get("schedule.json")
        lines = (await one.console(line)).splitlines()
        assert lines[0].endswith(line)
        assert reason in lines[1]
        assert lines[2] == f"Command '{line}' returned non-zero error code: 0x1 (ERROR)"
        assert await one.get("schedule.json") == before


async def test_what_it_does_not_know() -> None:
    async with rig() as one:
        for line in ("bogus", ""):
            assert (await one.console(line)).splitlines()[1] == "Unrecognized command"


async def test_parameters() -> None:
    async with rig(at=NIGHT) as one:
        assert "\nledstrip_bright_max 70\n" in await one.console("param_get ledstrip_bright_max")
        await one.done("param_set ledstrip_bright_max 30")
        await one.done("param_store")
        await one.done("param_set ledstrip_bright_max 40")
        assert "\nsettings_local false\n" in await one.console("param_get settings_local")
        assert "sched_set" in await one.console("help")
        assert "2026-01-14 23:00:00" in await one.console("time date")
        await one.done("reset")
        one.clock.pass_s(30)
        assert "\nledstrip_bright_max 30\n" in await one.console("param_get ledstrip_bright_max")


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"k": "settings_local", "v": "true", "store": "0"}, 200),
        ({"k": "ledstrip_mode", "v": "disco"}, 400),
        ({"k": "ledstrip_bright_max", "v": "101"}, 400),
        ({"k": "ledstrip_bright_max", "v": "loud"}, 400),
        ({"k": "nothing", "v": "1"}, 500),
        ({"k": "settings_local"}, 400),
    ],
)
async def test_parameters_by_form(form: dict[str, str], status: int) -> None:
    async with rig() as one:
        assert await one.status("POST", "params.json", data=form) == status


async def test_only_forms_are_understood() -> None:
    async with rig() as one:
        assert await one.status("POST", "console.json", json={"cmd": "help"}) == 400
        assert await one.status("POST", "params.json", json={"k": "a", "v": "b"}) == 400


@pytest.mark.parametrize(
    ("fault", "end"),
    [
        (HomevoltFault.REJECT, "returned non-zero error code: 0x1 (ERROR)"),
        (HomevoltFault.INVALID_OPTION, "returned non-zero error code: 0x1 (ERROR)"),
        (HomevoltFault.UNRECOGNIZED, "Unrecognized command"),
        (HomevoltFault.MUTE, ""),
    ],
)
async def test_switched_refusals(fault: HomevoltFault, end: str) -> None:
    async with rig() as one:
        await one.local()
        before = await one.get("schedule.json")
        await one.device.faults.set(fault, True)
        assert (await one.console("sched_set 0")).strip().endswith(end)
        assert await one.get("schedule.json") == before


async def test_switched_lies() -> None:
    async with rig() as one:
        await one.local()
        await one.device.faults.set(HomevoltFault.SETPOINT_OFF, True)
        await one.done("sched_set 1 -s 2000")
        (entry,) = (await one.get("schedule.json"))["schedule"]
        assert entry["params"] == {"setpoint": 1500}
        await one.device.faults.set(HomevoltFault.IDLED, True)
        await one.done("sched_set 1 -s 2000")
        (entry,) = (await one.get("schedule.json"))["schedule"]
        assert entry["type"] == 0


@given(st.lists(st.text(st.characters(exclude_categories=["Z", "C"]), min_size=1), max_size=4))
def test_any_words_are_understood_or_refused(words: list[str]) -> None:
    with suppress(CommandError):
        assert isinstance(parse(words, BRUSSELS).type, int)


@given(
    st.integers(0, 9),
    st.dictionaries(
        st.sampled_from(["setpoint", "max_charge", "import_limit", "min", "main_fuse"]),
        st.integers(-30_000, 30_000),
    ),
    st.booleans(),
)
def test_both_ways_to_write_an_option(kind: int, values: dict[str, int], equals: bool) -> None:
    words = [str(kind)]
    for name, value in values.items():
        words += [f"--{name}={value}"] if equals else [f"--{name}", str(value)]
    wanted = parse(words, BRUSSELS)
    assert (wanted.type, wanted.values) == (kind, values)
