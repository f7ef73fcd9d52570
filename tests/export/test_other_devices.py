"""Inverters, meters and batteries on their way: once a slot, and never in the way of the plants."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import timedelta
import sqlite3
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.energy_hub.const import DOMAIN
from custom_components.energy_hub.reading import Flow, Reading, Shown
from custom_components.energy_hub.site import async_get_site
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
from simulator.enrg import EnrgFault
from tests.helpers import number, state

from .home import BARN, ROOF, START, Home, home

__all__ = ["home"]

KINDS = ("inverter", "meter", "battery")
MINUTES_TO_ONE = 54


class Hybrid:
    """An inverter with a battery and a meter, which always speaks of now."""

    histories: Mapping[str, str] = {}
    balances = None

    @property
    def readings(self) -> Sequence[Reading]:
        return [
            Reading(
                source=f"H1_{flow}",
                flow=flow,
                at=dt_util.utcnow(),
                valid_for=timedelta(minutes=1),
                power_w=500.0,
                to_house_kwh=1.5,
            )
            for flow in (Flow.SOLAR, Flow.GRID, Flow.BATTERY)
        ]

    def shown(self, reading: Reading) -> Shown:
        return Shown(soc="H1_soc" if reading.flow is Flow.BATTERY else None)

    def told(self, source: str, keys: Collection[str]) -> Mapping[str, Any]:
        return {}

    def async_add_listener(self, update_callback: Callable[[], None]) -> Callable[[], None]:
        return lambda: None


@pytest.fixture
def hybrid(hass: HomeAssistant, home: Home) -> None:
    """Put a hybrid beside the roof; its battery shows how full it is."""
    async_get_site(hass).register("hybrid", Hybrid())  # type: ignore[arg-type]  # never asked more
    entity = er.async_get(hass).async_get_or_create("sensor", DOMAIN, "H1_soc")
    hass.states.async_set(entity.entity_id, "61.5")


async def until_one(home: Home) -> None:
    """Let the slot of twelve end, and a little more."""
    await home.passes(MINUTES_TO_ONE * 60)
    await home.passes(90, step=10)


def sent(home: Home) -> dict[str, list[tuple[Any, Any, tuple[str, ...], int | None]]]:
    """Return what was sent of each kind."""
    return {
        kind: [
            (call.plant, call.date, call.devices, call.status)
            for call in home.service.calls_of(kind)
        ]
        for kind in KINDS
    }


@pytest.mark.usefixtures("hybrid")
async def test_each_kind_is_delivered_once_a_slot(home: Home) -> None:
    # What the roof gives is delivered by its micro-inverters.
    home.roof.grow(ROOF, START.replace(hour=11))
    entry = await home.deliver(kinds=[*KINDS])
    await until_one(home)
    assert await home.hass.config_entries.async_reload(entry.entry_id)
    await home.passes(120, step=20)
    noon = "2026-06-17 12:00:00"
    assert sent(home) == {
        "inverter": [(ROOF, noon, ("H1_solar",), 200)],
        "meter": [(ROOF, noon, ("H1_grid",), 200)],
        "battery": [(ROOF, noon, ("H1_battery",), 200)],
    }
    rows = {row.id: row.content for row in home.service.archive.of_kind("device")}
    assert rows["H1_battery"]["SOC"] == 61.5
    assert rows["H1_battery"]["POWER_SNAPSHOT"] == -500.0
    assert rows["H1_solar"]["ENERGY_TOTAL"] == 1500.0


@pytest.mark.usefixtures("hybrid")
async def test_by_default_none_is_sent(home: Home) -> None:
    await home.deliver()
    await until_one(home)
    assert len(home.dates()) == 2
    assert sent(home) == {kind: [] for kind in KINDS}


@pytest.mark.usefixtures("hybrid")
async def test_a_kind_that_the_platform_does_not_know_stands_in_nobodys_way(
    hass: HomeAssistant, home: Home
) -> None:
    await home.service.faults.set(EnrgFault.KINDS_UNKNOWN, True)
    await home.deliver(kinds=["meter"])
    await until_one(home)
    await home.passes(1800, step=300)
    assert [one[-1] for one in sent(home)["meter"]] == [404]
    assert len(home.dates()) == 2
    assert number(hass, "enrg0_rejected") == 1
    issues = home.issues()
    assert "3187654 / H1_grid" in issues["enrg_refused"]["what"]
    assert "no values of meter here" in issues["enrg_refused"]["what"]
    assert "enrg_wrong_address" not in issues
    await home.service.faults.clear()
    assert await home.action("enrg_retry_refused") == {"records": 1}
    await home.drain(5)
    assert number(hass, "enrg0_rejected") == 0


@pytest.mark.usefixtures("hybrid")
async def test_devices_belong_to_the_plant_that_was_named(home: Home) -> None:
    home.roof.grow(BARN, START, "C3")
    since = (START - timedelta(hours=3)).isoformat()
    plants = {str(one): {"id": one, "since": since} for one in (ROOF, BARN)}
    home.hass.states.async_set("sensor.energy_hub_h1_soc", "unavailable")
    await home.deliver(plants=plants, kinds=["battery"], kinds_plant=BARN)
    await until_one(home)
    assert [one[0] for one in sent(home)["battery"]] == [BARN]
    (battery,) = (row for row in home.service.archive.of_kind("device") if row.id == "H1_battery")
    assert battery.content["SOC"] is None


@pytest.mark.usefixtures("hybrid")
async def test_what_waits_of_a_kind_that_is_taken_out_is_given_up(
    hass: HomeAssistant, home: Home
) -> None:
    await home.service.faults.set(EnrgFault.KINDS_UNAVAILABLE, True)
    entry = await home.deliver(kinds=["meter"])
    await until_one(home)
    assert number(hass, "enrg0_queue_length") == 1
    hass.config_entries.async_update_entry(entry, options={**entry.options, "kinds": []})
    await hass.config_entries.async_reload(entry.entry_id)
    await home.settle()
    assert number(hass, "enrg0_queue_length") == 0


@pytest.mark.usefixtures("hybrid")
async def test_a_disk_that_fails_loses_no_slot(
    home: Home, monkeypatch: pytest.MonkeyPatch, expected_complaints: list[str]
) -> None:
    expected_complaints.append("The queue of a destination cannot be used")
    entry: MockConfigEntry = await home.deliver(kinds=["meter"])
    devices = entry.runtime_data._devices

    async def fails(*_args: Any, **_more: Any) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    with monkeypatch.context() as patch:
        patch.setattr(devices._outbox, "async_add", fails)
        await home.passes(MINUTES_TO_ONE * 60)
        await home.passes(70, step=70)
    assert sent(home)["meter"] == []
    await home.passes(120, step=20)
    assert [one[1] for one in sent(home)["meter"]] == ["2026-06-17 12:00:00"]


@pytest.mark.usefixtures("hybrid")
async def test_the_preview_shows_what_would_be_sent_of_other_devices(
    hass: HomeAssistant, home: Home
) -> None:
    entry = await home.deliver()
    configure = hass.config_entries.options.async_configure
    result: dict[str, Any] = dict(await hass.config_entries.options.async_init(entry.entry_id))
    flow = result["flow_id"]
    await configure(flow, {"plants": [str(ROOF)], "interval": "60", "dry_run": False})
    result = dict(await configure(flow, {f"Plant 654 ({ROOF})": ROOF}))
    keys = result["data_schema"].schema
    said = {str(key): key.description["suggested_value"] for key in keys}
    assert (said["kinds"], said["kinds_plant"]) == ([], 0)
    result = dict(await configure(flow, said | {"kinds": ["meter"], "kinds_plant": ROOF}))
    preview = result["description_placeholders"]["preview"]
    assert '"INFORMATION_METERS"' in preview
    assert '"ID_DEVICE": "H1_grid"' in preview
    assert '"INFORMATION_BATTERIES"' not in preview
    await configure(flow, {})
    await home.settle()
    assert (entry.options["kinds"], entry.options["kinds_plant"]) == (["meter"], ROOF)


@pytest.mark.usefixtures("hybrid")
async def test_a_home_without_plants_delivers_what_it_has(hass: HomeAssistant, home: Home) -> None:
    home.roof.plants.clear()
    entry = await home.add()
    configure = hass.config_entries.options.async_configure
    result: dict[str, Any] = dict(await hass.config_entries.options.async_init(entry.entry_id))
    flow = result["flow_id"]
    result = dict(await configure(flow, {"plants": [], "interval": "60", "dry_run": False}))
    keys = result["data_schema"].schema
    said = {
        str(key): key.description["suggested_value"] for key in keys if str(key) != "kinds_house"
    }
    result = dict(await configure(flow, said | {"kinds": ["meter", "house"]}))
    assert result["errors"] == {"kinds": "enrg_no_house", "kinds_plant": "enrg_kinds_plant"}
    result = dict(await configure(flow, said | {"kinds": ["meter"], "kinds_plant": 5}))
    assert '"ID_PLANT": 5' in result["description_placeholders"]["preview"]
    await configure(flow, {})
    await home.settle()
    assert entry.options["kinds_since"] == START.isoformat()
    assert state(hass, "enrg0_delivery").state == "delivering"
    await until_one(home)
    # The slot of noon had begun before they were chosen.
    assert sent(home)["meter"] == []
    await home.passes(3570, step=1190)
    await home.passes(60, step=10)
    assert sent(home)["meter"] == [(5, "2026-06-17 13:00:00", ("H1_grid",), 200)]
    (told,) = (await home.action("enrg_preview"))["plants"]
    assert (told["plant"], told["kind"]) == (5, "meter")
