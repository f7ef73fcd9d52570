"""What is asked of the cloud and when. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum
from typing import Any, Final

_LONGEST_BACK_OFF: Final = timedelta(hours=1)


class Task(IntEnum):
    """Kinds of calls; of those that are due at the same time, the lower goes first."""

    PLANTS = 0
    INVERTERS = 1
    STATUS = 2
    LIVE = 3
    DAY = 4
    YESTERDAY = 5


# What these bring is remembered over a restart, after which they wait for this long.
LISTS: Final = frozenset({Task.PLANTS, Task.INVERTERS})
_LIST_LASTS: Final = timedelta(hours=1)
# Nothing new comes of these while a plant sleeps.
WAKING: Final = frozenset({Task.STATUS, Task.LIVE, Task.DAY})
# These see the end of a day: asked once more after it.
CLOSING: Final = frozenset({Task.LIVE, Task.DAY})


@dataclass(slots=True)
class Job:
    """One call that is made again and again."""

    task: Task
    due: datetime
    plant: int | None = None
    serial: str | None = None
    """The inverter, where a call is about one."""
    failures: int = 0
    done: datetime | None = None
    closed: date | None = None
    """The last day whose end was seen."""

    def succeed(self, now: datetime, every: timedelta) -> None:
        """Note that it worked."""
        self.failures, self.done, self.due = 0, now, now + every

    def fail(self, now: datetime, least: timedelta) -> None:
        """Note that it did not; each time twice as long passes before the next try."""
        self.failures += 1
        pause = min(least * 2 ** min(self.failures - 1, 12), max(least, _LONGEST_BACK_OFF))
        self.due = now + pause

    def is_closed(self, evening: date) -> bool:
        """Return whether the end of the day of this evening was seen."""
        return self.closed is not None and self.closed >= evening


class Agenda:
    """All jobs of an entry."""

    def __init__(self) -> None:
        """Start empty."""
        self._jobs: dict[tuple[Task, int | None, str | None], Job] = {}

    def __iter__(self) -> Iterator[Job]:
        return iter(self._jobs.values())

    def add(
        self, task: Task, due: datetime, plant: int | None = None, serial: str | None = None
    ) -> Job:
        """Return the job of this kind; a new one is due at `due`."""
        return self._jobs.setdefault((task, plant, serial), Job(task, due, plant, serial))

    def find(self, task: Task, plant: int | None = None) -> Job:
        """Return a job that is there."""
        return self._jobs[task, plant, None]

    def keep(self, plants: set[int], serials: dict[int, set[str]]) -> None:
        """Drop the jobs of plants, and of inverters of a plant, that are gone."""
        for key, job in list(self._jobs.items()):
            if job.plant is None:
                continue
            gone = job.serial is not None and job.serial not in serials.get(job.plant, set())
            if job.plant not in plants or gone:
                del self._jobs[key]

    def as_state(self) -> list[Any]:
        """Return when which list was asked for, for `restore`."""
        return [
            [int(job.task), job.plant, job.done.isoformat()]
            for job in self
            if job.task in LISTS and job.done is not None
        ]

    def restore(self, state: Sequence[Any]) -> None:
        """Let lists that were asked for a moment ago wait: somebody may restart again and again."""
        for task, plant, done in state:
            if (job := self._jobs.get((Task(task), plant, None))) is not None:
                job.done = datetime.fromisoformat(done)
                # Not for ever, should the clock have been wrong.
                job.due = min(max(job.due, job.done + _LIST_LASTS), job.due + _LIST_LASTS)
