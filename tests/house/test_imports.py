"""History from before, on a real recorder: counted, written, killed, taken back."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
import random

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.energy_hub.rewrite import Rewrite, async_rewrite
from custom_components.energy_hub.statistics import Series, async_write_changes
from homeassistant.components.recorder import Recorder
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from simulator.weather import WeatherFault as Fault

from .forecasting import Under, build, under
from .importing import (
    FIRST,
    HOUR,
    Ask,
    as_csv,
    ask,
    columns_of,
    imports,
    made_up,
    past,
    stands,
    truth,
)

__all__ = ["ask", "build", "past", "under"]

MONTH = 30 * 24
SOLAR = Series("home_solar", "Home solar", "kWh", "energy")


async def test_the_history_of_a_month_is_the_truth_row_by_row(
    recorder_mock: Recorder, hass: HomeAssistant, under: Under, ask: Ask, tmp_path: Path
) -> None:
    rows = truth(under, MONTH)
    file = as_csv(rows, ("solar", "export", "forecast"))
    (tmp_path / "month.csv").write_text(file, encoding="utf-8")
    told = await ask("import_history", source="csv", file="month.csv")
    assert told["finished"]
    assert told["blocks"] == {"to_do": 0, "faulty": 0, "done": 0, "closed": 30}
    assert told["rows_written"] == 4 * MONTH
    span = {"start": FIRST.isoformat(), "end": (FIRST + MONTH * HOUR).isoformat()}
    archive = await ask("import_history", source="weather", **span)
    assert archive["rows_written"] == 2 * MONTH
    history = (await ask("get_history", **span))["rows"]
    assert len(history) == MONTH
    for row, (at, true) in zip(history, rows.items(), strict=True):
        assert datetime.fromisoformat(row["start"]) == at
        assert row["pv"] == true["solar"]
        assert row["returned"] == true["export"]
        assert row["forecast"] == true["forecast"]
        assert row["forecast_corrected"] is None
        assert row["irradiance"] == pytest.approx(true["irradiance"], abs=0.11)
        assert row["temperature"] == pytest.approx(true["temperature"], abs=0.11)


async def test_a_preview_writes_nothing(
    recorder_mock: Recorder, hass: HomeAssistant, under: Under, ask: Ask, tmp_path: Path
) -> None:
    rows = made_up(48)
    live = dict.fromkeys(list(rows)[10:15], 9.0)
    await async_write_changes(hass, SOLAR, live)
    text = as_csv(rows).replace("start,", "start,wind,").replace("+00:00,", "+00:00,3,")
    (tmp_path / "days.csv").write_text(text, encoding="utf-8")
    told = await ask("import_history", source="csv", file="days.csv", preview=True)
    assert told["preview"]
    assert told["first_day"] == "2026-06-01"
    assert told["days"] == 2
    # One solar source: the total and the source have a series each.
    assert told["columns"]["solar"] == {"hours": 48, "rows": 96 - 5}
    assert told["columns"]["export"] == {"hours": 48, "rows": 48}
    assert told["ignored_columns"] == ["wind"]
    assert await stands(hass, 48) == {"solar": live}


async def test_what_is_there_stays_and_an_undo_restores_it(
    recorder_mock: Recorder, hass: HomeAssistant, under: Under, ask: Ask, tmp_path: Path
) -> None:
    rows = made_up(72)
    hours = list(rows)
    live = dict.fromkeys(hours[20:30], 2.0) | {FIRST + 500 * HOUR: 1.0}
    await async_write_changes(hass, SOLAR, live)
    (tmp_path / "days.csv").write_text(as_csv(rows), encoding="utf-8")
    told = await ask("import_history", source="csv", file="days.csv")
    found = await stands(hass, 72)
    wanted = columns_of(rows)
    assert found == {**wanted, "solar": wanted["solar"] | live}
    # The same again finds nothing to do.
    again = await ask("import_history", source="csv", file="days.csv")
    assert again["rows_written"] == 0
    back = await ask("undo_import", import_id=told["import_id"])
    assert back["rows_removed"] == told["rows_written"] == 6 * 72 - 10
    assert await stands(hass, 72) == {"solar": live}
    with pytest.raises(ServiceValidationError) as error:
        await ask("undo_import", import_id=told["import_id"])
    assert error.value.translation_key == "no_import"


async def test_faulty_days_are_left_out_and_told(
    recorder_mock: Recorder, hass: HomeAssistant, under: Under, ask: Ask, tmp_path: Path
) -> None:
    rows = made_up(72)
    bad = FIRST + 30 * HOUR
    text = as_csv(rows).replace(f"{bad.isoformat()},{rows[bad]['solar']}", f"{bad.isoformat()},-3")
    (tmp_path / "days.csv").write_text(text, encoding="utf-8")
    told = await ask("import_history", source="csv", file="days.csv")
    assert told["blocks"] == {"to_do": 0, "faulty": 1, "done": 0, "closed": 2}
    assert told["faulty_days"] == {"2026-06-02": "row 31: solar is -3"}
    found = await stands(hass, 72)
    assert len(found["solar"]) == len(found["temperature"]) == 48


class Killer:
    """Ends an import at random moments: before rows are in the database, or just after."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)
        self._real = async_rewrite
        self.kills = 0
        self._left = 0
        self.load(3)

    def load(self, kills: int) -> None:
        """Have so many kills ahead."""
        self._kills_left = kills
        self._left = self._dice.randint(0, 3)

    async def rewrite(self, hass: HomeAssistant, rewrites: Sequence[Rewrite]) -> None:
        """Write, unless it is time to die."""
        if not self._kills_left or self._left:
            self._left -= 1
            await self._real(hass, rewrites)
            return
        self.load(self._kills_left - 1)
        self.kills += 1
        if self._dice.random() < 0.5:
            await self._real(hass, rewrites)
        raise asyncio.CancelledError


