"""The wire: whatever comes, one answer comes of it, and no secret in it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
import json
from uuid import UUID

from aiohttp import ClientSession, ClientTimeout, web
import pytest
from yarl import URL

from custom_components.energy_hub.export.client import Destination, EnrgClient
from custom_components.energy_hub.export.verdict import Answer

KEY = UUID(int=7)
SECRET, TOKEN = "credential-4711", "token-0815"

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
type Ask = Callable[..., Awaitable[Answer]]

pytestmark = pytest.mark.usefixtures("socket_enabled")


@pytest.fixture
async def ask() -> AsyncIterator[Ask]:
    """Return what sends values, or asks for a token, and returns what came of it."""
    runners = []

    async def send(handler: Handler, path: str = "", *, token: bool = False) -> Answer:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", handler)
        runner = web.AppRunner(
            app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True
        )
        runners.append(runner)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = URL(f"http://127.0.0.1:{runner.addresses[0][1]}{path}")
        destination = Destination(url=url, credential=SECRET)
        async with ClientSession() as session:
            client = EnrgClient(session, destination, ClientTimeout(total=0.5))
            if token:
                return await client.create_token()
            return await client.send("micro-inverter", {"b": None, "a": "é"}, KEY, TOKEN)

    yield send
    for runner in runners:
        await runner.cleanup()


async def test_what_is_sent(ask: Ask) -> None:
    seen: dict[str, object] = {}

    async def handler(request: web.Request) -> web.Response:
        seen["path"] = request.path
        seen["headers"] = [
            request.headers[name] for name in ("Authorization", "Idempotency-Key", "Content-Type")
        ]
        seen["body"] = await request.read()
        return web.json_response({"message": "ok"}, headers={"Retry-After": "7"})

    answer = await ask(handler)
    assert seen == {
        "path": "/api/micro-inverter/values",
        "headers": [f"Bearer {TOKEN}", str(KEY), "application/json"],
        "body": '{"a":"é","b":null}'.encode(),
    }
    assert answer == Answer(status=200, body={"message": "ok"}, retry_after="7")


async def test_secrets_in_an_answer_are_hidden(ask: Ask) -> None:
    async def handler(_request: web.Request) -> web.Response:
        said = [f"Bearer {TOKEN}", {"message": f"who is {SECRET}?", "n": 7, "x": None}]
        return web.json_response(said, status=500)

    answer = await ask(handler)
    assert answer.body == ["Bearer ***", {"message": "who is ***?", "n": 7, "x": None}]


@pytest.mark.parametrize(
    "content", [b"", b"<html>", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 50_000]
)
async def test_what_is_no_json(ask: Ask, content: bytes) -> None:
    async def handler(_request: web.Request) -> web.Response:
        return web.Response(body=content)

    assert await ask(handler) == Answer(status=200, body=None)


async def test_an_endless_answer_is_cut_off(ask: Ask) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        try:
            while True:
                await response.write(b"x" * 65_536)
        except ConnectionError:
            return response

    assert await ask(handler) == Answer(status=200, words="the answer is too long")


async def test_a_credential_goes_to_no_other_host(ask: Ask) -> None:
    calls = 0

    async def handler(_request: web.Request) -> web.Response:
        nonlocal calls
        calls += 1
        return web.Response(status=307, headers={"Location": "/elsewhere"})

    assert (await ask(handler)).status == 307
    assert calls == 1


async def test_a_server_that_hangs(ask: Ask) -> None:
    async def handler(_request: web.Request) -> web.Response:
        await asyncio.Event().wait()
        raise AssertionError

    assert await ask(handler) == Answer(status=None, words="no answer in time")


async def test_a_server_that_hangs_up(ask: Ask) -> None:
    async def handler(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    answer = await ask(handler)
    assert answer.status is None
    assert answer.words.startswith("no connection (")


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "http://host.invalid:99999/", "ftp://x/"])
async def test_nobody_there(url: str) -> None:
    try:
        destination = Destination(url=URL(url), credential=SECRET)
    except ValueError:
        return
    async with ClientSession() as session:
        client = EnrgClient(session, destination, ClientTimeout(total=2))
        answer = await client.create_token()
    assert answer.status is None
    assert answer.words


@pytest.mark.parametrize("base", ["", "/", "/proxy", "/proxy/"])
async def test_a_token_is_asked_for(ask: Ask, base: str) -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.json_response({"got": await request.text(), "path": request.path})

    answer = await ask(handler, base, token=True)
    assert json.loads(answer.body["got"]) == {"credential": "***"}
    assert answer.body["path"] == f"{base.rstrip('/')}/api/token/create"
