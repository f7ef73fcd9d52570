"""The probe sees how long the event loop was away."""

import asyncio
from collections.abc import Callable
from time import thread_time

from script.lib.bench.probe import Probe


def _run(work: Callable[[Probe], None]) -> Probe:
    probe = Probe()

    async def main() -> None:
        await asyncio.sleep(0)
        asyncio.get_running_loop().call_soon(work, probe)
        # Two turns: the one that works and the one that notices it.
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(probe)) as runner:
        runner.run(main())
    return probe


def _busy(seconds: float) -> None:
    start = thread_time()
    while thread_time() - start < seconds:
        pass


def test_work_in_a_callback_is_a_block_in_time_and_in_cpu_time() -> None:
    probe = _run(lambda _: _busy(0.05))

    assert probe.longest_cpu_seconds >= 0.05
    assert probe.longest_seconds >= 0.05


def test_a_reset_forgets_what_the_running_turn_did() -> None:
    def work(probe: Probe) -> None:
        _busy(0.2)
        probe.reset()

    assert _run(work).longest_cpu_seconds < 0.2
