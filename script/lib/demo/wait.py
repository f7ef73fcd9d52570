"""Waiting for something that only tells when it is asked."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

_PAUSE_SECONDS: Final = 0.1


async def until[T](ask: Callable[[], Awaitable[T]], good: Callable[[T], bool], seconds: float) -> T:
    """Ask until the answer is good and return it; raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while True:
            answer = await ask()
            if good(answer):
                return answer
            await asyncio.sleep(_PAUSE_SECONDS)
