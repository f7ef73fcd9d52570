"""How long the event loop is away: measured around its wait for the network."""

import selectors
from time import perf_counter, thread_time
from typing import Any, override


class Probe(selectors.DefaultSelector):
    """The selector of an event loop that notes how long it was not waiting.

    What runs between two waits holds everybody else up, be it one callback or several.
    """

    def __init__(self) -> None:
        super().__init__()
        self.reset()

    def reset(self) -> None:
        """Begin again; what this turn of the loop did so far does not count."""
        self.longest_seconds = 0.0
        """The longest time on the clock: other threads and programs may be part of it."""
        self.longest_cpu_seconds = 0.0
        """The longest time that the thread of the loop itself worked."""
        self._resume()

    @override
    def select(self, timeout: float | None = None) -> list[tuple[Any, int]]:
        """Wait as ever, and note how long the turn before took."""
        self.longest_seconds = max(self.longest_seconds, perf_counter() - self._awake_at)
        self.longest_cpu_seconds = max(self.longest_cpu_seconds, thread_time() - self._cpu_at)
        ready = super().select(timeout)
        self._resume()
        return ready

    def _resume(self) -> None:
        self._awake_at = perf_counter()
        self._cpu_at = thread_time()
