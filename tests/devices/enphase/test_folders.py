"""Captured gateways of any firmware can be added and say what the unmodified library says."""

from pathlib import Path

import pytest

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant

from .expected import assert_same
from .folders import added

SAMPLES = Path(__file__).parents[4] / "shared" / "samples" / "envoy"

pytestmark = pytest.mark.usefixtures("socket_enabled")


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the captured replies are not here")
@pytest.mark.parametrize(
    "folder", sorted(one for one in SAMPLES.glob("*") if one.is_dir()), ids=lambda one: one.name
)
async def test_every_sample(hass: HomeAssistant, folder: Path) -> None:
    async with added(hass, folder) as one:
        assert one.entry.state is ConfigEntryState.LOADED
        assert one.entry.unique_id == f"enphase_{one.captured.serial}"
        assert_same(hass, one)
