"""The house of the demo: what it is made of, and its past."""

from datetime import UTC, datetime, timedelta
from typing import Any, override

import pytest

from script.lib.demo import house, past
from script.lib.demo.memory import House, Memory
from script.lib.demo.place import Place
from simulator.control import Control, serve_control
from simulator.world import House as World, mixed_house

from .demo_home import RememberingHome

BEGIN = datetime(2026, 11, 20, 23, tzinfo=UTC)
NOW = BEGIN + timedelta(hours=3, minutes=20)
HOURS = [BEGIN + count * timedelta(hours=1) for count in range(4)]


class StatisticsHome(RememberingHome):
    """Takes statistics and tells when they are written."""

    def __init__(self) -> None:
        super().__init__()
        self.imported: dict[str, list[dict[str, Any]]] = {}
        self._backlog = 2

    @override
    async def post(self, path: str, data: dict[str, Any]) -> Any:
        if path.endswith("/configure_energy_dashboard"):
            self.said.append(data)
            return []
        return await super().post(path, data)

    @override
    async def command(self, kind: str, **data: Any) -> Any:
        if kind == "recorder/info":
            self._backlog -= 1
            return {"backlog": self._backlog}
        if kind == "recorder/import_statistics":
            self.imported[data["metadata"]["statistic_id"]] = data["stats"]
            return None
        return await super().command(kind, **data)


def field(name: str, *options: str) -> dict[str, Any]:
    select = {"options": [{"value": one, "label": one} for one in options]}
    return {"name": name, "selector": {"select": select}}


def test_plants_of_neighbours_are_not_of_the_house() -> None:
    own = past.SOURCES["solar"][-1]
    form = {"data_schema": [field("grid", "grid/other"), field("solar", own, "solar/3187702")]}
    assert house.chosen(form) == {"grid": [], "solar": [own], "battery": []}


def test_a_counter_becomes_hours() -> None:
    assert past.rows(HOURS, [5.0, 6.5, 6.5, 9.0]) == [
        {"start": HOURS[0].isoformat(), "state": 1.5, "sum": 1.5},
        {"start": HOURS[1].isoformat(), "state": 1.5, "sum": 1.5},
        {"start": HOURS[2].isoformat(), "state": 4.0, "sum": 4.0},
    ]


async def test_the_past_is_that_of_the_world(socket_enabled: None) -> None:
    world = World(mixed_house(), BEGIN, fine_from=NOW)
    home = StatisticsHome()
    async with serve_control(Control(world, lambda: NOW, []), 0) as port:
        control = f"http://127.0.0.1:{port}"
        await past.remember(home, "demo_house", "Demo house", control, BEGIN, NOW)
    used = home.imported["energy_hub:demo_house_house"]
    assert [row["start"] for row in used] == [hour.isoformat() for hour in HOURS[1:3]]
    truths = [world.truth(hour) for hour in HOURS]
    assert used[-1]["sum"] == pytest.approx(truths[3].load_kwh - truths[1].load_kwh, abs=1e-5)
    solar = [rows[-1]["sum"] for name, rows in home.imported.items() if "_solar_" in name]
    assert sum(solar) == pytest.approx(home.imported["energy_hub:demo_house_solar"][-1]["sum"])


async def test_a_house_that_is_there_stays_and_is_in_the_dashboard() -> None:
    home = StatisticsHome()
    home.add("known")
    begin = House(Place(50.85, 4.35, "Europe/Brussels"), BEGIN.isoformat(), BEGIN.isoformat())
    await house.bring(home, Memory(begin, {}, {house.KEY: "known"}), "http://127.0.0.1:1")
    assert home.imported == {}
    assert home.said == [{"config_entry_id": "known"}]
