"""Kills Home Assistant again and again while it imports ten years of five series.

In the end every hour must be as an undisturbed import leaves it: none missing, doubled, or
below zero.
"""

import asyncio
from collections.abc import Iterator
from contextlib import closing
import multiprocessing
from pathlib import Path
import random
import sqlite3
import time
from typing import Final

from ..bench.forecast.importing import BEGIN, COLUMNS, HOURS_A_YEAR, values, write_file
from .diary import Diary
from .import_life import live

_KILLS: Final = 20
_YEARS: Final = 10
_LONGEST_PAUSE_S: Final = 0.3
_PATIENCE_S: Final = 900
_DATABASE: Final = "home-assistant_v2.db"
_MEASURES: Final = ("irradiance", "temperature")


async def watch(folder: Path, diary: Diary) -> list[str]:
    """Kill twenty times, let one life finish; return what was wrong."""
    return await asyncio.to_thread(_watch, folder, diary)


def _watch(folder: Path, diary: Diary) -> list[str]:
    hours = _YEARS * HOURS_A_YEAR
    write_file(folder, hours)
    dice = random.Random(1)  # noqa: S311 - no secret
    context = multiprocessing.get_context("spawn")
    # What a life may write at most, so that some is left for the last one.
    share = 1.3 * hours * len(COLUMNS) / _KILLS
    kills = 0
    while kills < _KILLS and not (folder / "over").exists():
        process = context.Process(target=live, args=(folder,), daemon=True)
        process.start()
        _wait(folder, "living")
        _outlive(folder, _rows(folder) + dice.uniform(0, share))
        time.sleep(dice.uniform(0, _LONGEST_PAUSE_S))
        process.kill()
        process.join()
        kills += 1
        diary.note(f"killed {kills} times, {_rows(folder)} rows")
    process = context.Process(target=live, args=(folder,), daemon=True)
    process.start()
    _wait(folder, "over")
    process.join()
    diary.note(f"over after {kills} kills, {_rows(folder)} rows")
    wrong = [] if kills == _KILLS else [f"it was over after {kills} kills"]
    return [*wrong, *judge(folder / _DATABASE, hours)]


def judge(database: Path, hours: int) -> Iterator[str]:
    """Yield what is wrong with the rows of a database."""
    with closing(sqlite3.connect(database)) as connection:
        for place, name in enumerate(COLUMNS):
            found = connection.execute(
                "SELECT start_ts, sum, mean FROM statistics JOIN statistics_meta"
                " ON statistics_meta.id = metadata_id WHERE statistic_id = ? ORDER BY start_ts",
                (f"energy_hub:home_{name}",),
            ).fetchall()
            if len(found) != hours:
                yield f"{name} has {len(found)} rows, not {hours}"
                continue
            yield from _differences(place, name, found)


def _differences(
    place: int, name: str, found: list[tuple[float, float | None, float | None]]
) -> Iterator[str]:
    before = 0.0
    for hour, (start, total, mean) in enumerate(found):
        if start != BEGIN.timestamp() + 3600 * hour:
            yield f"{name}: row {hour} is of another hour"
            return
        seen = mean if name in _MEASURES else (total or 0.0) - before
        before = total or 0.0
        if seen is None or abs(seen - values(hour)[place]) > 1e-6:
            yield f"{name}: hour {hour} has {seen}, not {values(hour)[place]}"
            return


def _rows(folder: Path) -> int:
    with closing(sqlite3.connect(folder / _DATABASE)) as connection:
        (rows,) = connection.execute("SELECT COUNT(*) FROM statistics").fetchone()
    return int(rows)


def _outlive(folder: Path, rows: float) -> None:
    """Wait until so many rows are there, or the import is over."""
    while _rows(folder) < rows and not (folder / "over").exists():
        time.sleep(0.05)


def _wait(folder: Path, name: str) -> None:
    """Wait for a sign of life, which the next life gives anew; raises TimeoutError."""
    end = time.monotonic() + _PATIENCE_S
    while not (folder / name).exists():
        if time.monotonic() > end:
            raise TimeoutError(f"no {name} in {_PATIENCE_S} s")
        time.sleep(0.05)
    if name == "living":
        (folder / name).unlink()
