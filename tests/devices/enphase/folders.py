"""Folders of captured replies: served, added in the UI, and read by the unmodified library."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
import json
from pathlib import Path

from aiohttp import ClientSession, TCPConnector
from pyenphase import Envoy as Library, EnvoyData
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.energy_hub.const import DOMAIN
from homeassistant.config_entries import SOURCE_USER, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from simulator.envoy import CapturedEnvoy, profiles
from tests.simulator.envoy.tools import rig

type Replies = dict[str, tuple[int, str]]
"""Status and text by path."""

# All that the library and this project have ever asked for.
_PATHS = (
    "/info",
    "/ivp/meters",
    "/ivp/meters/readings",
    "/production",
    "/production.json?details=1",
    "/api/v1/production",
    "/api/v1/production/inverters",
    "/ivp/pdm/device_data",
    "/ivp/ensemble/inventory",
    "/ivp/ensemble/secctrl",
    "/ivp/ensemble/power",
    "/ivp/ensemble/dry_contacts",
    "/ivp/ss/dry_contact_settings",
    "/ivp/ss/gen_config",
    "/admin/lib/tariff",
)


@dataclass(frozen=True)
class Added:
    """A captured gateway, its entry, and what the library makes of the same folder."""

    entry: MockConfigEntry
    captured: CapturedEnvoy
    data: EnvoyData
    firmware: str


_CAPTURED: dict[str, Replies] = {}


async def capture(name: str) -> Replies:
    """Return what the simulated gateway of a profile answers at noon."""
    if name not in _CAPTURED:
        async with rig(getattr(profiles, name)()) as one:
            await one.join()
            found = {path: await one.get(path) for path in _PATHS}
        _CAPTURED[name] = {path: (status, body.decode()) for path, (status, body) in found.items()}
    return dict(_CAPTURED[name])


def write(folder: Path, replies: Replies) -> Path:
    """Write replies as captures are laid out; return the folder."""
    folder.mkdir(exist_ok=True)
    for path, (status, text) in replies.items():
        file = folder / path.removeprefix("/").replace("/", "_")
        file.write_text(text)
        log = file.with_name(f"{file.name}_log.json")
        log.write_text(json.dumps({"headers": {}, "code": status}))
    return folder


@asynccontextmanager
async def added(
    hass: HomeAssistant, folder: Path, reference: Path | None = None
) -> AsyncIterator[Added]:
    """Add what a folder holds in the UI, as long as the context is open.

    The library reads `reference`, where it cannot read the folder itself.
    """
    data, firmware = await read(reference or folder)
    captured = CapturedEnvoy(folder)
    result = await _asked_for(hass, captured)
    assert result["type"] is FlowResultType.CREATE_ENTRY, result
    await hass.async_block_till_done()
    entry: MockConfigEntry = result["result"]
    try:
        yield Added(entry, captured, data, firmware)
    finally:
        await hass.config_entries.async_unload(entry.entry_id)
        await captured.stop()


async def refused(hass: HomeAssistant, folder: Path) -> ConfigFlowResult:
    """Try to add what a folder holds in the UI; return the form that is shown again."""
    captured = CapturedEnvoy(folder)
    result = await _asked_for(hass, captured)
    await captured.stop()
    assert result["type"] is FlowResultType.FORM
    return result


async def _asked_for(hass: HomeAssistant, captured: CapturedEnvoy) -> ConfigFlowResult:
    host = f"127.0.0.1:{await captured.start()}"
    token = {} if captured.legacy else {"token": captured.token}
    flow = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    configure = hass.config_entries.flow.async_configure
    flow = await configure(flow["flow_id"], {"next_step_id": "enphase"})
    return await configure(flow["flow_id"], {"host": host, **token})


async def read(folder: Path) -> tuple[EnvoyData, str]:
    """Return what the library makes of a folder, and the firmware."""
    captured = CapturedEnvoy(folder)
    host = f"127.0.0.1:{await captured.start()}"
    async with ClientSession(connector=TCPConnector(ssl=False)) as session:
        library = Library(host, session, v2_acb_mode=False)
        await library.setup()
        if captured.legacy:
            await library.authenticate("envoy")
        else:
            await library.authenticate(token=captured.token)
        data = await library.update()
    await captured.stop()
    return data, str(library.firmware)
