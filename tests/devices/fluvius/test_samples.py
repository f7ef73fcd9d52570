"""Telegrams of real meters, where their folder is present."""

from pathlib import Path
import re

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.energy_hub.const import DOMAIN
from homeassistant.core import HomeAssistant
from simulator.replay import Replay, load
from tests.helpers import number, state, turns, until

SAMPLES = Path(__file__).parents[4] / "shared" / "samples" / "p1"
pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the captured telegrams are not here")

REGISTERS = {
    "import_day": "1-0:1.8.1",
    "import_night": "1-0:1.8.2",
    "export_day": "1-0:2.8.1",
    "export_night": "1-0:2.8.2",
}


def _sent(text: str, obis: str) -> float:
    """Return the number that stands behind an object, found without any parser of ours."""
    found = re.search(rf"^{re.escape(obis)}(?:\(\w*\))?\(([\d.]+)\*", text, re.MULTILINE)
    assert found is not None
    return float(found[1])


@pytest.mark.usefixtures("socket_enabled")
async def test_a_captured_telegram_is_shown_as_it_stands(hass: HomeAssistant) -> None:
    telegram = load(SAMPLES / "fluvius_v171.txt")
    text = telegram[0].decode()
    serials = [bytes.fromhex(s).decode() for s in re.findall(r"96\.1\.1\((\w+)\)", text)]
    replay = Replay(telegram)
    port = await replay.start()
    data = {"type": "fluvius", "host": "127.0.0.1", "port": port, "device_id": serials[0]}
    entry = MockConfigEntry(domain=DOMAIN, data=data)
    entry.add_to_hass(hass)
    task = hass.async_create_task(hass.config_entries.async_setup(entry.entry_id))
    await replay.wait_for_clients(1)
    await replay.push()
    assert await task
    await hass.async_block_till_done()

    for key, obis in REGISTERS.items():
        assert number(hass, f"{serials[0]}_{key}") == _sent(text, obis)
    assert number(hass, f"{serials[1]}_gas") == _sent(text, "0-1:24.2.3")
    assert number(hass, f"{serials[2]}_water") == _sent(text, "0-2:24.2.1")
    peak = state(hass, f"{serials[0]}_month_peak")
    assert float(peak.state) == _sent(text, "1-0:1.6.0")
    months = re.findall(r"\((\d\d)(\d\d)\d{8}[SW]\)\(\d+[SW]\)\(([\d.]+)\*kW\)", text)
    assert len(months) == 3
    assert [month["peak_kw"] for month in peak.attributes["history"]] == sorted(
        (float(kw) for _, _, kw in months), key=[4.318, 5.980, 3.695].index
    )

    # Its date is years ago: what counts is that it keeps arriving.
    line = entry.runtime_data.diagnostics
    for _ in range(3):
        good = line()["line"]["good"]
        await replay.push()
        await until(lambda good=good: line()["line"]["good"] == good + 1)
    assert state(hass, f"{serials[0]}_import_day").state == "0.034"
    await hass.config_entries.async_unload(entry.entry_id)
    await replay.stop()
    await turns()
