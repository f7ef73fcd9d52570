"""Adding, moving and tuning a meter in the UI, and every way in which it can go wrong."""

import asyncio
from collections.abc import AsyncIterator
import contextlib
import socket

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.energy_hub.const import DOMAIN
from homeassistant.config_entries import SOURCE_USER, ConfigEntryState, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.util import dt as dt_util
from simulator.p1 import P1Fault, seal
from tests.helpers import turns

from .conftest import AddEntry, Line

DUTCH = seal(b"/KFM5KAIFA-METER\r\n\r\n1-0:1.8.1(000001.000*kWh)\r\n")
NO_REGISTERS = seal(
    b"/FLU5\\900000009_A\r\n\r\n0-0:96.1.1(3153414739393030303030303039)\r\n"
    b"0-0:1.0.0(260617120000S)\r\n"
)
NO_ID = seal(
    b"/FLU5\\900000009_A\r\n\r\n0-0:1.0.0(260617120000S)\r\n"
    b"1-0:1.8.1(000001.000*kWh)\r\n1-0:1.8.2(000001.000*kWh)\r\n"
)


class Server:
    """Anything that listens on a port and says the same thing to everybody."""

    def __init__(self) -> None:
        self.says = b""
        self.hangs_up = False
        self._writers: list[asyncio.StreamWriter] = []

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        self.port: int = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()
        await turns()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        writer.write(self.says)
        if self.hangs_up:
            writer.close()
        with contextlib.suppress(ConnectionError):
            await reader.read()


@pytest.fixture
async def server(socket_enabled: None) -> AsyncIterator[Server]:
    server = Server()
    await server.start()
    yield server
    await server.stop()


async def _open(hass: HomeAssistant, step: str) -> str:
    """Return the flow after the menus, showing the form of `step`."""
    result = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    assert result["type"] is FlowResultType.MENU
    assert "fluvius" in result["menu_options"]
    flow_id: str = result["flow_id"]
    result = await hass.config_entries.flow.async_configure(flow_id, {"next_step_id": "fluvius"})
    assert result["menu_options"] == ["fluvius_network", "fluvius_serial"]
    result = await hass.config_entries.flow.async_configure(flow_id, {"next_step_id": step})
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == step
    return flow_id


async def _submit(
    hass: HomeAssistant, flow_id: str, line: Line | None = None, **data: object
) -> ConfigFlowResult:
    """Fill in the form while the meter, if there is one, keeps sending."""
    task = hass.async_create_task(hass.config_entries.flow.async_configure(flow_id, data))
    if line:
        await line.seconds_until(task.done)
    return await task


async def _submit_in_silence(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, flow_id: str, **data: object
) -> ConfigFlowResult:
    """Fill in the form and let the waiting time run out."""
    task = hass.async_create_task(hass.config_entries.flow.async_configure(flow_id, data))
    while not task.done():
        freezer.tick(5)
        await turns(2_000)
        async_fire_time_changed(hass, dt_util.utcnow())
    return await task


@pytest.mark.parametrize(
    "typed", ["127.0.0.1", " 127.0.0.1 ", "127.0.0.1:{port}", "tcp://127.0.0.1"]
)
async def test_a_meter_by_network(hass: HomeAssistant, line: Line, typed: str) -> None:
    flow_id = await _open(hass, "fluvius_network")
    given = 1 if "{port}" in typed else line.port
    typed = typed.format(port=line.port)
    result = await _submit(hass, flow_id, line, host=typed, port=given)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == f"P1 meter {line.serial[-4:]}"
    assert result["data"] == {
        "type": "fluvius",
        "host": "127.0.0.1",
        "port": line.port,
        "device_id": line.serial,
    }
    assert result["result"].unique_id == f"fluvius_{line.serial}"
    await hass.config_entries.async_unload(result["result"].entry_id)


