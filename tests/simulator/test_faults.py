"""Each fault of what the meter says does what its name says, and goes away again."""

from collections.abc import AsyncIterator

import pytest

from simulator.faults import Faults
from simulator.p1 import P1Fault, P1Meter, crc16, telegrams
from simulator.p1.faults import NEW_GAS_SERIAL, NEW_SERIAL, OLD_GAS_SERIAL
from simulator.p1.telegram import hexed

from .tools import FrozenClock, Wire, connect, lines

pytestmark = pytest.mark.usefixtures("socket_enabled")

CONTENT = [
    P1Fault.HIGH_BYTES,
    P1Fault.WRONG_TYPES,
    P1Fault.MISSING_OBJECTS,
    P1Fault.UNKNOWN_OBJECTS,
    P1Fault.HISTORY_MISMATCH,
    P1Fault.HISTORY_EMPTY,
    P1Fault.CLOCK_JUMP,
    P1Fault.CLOCK_UNSET,
    P1Fault.REGISTER_FALLS,
    P1Fault.REGISTER_JUMPS,
    P1Fault.METER_REPLACED,
    P1Fault.GAS_REPLACED,
    P1Fault.GAS_UNREAD,
    P1Fault.SECOND_GAS,
    P1Fault.LOWER_CRC,
]


@pytest.fixture
async def wire(meter: P1Meter) -> AsyncIterator[Wire]:
    """Return the client of the meter."""
    wire = await connect(meter)
    yield wire
    await wire.close()


async def _with(meter: P1Meter, wire: Wire, fault: P1Fault) -> bytes:
    await meter.faults.set(fault, True)
    await meter.push()
    return await wire.telegram()


async def _objects(meter: P1Meter, wire: Wire, fault: P1Fault) -> dict[str, str]:
    return lines(await _with(meter, wire, fault))


def _kwh(objects: dict[str, str], code: str = "1-0:1.8.1") -> float:
    return float(objects[code].strip("()").split("*")[0])


@pytest.mark.parametrize("fault", CONTENT)
async def test_odd_contents_have_a_good_crc_and_go_away(
    meter: P1Meter, wire: Wire, clock: FrozenClock, fault: P1Fault
) -> None:
    odd = await _with(meter, wire, fault)
    assert odd != meter.telegram(clock())
    assert list(telegrams(odd)) == [odd]
    await meter.faults.set(fault, False)
    await meter.push()
    assert await wire.telegram() == meter.telegram(clock())


async def test_all_faults_at_once_and_cleared(
    meter: P1Meter, wire: Wire, clock: FrozenClock
) -> None:
    for fault in CONTENT:
        await meter.faults.set(fault, True)
    await meter.push()
    assert list(telegrams(await wire.telegram()))
    await meter.faults.clear()
    await meter.push()
    assert await wire.telegram() == meter.telegram(clock())


async def test_bad_crc(meter: P1Meter, wire: Wire, clock: FrozenClock) -> None:
    odd = await _with(meter, wire, P1Fault.BAD_CRC)
    good = meter.telegram(clock())
    assert odd[:-6] == good[:-6]
    assert int(odd[-6:-2], 16) != crc16(odd[:-6])


async def test_lower_crc(meter: P1Meter, wire: Wire, clock: FrozenClock) -> None:
    while meter.telegram(clock())[-6:-2].isdigit():
        clock.pass_s(1)
    odd = await _with(meter, wire, P1Fault.LOWER_CRC)
    good = meter.telegram(clock())
    assert odd[:-6] == good[:-6]
    assert odd[-6:] == good[-6:].lower() != good[-6:]