async def test_an_import_that_is_killed_three_times(
    recorder_mock: Recorder,
    hass: HomeAssistant,
    under: Under,
    past: MockConfigEntry,
    ask: Ask,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Sixty days of five series end as if nothing had happened; so does their undo."""
    monkeypatch.setattr(
        "custom_components.energy_hub.house.import_load.TableLoader.days_at_once", 7
    )
    killer = Killer(2)
    monkeypatch.setattr("custom_components.energy_hub.house.imports.async_rewrite", killer.rewrite)
    rows = made_up(60 * 24)
    live = {FIRST + n * HOUR: 1.5 for n in range(30 * 24, 31 * 24)}
    live |= {FIRST + 1500 * HOUR: 1.0}
    await async_write_changes(hass, SOLAR, live)
    (tmp_path / "days.csv").write_text(as_csv(rows), encoding="utf-8")
    told = await ask("import_history", source="csv", file="days.csv")
    await _gone_on(hass, past, killer, 3)
    (job,) = imports(past)._jobs.values()
    assert job.counts()["closed"] == 60
    wanted = columns_of(rows)
    assert await stands(hass, 60 * 24) == {**wanted, "solar": wanted["solar"] | live}
    killer.load(3)
    await ask("undo_import", import_id=told["import_id"])
    await _gone_on(hass, past, killer, 6)
    assert imports(past)._jobs == {}
    assert await stands(hass, 60 * 24) == {"solar": live}


async def _gone_on(hass: HomeAssistant, entry: MockConfigEntry, killer: Killer, kills: int) -> None:
    """Start again after each kill, until all have happened and nothing is left to do."""
    while any(task.cancelled() for task in imports(entry)._running.values()):
        assert await hass.config_entries.async_reload(entry.entry_id)
        await asyncio.wait([*imports(entry)._running.values()])
    assert killer.kills == kills


async def test_a_file_that_changed_meanwhile_ends_its_import(
    recorder_mock: Recorder,
    hass: HomeAssistant,
    under: Under,
    past: MockConfigEntry,
    ask: Ask,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    expected_complaints: list[str],
) -> None:
    expected_complaints.append("its file has changed")
    killer = Killer(4)
    monkeypatch.setattr("custom_components.energy_hub.house.imports.async_rewrite", killer.rewrite)
    monkeypatch.setattr(
        "custom_components.energy_hub.house.import_load.TableLoader.days_at_once", 1
    )
    path = tmp_path / "days.csv"
    path.write_text(as_csv(made_up(10 * 24)), encoding="utf-8")
    await ask("import_history", source="csv", file="days.csv")
    assert killer.kills == 1
    path.unlink()
    assert await hass.config_entries.async_reload(past.entry_id)
    await asyncio.gather(*imports(past)._running.values())
    (job,) = imports(past)._jobs.values()
    assert job.over
    (told,) = imports(past).diagnostics()
    assert told["faulty"] > 5
    assert told["to_do"] == 0


async def test_an_archive_that_does_not_answer_is_asked_later(
    recorder_mock: Recorder,
    hass: HomeAssistant,
    under: Under,
    past: MockConfigEntry,
    ask: Ask,
    expected_complaints: list[str],
) -> None:
    expected_complaints.append("goes on later")
    await under.service.faults.set(Fault.SERVER_ERROR, True)
    span = {"start": FIRST.isoformat(), "end": (FIRST + 48 * HOUR).isoformat()}
    told = await ask("import_history", source="weather", **span)
    assert told["blocks"]["to_do"] == 2
    await under.service.faults.clear()
    await under.passes(16 * HOUR / 60)
    await asyncio.gather(*imports(past)._running.values())
    (job,) = imports(past)._jobs.values()
    assert job.rows == 96


@pytest.mark.parametrize(
    ("data", "key"),
    [
        ({"source": "csv"}, "file_wanted"),
        ({"source": "weather", "file": "days.csv"}, "file_not_wanted"),
        ({"source": "weather"}, "start_wanted"),
        ({"source": "csv", "file": "../secrets.csv"}, "file_not_allowed"),
        ({"source": "csv", "file": "/etc/passwd"}, "file_not_allowed"),
        ({"source": "csv", "file": "outside.csv"}, "file_not_allowed"),
        ({"source": "csv", "file": "secrets.yaml"}, "file_not_allowed"),
        ({"source": "csv", "file": "nothing.csv"}, "file_missing"),
        ({"source": "csv", "file": "bytes.csv"}, "csv_no_header"),
        ({"source": "csv", "file": "values.csv"}, "csv_no_values"),
        ({"source": "csv", "file": "empty.csv"}, "nothing_to_import"),
        ({"source": "weather", "start": "2026-09-20 00:00:00"}, "nothing_to_import"),
        (
            {"source": "weather", "start": "2026-09-02 00:00:00", "end": "2026-09-01 00:00:00"},
            "end_before_start",
        ),
    ],
)
async def test_what_cannot_be_imported(
    recorder_mock: Recorder,
    hass: HomeAssistant,
    ask: Ask,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    data: dict[str, str],
    key: str,
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "outside.csv"
    elsewhere.write_text("start,solar\n", encoding="utf-8")
    (tmp_path / "outside.csv").symlink_to(elsewhere)
    (tmp_path / "bytes.csv").write_bytes(b"start,\xff\xfe\n")
    (tmp_path / "values.csv").write_text("start,wind\n", encoding="utf-8")
    (tmp_path / "empty.csv").write_text("start,solar\n", encoding="utf-8")
    with pytest.raises(ServiceValidationError) as error:
        await ask("import_history", **data)
    assert error.value.translation_key == key


async def test_history_needs_a_house_and_a_recorder(
    hass: HomeAssistant, under: Under, ask: Ask
) -> None:
    with pytest.raises(ServiceValidationError) as error:
        await ask("get_history", start=FIRST.isoformat())
    assert error.value.translation_key == "no_recorder"
