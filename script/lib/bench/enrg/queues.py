"""Plants, their messages, and queues that are full of them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from custom_components.energy_hub.export import queue
from custom_components.energy_hub.export.enrg import build
from custom_components.energy_hub.export.form import Choice, Form
from custom_components.energy_hub.export.record import Message
from custom_components.energy_hub.export.store import Store
from custom_components.energy_hub.reading import History, PortSample, Sample

BEGIN: Final = datetime(2026, 6, 1, tzinfo=UTC)
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
_INVERTERS: Final = 4
_PLANTS: Final = 100
# The newest of every plant, then the backlog: as if each had been added by itself.
_COPY: Final = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
    " INSERT INTO record (target, kind, plant, slot_utc, revision, payload, hash, origin, state,"
    " lane, created_utc) SELECT target, kind, i % 100, slot_utc + (1 + i / 100) * 3600000, 0,"
    " payload, hash, origin, state, i < ? - 99, created_utc FROM record, n WHERE id = 1"
)


def messages(count: int) -> Iterator[Message]:
    """Yield the messages of plants, each built from the memory of its day."""
    made = 0
    for plant in range(1, count):
        built = build(
            _history(plant), Choice(id=plant), Form(), BEGIN, BEGIN + _DAY, BEGIN + _DAY * 2
        )
        for message in built.messages:
            if made == count:
                return
            made += 1
            yield message


def fill(path: Path, target: str, count: int) -> None:
    """Make a queue in which so many messages wait."""
    store = Store(path, target)
    if count:
        now = datetime.now(UTC)
        store.do(queue.add, next(messages(2)), now)
        store.do(lambda db: db.execute(_COPY, (count - 1, count)))
    store.close()


def _history(plant: int) -> History:
    """Return what a plant remembers of a day, label by label."""
    labels = [BEGIN + number * timedelta(minutes=15) for number in range(96)]
    samples = {
        f"{plant:06}{number}": [
            Sample(
                at,
                310.0,
                50.01,
                38.5,
                (231.2,),
                {port: PortSample(31.2, 5.1, 159.0, 10.0 * place) for port in (1, 2, 3, 4)},
            )
            for place, at in enumerate(labels)
        ]
        for number in range(_INVERTERS)
    }
    return History(source=str(plant), zone=UTC, samples=samples)