async def test_a_meter_by_cable(hass: HomeAssistant, line: Line) -> None:
    path = await line.meter.start_serial()
    flow_id = await _open(hass, "fluvius_serial")
    result = await _submit(hass, flow_id, line, device=path)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"] == {"type": "fluvius", "device": path, "device_id": line.serial}
    await hass.config_entries.async_unload(result["result"].entry_id)


async def test_the_same_meter_twice(hass: HomeAssistant, line: Line, add_entry: AddEntry) -> None:
    await add_entry()
    flow_id = await _open(hass, "fluvius_network")
    result = await _submit(hass, flow_id, line, host="127.0.0.1", port=line.port)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"
    assert len(hass.config_entries.async_entries(DOMAIN)) == 1


@pytest.mark.parametrize(
    ("says", "errors"),
    [
        (b"", {"base": "timeout"}),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", {"base": "wrong_device", "host": "no_telegram"}),
        (b"/" + b"x" * 200_000, {"base": "wrong_device", "host": "no_telegram"}),
        (DUTCH, {"base": "wrong_device", "host": "foreign_meter"}),
        (NO_REGISTERS, {"base": "wrong_device", "host": "no_registers"}),
        (NO_ID, {"base": "wrong_device", "host": "no_meter_id"}),
    ],
)
async def test_what_is_no_belgian_meter(
    hass: HomeAssistant,
    line: Line,
    server: Server,
    says: bytes,
    errors: dict[str, str],
) -> None:
    server.says = says
    flow_id = await _open(hass, "fluvius_network")
    result = await _submit_in_silence(
        hass, line.freezer, flow_id, host="127.0.0.1", port=server.port
    )
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == errors
    assert hass.config_entries.async_entries(DOMAIN) == []
    await _completes(hass, line, flow_id)


@pytest.mark.parametrize(
    ("says", "errors"),
    [
        (b"", {"base": "cannot_connect", "host": "closed_at_once"}),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", {"base": "wrong_device", "host": "no_telegram"}),
    ],
)
async def test_a_port_that_hangs_up(
    hass: HomeAssistant, line: Line, server: Server, says: bytes, errors: dict[str, str]
) -> None:
    server.says, server.hangs_up = says, True
    flow_id = await _open(hass, "fluvius_network")
    result = await _submit(hass, flow_id, host="127.0.0.1", port=server.port)
    assert result["errors"] == errors
    await _completes(hass, line, flow_id)


async def _completes(hass: HomeAssistant, line: Line, flow_id: str) -> None:
    """The same form leads to an entry after all."""
    result = await _submit(hass, flow_id, line, host="127.0.0.1", port=line.port)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.config_entries.async_unload(result["result"].entry_id)


async def test_a_closed_port(hass: HomeAssistant, line: Line, server: Server) -> None:
    port = server.port
    await server.stop()
    flow_id = await _open(hass, "fluvius_network")
    result = await _submit(hass, flow_id, host="127.0.0.1", port=port)
    assert result["errors"] == {"base": "cannot_connect", "port": "port_closed"}
    await _completes(hass, line, flow_id)


@pytest.mark.parametrize(
    ("host", "word"),
    [
        ("no such host", "invalid_host"),
        ("http://[broken", "invalid_host"),
        ("no-such-host.invalid", "host_unreachable"),  # the name does not resolve
    ],
)
async def test_a_wrong_host(
    hass: HomeAssistant, line: Line, monkeypatch: pytest.MonkeyPatch, host: str, word: str
) -> None:
    def unknown_name(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown_name)
    flow_id = await _open(hass, "fluvius_network")
    result = await _submit(hass, flow_id, host=host, port=23)
    assert result["errors"] == {"base": "cannot_connect", "host": word}
    await _completes(hass, line, flow_id)


