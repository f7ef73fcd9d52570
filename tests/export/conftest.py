"""A queue in a file of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from custom_components.energy_hub.export.store import Store

from .tools import TARGET


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where the queue lies."""
    return tmp_path / "outbox.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    """Return an open queue."""
    store = Store(path, TARGET)
    yield store
    store.close()


@pytest.fixture
def hass_config_dir(hass_tmp_config_dir: str) -> str:
    """Return a folder for Home Assistant in which a queue may lie."""
    return hass_tmp_config_dir
