"""The house of the demo: what it is made of, and its past."""

from datetime import UTC, datetime, timedelta
from typing import Any, override

import pytest

from script.lib.demo import house, past, roof
from script.lib.demo.memory import House, Memory
from script.lib.demo.place import Place
from script.lib.demo.say import DemoError
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
    await house.bring(
        home, Memory(begin, {}, {house.KEY: "known"}), "http://127.0.0.1:1", "http://127.0.0.1:2"
    )
    assert home.imported == {}
    assert home.said == [{"config_entry_id": "known"}]


class FormHome(RememberingHome):
    """Answers the forms of parts, and refuses one of a name."""

    refused = ""

    @override
    async def get(self, path: str) -> Any:
        return [{"entry_id": "house", "state": "loaded", "reason": None}]

    @override
    async def post(self, path: str, data: dict[str, Any]) -> Any:
        self.said.append(data)
        if "handler" in data:
            return {"type": "form", "flow_id": data["handler"][1]}
        kind = "form" if self.refused and data.get("name") == self.refused else "create_entry"
        return {"type": kind, "flow_id": "more", "errors": {"peak_w": "bad"}}


async def test_the_roof_is_that_of_the_world() -> None:
    home = FormHome()
    await roof.describe(home, "house", "http://127.0.0.1:2", BEGIN)
    answers = [said for said in home.said if "handler" not in said]
    assert answers[0] == {"service": True, "url": "http://127.0.0.1:2"}
    assert [one["peak_w"] for one in answers[1:4]] == [2580, 3280, 5330]
    assert answers[4] == {
        "config_entry_id": "house",
        "source": "weather",
        "start": BEGIN.isoformat(),
    }


async def test_a_plane_that_is_refused_is_told() -> None:
    home = FormHome()
    home.refused = "Enphase"
    with pytest.raises(DemoError, match="its plane was refused"):
        await roof.describe(home, "house", "http://127.0.0.1:2", BEGIN)
