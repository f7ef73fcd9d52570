"""The ENRG measurements run."""

import pytest

from homeassistant.core import HomeAssistant
from script.lib.bench.case import Side
from script.lib.bench.core import Core
from script.lib.bench.enrg.cases import cases
from script.lib.bench.enrg.through import through
from script.lib.bench.enrg.waiting import async_waiting
from script.lib.bench.probe import Probe

THROUGH, WAITING = cases(real=False)


@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.parametrize("side", Side)
def test_messages_go_through(side: Side) -> None:
    figures = through(side=side, count=30)
    assert set(figures) == {figure.key for figure in THROUGH.figures}
    assert min(figures.values()) > 0


@pytest.fixture
def hass_config_dir(hass_tmp_config_dir: str) -> str:
    """Return a folder for Home Assistant in which a queue may lie."""
    return hass_tmp_config_dir


@pytest.mark.usefixtures("socket_enabled")
async def test_a_queue_that_is_full_is_measured(hass: HomeAssistant) -> None:
    figures = await async_waiting(300, 0.1, Core(hass, Probe()))
    assert set(figures) == {figure.key for figure in WAITING.figures}
    assert figures["setup_ms"] > 0
