"""A device in a process of its own: its port, what was asked of it, its end."""

import asyncio

from script.lib.bench import apart

_ME = "tests.script.test_bench_apart"


def test_the_device_ends_with_its_context() -> None:
    with apart.Apart(_ME) as device:
        assert device.port == 502
        assert device.take() == ["a request"]
        assert device.take() == []

    assert device.process.returncode == 0


if __name__ == "__main__":
    asked = [["a request"], []]
    asyncio.run(apart.serve(502, lambda: asked.pop(0)))
