"""Sources of the Energy dashboard, from the entities of a device."""

import pytest

from script.lib.demo.devices import METER, Source
from script.lib.demo.energy import entity_id, source_item

ENTITIES = {
    "1SAG_import_total": "sensor.import_total",
    "1SAG_export_total": "sensor.export_total",
    "1SAG_grid_power": "sensor.grid_power",
    "7FLO_gas": "sensor.gas",
}


def test_a_meter_gives_the_grid_and_the_meters_behind_it() -> None:
    grid, gas, water = METER.sources
    assert source_item(grid, ENTITIES) == {
        "type": "grid",
        "stat_energy_from": "sensor.import_total",
        "stat_energy_to": "sensor.export_total",
        "stat_rate": "sensor.grid_power",
        "cost_adjustment_day": 0,
    }
    assert source_item(gas, ENTITIES) == {"type": "gas", "stat_energy_from": "sensor.gas"}
    assert source_item(water, ENTITIES) is None


def test_a_source_that_lacks_one_entity_is_left_out() -> None:
    source = Source("grid", {"stat_energy_from": "import_total", "stat_rate": "power_x"}, {})
    assert source_item(source, ENTITIES) is None


@pytest.mark.parametrize(
    ("key", "expected"),
    [("import_total", "sensor.a"), ("meter_import_total", "sensor.b")],
)
def test_the_devices_own_entity_goes_before_that_of_a_part(key: str, expected: str) -> None:
    entities = {"a_b_meter_import_total": "sensor.b", "a_b_import_total": "sensor.a"}
    assert entity_id(entities, key) == expected


def test_a_key_is_a_whole_word() -> None:
    assert entity_id({"a_import_total": "sensor.a"}, "port_total") is None
