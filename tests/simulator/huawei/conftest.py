"""Time that jumps, so that no test waits for a delay."""

import asyncio
from collections.abc import AsyncIterator
import selectors

import pytest

_PATIENCE_S = 0.004
"""Real time in which bytes on the loopback always arrive."""


@pytest.fixture(autouse=True)
async def _jumping_time(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """Let the loop's clock stand, and jump to its next timer as soon as nothing else happens."""
    loop = asyncio.get_running_loop()
    selector = loop._selector  # type: ignore[attr-defined]  # the loop of every Unix
    now_s = loop.time()
    real_select = selector.select

    def select(timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        nonlocal now_s
        if timeout is None or timeout <= 0:
            return list(real_select(timeout))
        found = list(real_select(min(timeout, _PATIENCE_S)))
        if not found:
            now_s += timeout
        return found

    monkeypatch.setattr(loop, "time", lambda: now_s)
    monkeypatch.setattr(selector, "select", select)
    yield
    monkeypatch.undo()
