"""Time that jumps, so that no test waits for a delay."""

from ..huawei.conftest import _jumping_time

__all__ = ["_jumping_time"]
