"""The copy that each test breaks."""

from pathlib import Path

import pytest

from .checkout import make_copy


@pytest.fixture(name="copy")
def _copy(tmp_path: Path) -> Path:
    """Return a copy of the checkout without a defect."""
    return make_copy(tmp_path)
