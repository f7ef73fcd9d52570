"""A plain client of the platform, and a good message."""

from typing import Any

from aiohttp import ClientSession

from simulator.enrg import EnrgService
from simulator.enrg.fields import DEVICE_KEYS

from ...openapi import check_response

TOKEN = "/api/token/create"
VALUES = "/api/micro-inverter/values"
PLANT = 3_187_654
DATE = "2026-06-17 12:00:00"
SERIALS = ("114099000102", "116099000101", "10F899000201")


def device(serial: str, date: str = DATE) -> dict[str, Any]:
    """Return a device that says nothing but its type."""
    named = {"DATE": date, "ID_DEVICE": serial, "TYPE_DEVICE": 0, "TYPE_INVERTER": 9}
    return dict.fromkeys(sorted(DEVICE_KEYS)) | named


def plant(*serials: str, date: str = DATE) -> dict[str, Any]:
    """Return a plant with these devices."""
    state = dict.fromkeys(("OFFLINE", "UNSTABLE", "UMATCHED", "MICROINVERT_WARN", "GRID_WARN"))
    return {
        "GENERATION": 12.345,
        "ID_PLANT": PLANT,
        "DATE_GENERATION": date,
        "STATE_OPERATION": state | {"LAST_AT": date},
        "INFORMATION_MICRO_INVERTERS": [device(one, date) for one in serials or SERIALS],
    }


class Client:
    """Sends as the page of the reference says; every answer is held against the document."""

    def __init__(self, session: ClientSession, service: EnrgService, url: str) -> None:
        self.session = session
        self.service = service
        self.url = url
        self.token = ""

    async def log_in(self) -> None:
        """Get a token."""
        status, told = await self.post(TOKEN, {"credential": self.service.config.credential})
        assert status == 200
        self.token = told["token"]

    async def post(self, path: str, body: object, **headers: str) -> tuple[int, Any]:
        """Return status and content."""
        async with self.session.post(
            self.url + path, json=body, headers=headers, allow_redirects=False
        ) as reply:
            told = await reply.json(content_type=None)
        if reply.status != 307:  # no answer of the platform, but of something before it
            check_response(told, path, "post", reply.status)
        return reply.status, told

    async def send(self, body: object, key: str | None = None) -> tuple[int, Any]:
        """Send values; return status and content."""
        headers = {"Authorization": f"Bearer {self.token}"}
        return await self.post(VALUES, body, **headers | ({"Idempotency-Key": key} if key else {}))

    async def rows(self, body: object, key: str | None = None) -> dict[str, str]:
        """Send values that are taken; return the status of each row."""
        status, told = await self.send(body, key)
        assert status == 200, told
        return {
            str(row.get("id_device", row.get("id_plant"))): row["status"]
            for row in told["data"]["results"]
        }