async def test_cut(meter: P1Meter, wire: Wire, clock: FrozenClock) -> None:
    await meter.faults.set(P1Fault.CUT, True)
    await meter.push()
    await meter.faults.set(P1Fault.CUT, False)
    await meter.push()
    good = meter.telegram(clock())
    assert await wire.telegram() == good[: len(good) // 2] + good


async def test_duplicate(meter: P1Meter, wire: Wire, clock: FrozenClock) -> None:
    assert await _with(meter, wire, P1Fault.DUPLICATE) == meter.telegram(clock())
    assert await wire.telegram() == meter.telegram(clock())


async def test_noise(meter: P1Meter, wire: Wire, clock: FrozenClock) -> None:
    odd = await _with(meter, wire, P1Fault.NOISE)
    assert odd.startswith(b"\xff")
    assert odd.lstrip(b"\xff\x00") == meter.telegram(clock())


async def test_high_bytes(meter: P1Meter, wire: Wire) -> None:
    odd = await _with(meter, wire, P1Fault.HIGH_BYTES)
    assert b"*m\xb3)" in odd
    assert b"0-0:96.13.0(\xe9" in odd


async def test_wrong_types(meter: P1Meter, wire: Wire, clock: FrozenClock) -> None:
    odd = await _objects(meter, wire, P1Fault.WRONG_TYPES)
    assert odd["1-0:1.7.0"] == "(0x.0*kW)"
    assert odd.keys() == lines(meter.telegram(clock())).keys()


async def test_missing_and_unknown_objects(meter: P1Meter, wire: Wire, clock: FrozenClock) -> None:
    good = lines(meter.telegram(clock()))
    missing = await _objects(meter, wire, P1Fault.MISSING_OBJECTS)
    assert {"1-0:1.8.1", "1-0:1.7.0"} <= good.keys() - missing.keys()
    await meter.faults.set(P1Fault.MISSING_OBJECTS, False)
    unknown = await _objects(meter, wire, P1Fault.UNKNOWN_OBJECTS)
    assert good.items() < unknown.items()


async def test_history_faults(meter: P1Meter, wire: Wire, clock: FrozenClock) -> None:
    good = lines(meter.telegram(clock()))["0-0:98.1.0"]
    odd = (await _objects(meter, wire, P1Fault.HISTORY_MISMATCH))["0-0:98.1.0"]
    assert good.startswith("(13)")
    assert odd == good.replace("(13)", "(14)", 1)
    assert (await _objects(meter, wire, P1Fault.HISTORY_EMPTY))["0-0:98.1.0"] == "()"


async def test_clock_faults(meter: P1Meter, wire: Wire) -> None:
    jumped = await _objects(meter, wire, P1Fault.CLOCK_JUMP)
    assert jumped["0-0:1.0.0"] == "(260623092007S)"
    unset = await _objects(meter, wire, P1Fault.CLOCK_UNSET)
    assert unset["0-0:1.0.0"] == "(632525252525W)"


async def test_falling_and_jumping_registers(
    meter: P1Meter, wire: Wire, clock: FrozenClock
) -> None:
    good = _kwh(lines(meter.telegram(clock())))
    fallen = await _objects(meter, wire, P1Fault.REGISTER_FALLS)
    assert _kwh(fallen) == pytest.approx(good - 5)
    await meter.faults.set(P1Fault.REGISTER_FALLS, False)
    jumped = await _objects(meter, wire, P1Fault.REGISTER_JUMPS)
    assert _kwh(jumped) == pytest.approx(good + 50_000)


async def test_a_replaced_meter_counts_from_zero(
    meter: P1Meter, wire: Wire, clock: FrozenClock
) -> None:
    old = lines(meter.telegram(clock()))
    new = await _objects(meter, wire, P1Fault.METER_REPLACED)
    assert new["0-0:96.1.1"] == hexed(NEW_SERIAL) != old["0-0:96.1.1"]
    assert [_kwh(new, f"1-0:{code}") for code in ("1.8.1", "1.8.2", "2.8.1", "2.8.2")] == [0] * 4
    assert new["0-0:98.1.0"] == "(0)(1-0:1.6.0)(1-0:1.6.0)()"
    clock.pass_s(3600)
    grown = lines(await _with(meter, wire, P1Fault.METER_REPLACED))
    later = lines(meter.telegram(clock()))
    for code in ("1-0:1.8.1", "1-0:2.8.1"):
        assert _kwh(grown, code) == pytest.approx(_kwh(later, code) - _kwh(old, code))


async def test_gas_faults(meter: P1Meter, wire: Wire, clock: FrozenClock) -> None:
    replaced = await _objects(meter, wire, P1Fault.GAS_REPLACED)
    assert replaced["0-1:96.1.1"] == hexed(NEW_GAS_SERIAL)
    assert replaced["0-1:24.2.3"].endswith("(00000.000*m3)")
    await meter.faults.set(P1Fault.GAS_REPLACED, False)
    unread = await _objects(meter, wire, P1Fault.GAS_UNREAD)
    assert unread["0-1:24.2.3"] == "(632525252525W)(00000.000)"
    await meter.faults.set(P1Fault.GAS_UNREAD, False)
    second = await _objects(meter, wire, P1Fault.SECOND_GAS)
    good = lines(meter.telegram(clock()))
    assert second["0-1:24.2.3"] == good["0-1:24.2.3"]
    assert second["0-4:96.1.1"] == hexed(OLD_GAS_SERIAL)


async def test_switches_turn_once_and_know_their_names() -> None:
    turned: list[tuple[str, bool]] = []

    async def changed(name: str, on: bool) -> None:
        turned.append((name, on))

    faults = Faults(["one", "two"], changed)
    await faults.set("one", True)
    await faults.set("one", True)
    assert "one" in faults
    assert faults.state() == {"one": True, "two": False}
    await faults.clear()
    assert turned == [("one", True), ("one", False)]
    with pytest.raises(KeyError):
        await faults.set("three", True)
