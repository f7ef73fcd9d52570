"""A past span: from what the maker remembers, then from statistics, and what is told of it."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.energy_hub.const import DOMAIN
from custom_components.energy_hub.errors import CannotConnectError
from custom_components.energy_hub.export.plants import async_offers
from custom_components.energy_hub.site import async_get_site
from homeassistant.components.recorder.db_schema import Statistics, StatisticsShortTerm
from homeassistant.components.recorder.models import StatisticMeanType
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.recorder import get_instance

from .home import ROOF, START, Home, Roof, home

__all__ = ["home"]

HOUR = timedelta(hours=1)
DAY = datetime(2026, 6, 15, 22, tzinfo=UTC)
"""Midnight of the 16th in Brussels."""
SPAN = {"start": "2026-06-16 00:00:00", "end": "2026-06-17 00:00:00"}


def remember(home: Home, *hours: int) -> None:
    """Let the maker remember these hours of the 16th."""
    samples = [Roof.sample(DAY + hour * HOUR) for hour in hours]
    home.roof.past[str(ROOF)] = {"A1": samples, "B2": samples}


async def test_a_span_is_delivered_once(home: Home) -> None:
    await home.deliver()
    await home.drain(5)
    remember(home, 8, 9, 11)
    told = await home.action("enrg_export", **SPAN)
    (plant,) = told["plants"]
    assert (told["new"], told["same"], told["queued"], told["sent"]) == (3, 0, 3, 0)
    assert plant["plant"] == ROOF
    assert plant["gaps"] == ["2026-06-16T10:00:00+02:00"]
    assert plant["first"] == "2026-06-16T08:00:00+02:00"
    assert plant["last"] == "2026-06-16T11:00:00+02:00"
    assert plant["origins"] == {"vendor_history": 3}
    assert "payloads" not in plant
    await home.drain(10)
    told = await home.action("enrg_export", **SPAN, plants=[ROOF])
    assert (told["new"], told["same"], told["sent"]) == (0, 3, 3)
    assert [one for one in home.dates() if one < "2026-06-17"] == [
        f"2026-06-16 {hour:02}:00:00" for hour in (8, 9, 11)
    ]


async def test_what_differs_now_is_sent_again_only_on_request(home: Home) -> None:
    await home.deliver()
    remember(home, 8)
    await home.action("enrg_export", **SPAN)
    await home.drain(10)
    later = Roof.sample(DAY + 8 * HOUR)._replace(power_w=311.0)
    home.roof.past[str(ROOF)] = {"A1": [later]}
    told = await home.action("enrg_export", **SPAN)
    assert (told["new"], told["changed"]) == (0, 1)
    told = await home.action("enrg_export", **SPAN, correct=True)
    assert (told["new"], told["changed"]) == (1, 0)
    await home.drain(10)
    (row,) = (one for one in home.service.archive.at("2026-06-16 08:00:00") if one.id == "A1")
    assert row.content["POWER_SNAPSHOT"] == 311.0
    assert row.writes == 2
    assert len({*row.keys}) == 2


async def test_a_dry_run_returns_the_messages(home: Home) -> None:
    await home.deliver()
    remember(home, 8)
    told = await home.action("enrg_export", **SPAN, dry_run=True)
    (payload,) = told["plants"][0]["payloads"]
    assert payload["DATE_GENERATION"] == "2026-06-16 08:00:00"
    await home.drain(10)
    assert not [one for one in home.dates() if one < "2026-06-17"]


async def test_a_plant_that_cannot_be_asked_is_told_and_stops_no_other(home: Home) -> None:
    since = START.isoformat()
    plants = {str(ROOF): {"id": ROOF, "since": since}, "gone": {"id": 5, "since": since}}
    await home.deliver(plants=plants)
    home.roof.fails = CannotConnectError()
    told = await home.action("enrg_export", **SPAN)
    errors = {one["plant"]: one["error"] for one in told["plants"]}
    assert errors == {ROOF: "cannot_connect", 5: "not_loaded"}
    told = await home.action("enrg_preview", plants=[5])
    assert told == {"plants": [{"plant": 5, "kind": "micro-inverter", "payload": None}]}


async def keep(
    hass: HomeAssistant,
    table: type[Statistics | StatisticsShortTerm],
    ends: Iterable[tuple[str, str, str, str]],
    hours: Iterable[float],
) -> None:
    """Let the recorder have kept entities of A1 at these hours of the 16th."""
    registry = er.async_get(hass)
    for end, unit, unit_class, kind in ends:
        entity = registry.async_get_or_create("sensor", DOMAIN, f"A1_{end}")
        metadata: Any = {
            "mean_type": StatisticMeanType.ARITHMETIC if kind == "mean" else StatisticMeanType.NONE,
            "has_sum": kind == "state",
            "name": None,
            "source": "recorder",
            "statistic_id": entity.entity_id,
            "unit_class": unit_class,
            "unit_of_measurement": unit,
        }
        rows: Any = [
            {"start": DAY + hour * HOUR, "mean": 100.0 + hour}
            if kind == "mean"
            else {"start": DAY + hour * HOUR, "state": hour / 10, "sum": hour / 10}
            for hour in hours
        ]
        get_instance(hass).async_import_statistics(metadata, rows, table)
    await get_instance(hass).async_block_till_done()


ENTITIES = (
    ("power", "W", "power", "mean"),
    ("frequency", "Hz", "frequency", "mean"),
    ("voltage", "V", "voltage", "mean"),
    ("3_voltage", "V", "voltage", "mean"),
    ("3_energy_today", "kWh", "energy", "state"),
)


@pytest.mark.usefixtures("recorder_mock")
async def test_statistics_stand_in_where_nobody_remembers(hass: HomeAssistant, home: Home) -> None:
    await home.deliver()
    remember(home, 8)
    await keep(hass, StatisticsShortTerm, ENTITIES, (9, 9.75, 10))
    await keep(hass, Statistics, ENTITIES, (10, 11))
    told = await home.action("enrg_export", **SPAN, dry_run=True)
    (plant,) = told["plants"]
    # The maker's memory has no gap here, so nothing more is looked for.
    assert plant["origins"] == {"vendor_history": 1}
    remember(home, 8, 12)
    told = await home.action("enrg_export", **SPAN, dry_run=True)
    (plant,) = told["plants"]
    assert plant["origins"] == {"vendor_history": 2, "short_statistics": 2, "long_statistics": 1}
    assert plant["gaps"] == []
    nine, eleven = plant["payloads"][1], plant["payloads"][3]
    (one,) = (row for row in nine["INFORMATION_MICRO_INVERTERS"] if row["ID_DEVICE"] == "A1")
    assert one["POWER_SNAPSHOT"] == one["VOLTAGE_1_AC"] == one["VOLTAGE_3_DC"] == 109.75
    assert one["VOLTAGE_1_DC"] is None
    assert nine["GENERATION"] == 0.975
    assert eleven["DATE_GENERATION"] == "2026-06-16 11:00:00"
    assert nine["STATE_OPERATION"]["OFFLINE"] is None


@pytest.mark.usefixtures("recorder_mock")
async def test_a_mean_of_an_hour_is_no_quarter(hass: HomeAssistant, home: Home) -> None:
    await home.deliver(interval="15")
    remember(home, 8, 12)
    await keep(hass, Statistics, ENTITIES, (10,))
    told = await home.action("enrg_export", **SPAN, dry_run=True)
    assert told["plants"][0]["origins"] == {"vendor_history": 2}
    assert len(told["plants"][0]["gaps"]) == 15


@pytest.mark.usefixtures("recorder_mock")
async def test_a_gateway_that_forgets_its_inverters_is_delivered_from_statistics(
    hass: HomeAssistant, home: Home
) -> None:
    gateway = Roof()
    gateway.grow(122_300, START)
    reading = gateway.readings[0]
    owner = MockConfigEntry(domain=DOMAIN)
    owner.add_to_hass(hass)
    pages = dr.async_get(hass)
    main = pages.async_get_or_create(
        config_entry_id=owner.entry_id, identifiers={(DOMAIN, "122300")}, name="Envoy"
    )
    for serial in ("A1", "battery"):
        pages.async_get_or_create(
            config_entry_id=owner.entry_id, identifiers={(DOMAIN, serial)}, via_device_id=main.id
        )
    for unique_id in (
        "A1_last_report",
        "battery_power",
        "battery_last_report",
        "battery_battery_soc",
    ):
        er.async_get(hass).async_get_or_create("sensor", DOMAIN, unique_id)
    power = (("power", "W", "power", "mean"),)
    await keep(hass, StatisticsShortTerm, power, (34, 34.5, 35, 35.5, 35.75, 36))
    with patch.object(Roof, "readings", [reading]), patch.object(Roof, "histories", {}):
        async_get_site(hass).register(owner.entry_id, gateway)
        (offer,) = async_offers(hass).values()
        assert (offer.label, offer.id) == ("Envoy (122300)", 122_300)
        since = (START - 3 * HOUR).isoformat()
        await home.add(plants={"122300": {"id": 7, "since": since}}, offered=["122300"])
        await home.drain(5)
        await home.passes(7200, step=900)
    rows = [row for row in home.service.archive.of_kind("device") if row.id == "A1"]
    assert [row.date[11:] for row in rows] == ["11:00:00", "10:00:00", "12:00:00"]
    assert rows[0].content["POWER_SNAPSHOT"] == 135.75
    assert {row.id for row in home.service.archive.of_kind("device")} == {"A1"}
