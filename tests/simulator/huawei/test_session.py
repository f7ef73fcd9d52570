"""Writing with a log-in: the handshake of function 0x41, its end, its refusal."""

import asyncio
import secrets
from typing import override

from pymodbus.pdu import ModbusPDU
import pytest

from simulator.huawei import HuaweiFault
from simulator.huawei.session import digest

from .tools import Client, RefusedError, rig

pytestmark = pytest.mark.usefixtures("socket_enabled")


class Private(ModbusPDU):
    """Function 0x41, both ways: sub-function, length, content."""

    function_code = 0x41
    rtu_byte_count_pos = 3

    def __init__(
        self, sub: int = 0, content: bytes = b"", dev_id: int = 1, transaction_id: int = 0
    ) -> None:
        super().__init__(dev_id=dev_id, transaction_id=transaction_id)
        self.sub = sub
        self.content = content

    @override
    def encode(self) -> bytes:
        return bytes((self.sub, len(self.content))) + self.content

    @override
    def decode(self, data: bytes) -> None:
        self.sub, self.content = data[0], data[2 : 2 + data[1]]


async def _ask(client: Client, sub: int, content: bytes) -> bytes:
    client.modbus.register(Private)
    reply = await client.modbus.execute(False, Private(sub, content))
    if reply.isError():
        raise RefusedError(reply.exception_code)
    assert isinstance(reply, Private)
    assert reply.sub == sub
    return reply.content


async def _log_in(client: Client, password: str, user: str = "installer") -> bool:
    challenge = await _ask(client, 0x24, b"\0")
    assert len(challenge) == 17
    mine = secrets.token_bytes(16)
    proof = digest(password, challenge[:16])
    name = user.encode()
    content = mine + bytes((len(name),)) + name + bytes((len(proof),)) + proof
    answer = await _ask(client, 0x25, content)
    if answer[0]:
        return False
    assert answer[2 : 2 + answer[1]] == digest(password, mine)
    return True


async def _refused(client: Client) -> int:
    with pytest.raises(RefusedError) as refused:
        await client.write(47081, 950)
    return refused.value.code


async def test_by_default_writing_needs_no_log_in() -> None:
    async with rig() as one:
        await one.client.write(47081, 950)
        with pytest.raises(RefusedError) as refused:
            await _ask(one.client, 0x24, b"\0")
        assert refused.value.code == 1


async def test_after_the_handshake_it_takes_writes() -> None:
    async with rig(password="secret") as one:
        assert await _refused(one.client) == 0x80
        assert await one.client.read(47081) == [1000]
        assert await _log_in(one.client, "secret")
        await one.client.write(47081, 950)
        assert await one.client.read(47081) == [950]
        assert [request[1:3] for request in one.asked[2:4]] == [(0x41, 0x24), (0x41, 0x25)]


@pytest.mark.parametrize(("user", "password"), [("installer", "wrong"), ("user", "secret")])
async def test_a_wrong_password_or_name_does_not_help(user: str, password: str) -> None:
    async with rig(password="secret") as one:
        assert not await _log_in(one.client, password, user)
        assert await _refused(one.client) == 0x80


async def test_a_log_in_needs_a_fresh_challenge() -> None:
    async with rig(password="secret") as one:
        answer = await _ask(one.client, 0x25, bytes(16) + b"\x09installer\x20" + bytes(32))
        assert answer == b"\1\0"
        with pytest.raises(RefusedError) as refused:
            await _ask(one.client, 0x25, b"\1")
        assert refused.value.code == 3


async def test_a_log_in_belongs_to_its_connection() -> None:
    async with rig(password="secret") as one:
        assert await _log_in(one.client, "secret")
        other = await one.connect()
        assert await _refused(other) == 0x80
        other.close()


async def test_a_heartbeat_keeps_the_log_in() -> None:
    async with rig(password="secret") as one:
        await one.client.write_one(49999, 1)
        assert await _log_in(one.client, "secret")
        for _ in range(5):
            await asyncio.sleep(15)
            await one.client.write_one(49999, 1)
        await one.client.write(47081, 950)
        await asyncio.sleep(31)
        await one.client.write_one(49999, 1)
        assert await _refused(one.client) == 0x80


async def test_permission_can_be_refused_altogether() -> None:
    async with rig(password="secret") as one:
        assert await _log_in(one.client, "secret")
        await one.device.faults.set(HuaweiFault.PERMISSION_REFUSED, True)
        assert await _refused(one.client) == 0x80
        with pytest.raises(RefusedError) as refused:
            await _ask(one.client, 0x24, b"\0")
        assert refused.value.code == 0x80
        await one.device.faults.clear()
        await one.client.write(47081, 950)
