"""A plain client of both APIs, and a reader of binary answers that knows nothing of ours."""

from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
import hashlib
import struct
from typing import Any

from aiohttp import ClientSession
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from simulator.hoymiles import CloudConfig, HoymilesCloud

NOON = datetime(2026, 6, 17, 10, 7, tzinfo=UTC)
"""12:07 in Belgium."""
DAY = "2026-06-17"
HOUSE, NEIGHBOUR, EMPTY = 3_187_654, 3_187_702, 3_187_911
APP = {"User-Agent": "sma/ad/2.10.0/159/0"}


class Client:
    """Asks as the page of the reference says."""

    def __init__(self, session: ClientSession, cloud: HoymilesCloud, url: str) -> None:
        self.session = session
        self.cloud = cloud
        self.config: CloudConfig = cloud.config
        self.url = url
        self.token = ""

    async def raw(self, path: str, body: object, **headers: str) -> tuple[int, bytes]:
        """Return status and content."""
        async with self.session.post(
            self.url + path, json=body, headers=headers, allow_redirects=False
        ) as reply:
            return reply.status, await reply.read()

    async def ask(self, path: str, body: object, **headers: str) -> dict[str, Any]:
        """Return the envelope of an answer."""
        async with self.session.post(self.url + path, json=body, headers=headers) as reply:
            assert reply.status == 200
            found: dict[str, Any] = await reply.json()
            return found

    async def key(self, path: str, body: object) -> Any:
        """Return the data of a good answer of the key API."""
        async with self.session.post(
            self.url + path, json=body, params={"key": self.config.api_key}
        ) as reply:
            found = await reply.json()
        assert found["status"] == "0", found
        return found["data"]

    async def refused_key(self, path: str, body: object) -> tuple[str, str]:
        """Return status and words of a bad answer of the key API."""
        async with self.session.post(
            self.url + path, json=body, params={"key": self.config.api_key}
        ) as reply:
            found = await reply.json()
        return found["status"], found["message"]

    async def series(self, plant: int, serial: str, day: str = DAY) -> list[dict[str, Any]]:
        """Return the samples of an inverter from the key API."""
        body = {"station_id": plant, "date": day, "sn": serial}
        found: list[dict[str, Any]] = await self.key("/v1/plant/0/oapi/mi_data_day", body)
        return found

    async def account(self, path: str, body: object) -> dict[str, Any]:
        """Return the envelope of an answer to an account that is logged in."""
        return await self.ask(path, body, Authorization=self.token)

    async def binary(self, path: str, body: object) -> bytes:
        """Return a binary answer."""
        status, content = await self.raw(path, body, Authorization=self.token)
        assert status == 200
        return content

    async def inspect(self) -> dict[str, Any]:
        """Return the pre-inspection."""
        found = await self.ask("/iam/pub/3/auth/pre-insp", {"u": self.config.username})
        data: dict[str, Any] = found["data"]
        return data

    async def login(self, kind: str = "argon2", **headers: str) -> dict[str, Any]:
        """Log in with one hash of the password; return the answer, remember its token."""
        found = await self.inspect()
        body = {
            "u": self.config.username,
            "ch": hash_of(kind, self.config.password, found["a"]),
            "n": found["n"],
        }
        answer = await self.ask("/iam/pub/3/auth/login", body, **headers)
        if answer["status"] == "0":
            self.token = answer["data"]["token"]
        return answer


def hash_of(kind: str, password: str, salt: str | None) -> str:
    """Return a hash as the reference describes it."""
    raw = password.encode()
    md5 = hashlib.md5(raw, usedforsecurity=False).hexdigest()
    sha = hashlib.sha256(raw)
    if kind == "argon2":
        argon = Argon2id(
            salt=bytes.fromhex(salt or ""), length=32, iterations=3, lanes=1, memory_cost=32768
        )
        return argon.derive(raw).hex()
    if kind == "dotted":
        return f"{md5}.{b64encode(sha.digest()).decode()}"
    return sha.hexdigest() if kind == "sha256" else md5


def fields(content: bytes) -> Iterator[tuple[int, Any]]:
    """Yield number and content of the fields of a message."""
    at = 0
    while at < len(content):
        tag, at = _varint(content, at)
        if tag & 7 == 0:
            value, at = _varint(content, at)
            yield tag >> 3, value
        elif tag & 7 == 5:
            yield tag >> 3, struct.unpack_from("<f", content, at)[0]
            at += 4
        else:
            assert tag & 7 == 2
            size, at = _varint(content, at)
            assert at + size <= len(content)
            yield tag >> 3, content[at : at + size]
            at += size


def _varint(content: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = content[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def many(content: bytes, number: int) -> list[Any]:
    """Return every field of this number."""
    return [value for field, value in fields(content) if field == number]


def one(content: bytes, number: int, default: Any = None) -> Any:
    """Return the only field of this number."""
    found = many(content, number)
    assert len(found) <= 1
    return found[0] if found else default


def packed(content: bytes, number: int, letter: str = "f") -> list[float]:
    """Return packed numbers."""
    raw = one(content, number, b"")
    return list(struct.unpack(f"<{len(raw) // struct.calcsize(letter)}{letter}", raw))
