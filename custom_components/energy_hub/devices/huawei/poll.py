"""One pass over the blocks that are due: bounded in time, and unfair to those that fail."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from ...errors import DeviceError
from .client import ILLEGAL, Link, RefusedError
from .plan import Item, is_open

# One request without an answer and one second try: that is all a poll has time for.
_PATIENCE: Final = 2


async def async_poll(link: Link, unit: int, plan: Sequence[Item], now: datetime) -> None:
    """Ask every block of the plan that is due; its items hold what came of it.

    The first item is what the poll is about: when that does not answer, its DeviceError is
    raised. Blocks that failed lately come last, so that the others keep their pace.
    """
    first = plan[0]
    due = [item for item in plan if item.is_due(now)]
    due.sort(key=lambda item: (item is not first, item.failures > 0))
    patience = _PATIENCE
    for item in due:
        while True:
            try:
                await _ask(link, unit, item, now)
                break
            except DeviceError:
                patience -= 1
                if patience:
                    continue
                item.fail(now)
                if item is first:
                    raise
                return


async def _ask(link: Link, unit: int, item: Item, now: datetime) -> None:
    """Ask one block; that it does not exist, or holds nothing, is an answer."""
    try:
        if item.gate is not None and item.doubtful():
            gate = item.gate.decode(await link.read(unit, item.gate.address, item.gate.count))
            if not is_open(gate):
                item.close(now)
                return
        item.succeed(await link.read(unit, item.block.address, item.block.count), now)
    except RefusedError as err:
        if err.code in ILLEGAL:
            item.refuse(now)
        else:
            item.fail(now)
    except ValueError:
        item.fail(now)
