"""The network port: several clients, a blocked one, and what faults do to connections."""

import asyncio
import socket

import pytest

from simulator.p1 import P1Fault, P1Meter, telegrams

from .tools import FrozenClock, connect, dial, lines

pytestmark = pytest.mark.usefixtures("socket_enabled")


async def test_every_client_gets_every_telegram(meter: P1Meter, clock: FrozenClock) -> None:
    port = await meter.start_tcp()
    wires = [await dial(port) for _ in range(3)]
    await meter.wait_for_clients(3)
    for _ in range(5):
        await meter.push()
        expected = meter.telegram(clock())
        assert [await wire.telegram() for wire in wires] == [expected] * 3
        clock.pass_s(1)
    await wires.pop().close()
    await meter.wait_for_clients(2)
    await meter.push()
    assert [await wire.telegram() for wire in wires] == [meter.telegram(clock())] * 2
    for wire in wires:
        await wire.close()


async def test_a_client_that_does_not_read_blocks_nobody(
    meter: P1Meter, clock: FrozenClock
) -> None:
    port = await meter.start_tcp()
    with socket.socket() as blocked:
        blocked.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        blocked.setblocking(False)
        await asyncio.get_running_loop().sock_connect(blocked, ("127.0.0.1", port))
        await meter.wait_for_clients(1)
        (stuck,) = meter._tcp._clients  # type: ignore[union-attr]  # the port is open
        wire = await dial(port)
        await meter.wait_for_clients(2)
        full = 0
        while full < 262_144:
            await meter.push_backlog(200)
            for _ in range(200):
                await wire.telegram()
            full = stuck.get_write_buffer_size()
        # From here on the blocked one misses telegrams, and costs no more memory.
        clock.pass_s(1)
        await meter.push()
        assert await wire.telegram() == meter.telegram(clock())
        assert stuck.get_write_buffer_size() <= full < 1_000_000
        await wire.close()


async def test_the_meter_runs_by_its_clock(meter: P1Meter, clock: FrozenClock) -> None:
    wire = await connect(meter)
    running = asyncio.create_task(meter.run(speed=1000))
    for _ in range(3):
        assert await wire.telegram() == meter.telegram(clock())
        clock.pass_s(1)
    assert await wire.telegram() == meter.telegram(clock())
    clock.pass_s(7)
    assert await wire.telegram() == meter.telegram(clock())
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await wire.close()


async def test_a_dropped_connection_is_reset_and_comes_back(meter: P1Meter) -> None:
    wire = await connect(meter)
    port = await _port(meter)
    await meter.faults.set(P1Fault.DROP, True)
    with pytest.raises(ConnectionResetError):
        await wire.rest()
    again = await dial(port)
    with pytest.raises(ConnectionResetError):
        await again.rest()
    await meter.faults.set(P1Fault.DROP, False)
    third = await dial(port)
    await meter.wait_for_clients(1)
    await meter.push()
    assert len(await third.telegram()) > 1000
    await third.close()


async def test_a_refusing_port_is_closed_and_opens_again(meter: P1Meter) -> None:
    wire = await connect(meter)
    port = await _port(meter)
    await meter.faults.set(P1Fault.REFUSE, True)
    with pytest.raises(ConnectionResetError):
        await wire.rest()
    with pytest.raises(ConnectionRefusedError):
        await dial(port)
    await meter.push()
    await meter.faults.set(P1Fault.REFUSE, False)
    again = await dial(port)
    await meter.wait_for_clients(1)
    await meter.push()
    assert len(await again.telegram()) > 1000
    await again.close()


async def test_a_hanging_meter_says_nothing(meter: P1Meter, clock: FrozenClock) -> None:
    wire = await connect(meter)
    await meter.faults.set(P1Fault.HANG, True)
    await meter.push()
    await meter.faults.set(P1Fault.HANG, False)
    clock.pass_s(9)
    await meter.push()
    assert await wire.telegram() == meter.telegram(clock())
    await wire.close()


async def test_a_dripping_telegram_comes_in_single_bytes(
    meter: P1Meter, clock: FrozenClock
) -> None:
    wire = await connect(meter)
    await meter.faults.set(P1Fault.DRIP, True)
    dripping = asyncio.create_task(meter.push())
    expected = meter.telegram(clock())
    pieces: list[bytes] = []
    async with asyncio.timeout(10):
        while sum(map(len, pieces)) < len(expected):
            pieces.append(await wire.reader.read(4096))
    await dripping
    assert b"".join(pieces) == expected
    assert len(pieces) > len(expected) / 4
    await wire.close()


async def test_a_backlog_comes_in_one_write(meter: P1Meter, clock: FrozenClock) -> None:
    wire = await connect(meter)
    await meter.faults.set(P1Fault.BACKLOG, True)
    expected = []
    for _ in range(20):
        clock.pass_s(1)
        expected.append(meter.telegram(clock()))
        await meter.push()
    await meter.faults.set(P1Fault.BACKLOG, False)
    assert [await wire.telegram() for _ in range(20)] == expected
    await meter.push_backlog(200)
    stamps = [lines(await wire.telegram())["0-0:1.0.0"] for _ in range(200)]
    assert stamps == sorted(stamps)
    assert len(set(stamps)) == 200
    await wire.close()


async def test_garbage_never_ends(meter: P1Meter) -> None:
    wire = await connect(meter)
    await meter.faults.set(P1Fault.GARBAGE, True)
    for _ in range(30):
        await meter.push()
    seen = await wire.reader.readexactly(100_000)
    assert seen.startswith(b"/")
    assert b"!" not in seen
    assert not list(telegrams(seen))
    await wire.close()


async def test_stopping_leaves_no_connection(meter: P1Meter) -> None:
    wire = await connect(meter)
    port = await _port(meter)
    await meter.stop()
    with pytest.raises(ConnectionResetError):
        await wire.rest()
    with pytest.raises(ConnectionRefusedError):
        await dial(port)
    await meter.stop()


async def _port(meter: P1Meter) -> int:
    assert meter._tcp is not None
    return meter._tcp.port