async def test_a_cable_that_is_not_there(hass: HomeAssistant, line: Line) -> None:
    flow_id = await _open(hass, "fluvius_serial")
    result = await _submit(hass, flow_id, device="/dev/serial/by-id/nothing")
    assert result["errors"] == {"base": "cannot_connect", "device": "no_such_device"}
    result = await _submit(hass, flow_id, device="unknown://thing")
    assert result["errors"] == {"base": "cannot_connect"}


async def test_a_cable_that_another_program_reads(
    hass: HomeAssistant, line: Line, add_entry: AddEntry
) -> None:
    path = await line.meter.start_serial()
    await add_entry(device=path)
    flow_id = await _open(hass, "fluvius_serial")
    result = await _submit(hass, flow_id, device=path)
    assert result["errors"] == {"base": "cannot_connect", "device": "device_busy"}


async def test_something_unexpected(
    hass: HomeAssistant,
    line: Line,
    monkeypatch: pytest.MonkeyPatch,
    expected_complaints: list[str],
) -> None:
    def explode(*_: object) -> None:
        raise RuntimeError("boom")

    expected_complaints.append("Unexpected error while adding a fluvius device")
    flow_id = await _open(hass, "fluvius_network")
    with monkeypatch.context() as patch:
        patch.setattr("custom_components.energy_hub.devices.fluvius.probe.parse", explode)
        result = await _submit(hass, flow_id, line, host="127.0.0.1", port=line.port)
    assert result["errors"] == {"base": "unknown"}
    await _completes(hass, line, flow_id)


async def test_a_meter_that_moved(hass: HomeAssistant, line: Line, add_entry: AddEntry) -> None:
    entry = await add_entry()
    other = await line.meter.start_serial()
    assert other
    result = await entry.start_reconfigure_flow(hass)
    assert result["step_id"] == "fluvius_network"
    result = await _submit(hass, result["flow_id"], line, host=f"127.0.0.1:{line.port}", port=9)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "reconfigure_successful"
    assert entry.data["port"] == line.port
    await line.seconds(2)


async def test_a_cable_that_moved(hass: HomeAssistant, line: Line, add_entry: AddEntry) -> None:
    path = await line.meter.start_serial()
    entry = await add_entry(device=path)
    result = await entry.start_reconfigure_flow(hass)
    assert result["step_id"] == "fluvius_serial"
    await hass.config_entries.async_unload(entry.entry_id)
    result = await _submit(hass, result["flow_id"], line, device=path)
    assert result["reason"] == "reconfigure_successful"
    await line.seconds(2)


async def test_another_meter_at_the_new_address(
    hass: HomeAssistant, line: Line, add_entry: AddEntry, expected_complaints: list[str]
) -> None:
    expected_complaints.append("Another meter answers")
    entry = await add_entry()
    await line.meter.faults.set(P1Fault.METER_REPLACED, True)
    result = await entry.start_reconfigure_flow(hass)
    result = await _submit(hass, result["flow_id"], line, host="127.0.0.1", port=line.port)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "wrong_device"
    assert entry.unique_id == f"fluvius_{line.serial}"


async def test_options_reload_the_entry(
    hass: HomeAssistant, line: Line, add_entry: AddEntry
) -> None:
    entry = await add_entry()
    result = await hass.config_entries.options.async_init(entry.entry_id)
    assert result["type"] is FlowResultType.FORM
    result = await hass.config_entries.options.async_configure(
        result["flow_id"],
        {"power_interval": 3, "energy_interval": 30, "electrical_interval": 45},
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await line.seconds_until(lambda: entry.state is ConfigEntryState.LOADED)
    assert entry.runtime_data.diagnostics()["interval"] == 3


async def test_a_broken_library_spoils_its_own_step_only(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def missing(*_: object) -> None:
        raise ImportError("no such library")

    monkeypatch.setattr("custom_components.energy_hub.config_flow.async_flow_module", missing)
    result = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    assert result["type"] is FlowResultType.MENU
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], {"next_step_id": "fluvius"}
    )
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "library_missing"
