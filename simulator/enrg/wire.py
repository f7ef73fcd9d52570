"""Requests and answers as they stand on the wire."""

import asyncio
from collections.abc import Mapping
import json
from typing import Any

from aiohttp import web


async def read_json(request: web.Request) -> object:
    """Return what a request carries; None when it is no JSON."""
    try:
        return json.loads(await request.read())
    except ValueError:
        return None


def answer(content: Mapping[str, Any]) -> web.Response:
    """Return a good answer."""
    return web.json_response(content)


def refusal(status: int, message: str, headers: Mapping[str, str] | None = None) -> web.Response:
    """Return an error with its words."""
    return web.json_response({"message": message}, status=status, headers=headers)


def results(plant: int, status: str, message: str) -> dict[str, Any]:
    """Return an answer with the row of a plant, and none of a device yet."""
    return {"data": {"results": [{"id_plant": plant, "status": status, "message": message}]}}


def hang_up(request: web.Request) -> web.Response:
    """End the connection; what is returned never leaves."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


async def half(
    request: web.Request, whole: web.Response, ended: asyncio.Event
) -> web.StreamResponse:
    """Send half of an answer, and nothing more until the platform ends."""
    content = whole.body if isinstance(whole.body, bytes) else b""
    response = web.StreamResponse(status=whole.status, headers={"Content-Type": "application/json"})
    response.content_length = len(content)
    await response.prepare(request)
    await response.write(content[: len(content) // 2])
    await ended.wait()
    return hang_up(request)
