"""Gateways that lack something, forbid it or say it strangely: added, and read as far as can be."""

from collections.abc import Callable
import json
from pathlib import Path
from typing import Any

import pytest

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from tests.helpers import entity_id, number

from .expected import assert_same, expected
from .folders import Replies, added, capture, refused, write

METERS, READINGS = "/ivp/meters", "/ivp/meters/readings"
REPORT, PAGE = "/production.json?details=1", "/production"
SUMMARY, LISTED = "/api/v1/production", "/api/v1/production/inverters"
DETAILS = "/ivp/pdm/device_data"
INVENTORY, POWER, STATE = (f"/ivp/ensemble/{one}" for one in ("inventory", "power", "secctrl"))
UNUSED = (
    "/admin/lib/tariff",
    "/ivp/ensemble/dry_contacts",
    "/ivp/ss/dry_contact_settings",
    "/ivp/ss/gen_config",
)
WRONG = {
    "missing": (404, "<html>Not Found</html>"),
    "page": (200, "<!DOCTYPE html>\n<html><body>Please wait</body></html>"),
    "forbidden": (401, "Error: 401"),
    "broken": (500, ""),
    "other": (200, '{"error": "no such thing"}'),
}

pytestmark = pytest.mark.usefixtures("socket_enabled")

type Change = Callable[[Any], object]


def _changed(replies: Replies, path: str, change: Change) -> Replies:
    body = json.loads(replies[path][1])
    change(body)
    return {**replies, path: (200, json.dumps(body))}


@pytest.mark.parametrize("first", range(2))
async def test_what_nobody_needs_may_be_anything(
    hass: HomeAssistant, tmp_path: Path, first: int
) -> None:
    replies = await capture("battery")
    whole = write(tmp_path / "whole", replies)
    wrong = dict(zip(UNUSED, list(WRONG.values())[first:], strict=False))
    folder = write(tmp_path / "changed", replies | wrong)
    async with added(hass, folder, whole) as one:
        assert_same(hass, one)


@pytest.mark.parametrize(
    ("paths", "wrong"),
    [
        ((METERS,), "missing"),
        ((METERS,), "forbidden"),
        ((REPORT,), "page"),
        ((REPORT, PAGE), "forbidden"),
        ((DETAILS,), "page"),
        ((INVENTORY,), "other"),
    ],
)
async def test_what_the_library_can_do_without(
    hass: HomeAssistant, tmp_path: Path, paths: tuple[str, ...], wrong: str
) -> None:
    replies = await capture("battery") | dict.fromkeys(paths, WRONG[wrong])
    async with added(hass, write(tmp_path / "changed", replies)) as one:
        assert_same(hass, one)


@pytest.mark.parametrize(
    ("path", "wrong"),
    [(READINGS, "page"), (READINGS, "other"), (POWER, "missing"), (STATE, "forbidden")],
)
async def test_what_the_library_cannot_do_without(
    hass: HomeAssistant, tmp_path: Path, path: str, wrong: str
) -> None:
    replies = await capture("battery")
    whole = write(tmp_path / "whole", replies)
    folder = write(tmp_path / "changed", replies | {path: WRONG[wrong]})
    async with added(hass, folder, whole) as one:
        serial, known = one.captured.serial, expected(one.data)
        for key in ("production_power", "grid_power", "energy_total"):
            assert number(hass, f"{serial}_{key}") == pytest.approx(known[key], rel=0.001)
        assert entity_id(hass, f"{serial}_battery_soc")
        assert len(one.entry.runtime_data.data.inverters) == 12


@pytest.mark.parametrize("path", [READINGS, INVENTORY])
async def test_what_stays_broken_does_not_keep_the_rest_away(
    hass: HomeAssistant,
    tmp_path: Path,
    path: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        "custom_components.energy_hub.devices.enphase.coordinator._LOOK_AGAIN_SECONDS", 0
    )
    replies = await capture("battery")
    whole = write(tmp_path / "whole", replies)
    folder = write(tmp_path / "changed", replies | {path: WRONG["broken"]})
    async with added(hass, folder, whole) as one:
        assert number(hass, f"{one.captured.serial}_production_power") == pytest.approx(
            expected(one.data)["production_power"], rel=0.001
        )
        assert one.entry.runtime_data.diagnostics()["unsure"] == [path]


@pytest.mark.parametrize("wrong", ["forbidden", "page"])
async def test_old_firmware_that_forbids_something(
    hass: HomeAssistant, tmp_path: Path, wrong: str
) -> None:
    paths = (METERS, PAGE, REPORT, "/admin/lib/tariff", INVENTORY)
    replies = await capture("legacy") | dict.fromkeys(paths, WRONG[wrong])
    async with added(hass, write(tmp_path / "changed", replies)) as one:
        assert_same(hass, one)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("page", {"base": "wrong_device", "host": "nothing_to_read"}),
        ("broken", {"base": "timeout"}),
    ],
)
async def test_old_firmware_that_shows_a_page_only(
    hass: HomeAssistant, tmp_path: Path, wrong: str, said: dict[str, str]
) -> None:
    paths = (METERS, PAGE, REPORT, SUMMARY, LISTED)
    replies = await capture("legacy") | dict.fromkeys(paths, WRONG[wrong])
    result = await refused(hass, write(tmp_path / "changed", replies))
    assert result["errors"] == said


async def test_old_firmware_that_shows_a_certificate_beside_it(
    hass: HomeAssistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def shown(_host: str, _port: int | None) -> str:
        return "ab" * 32

    monkeypatch.setattr(
        "custom_components.energy_hub.devices.enphase.flow.async_fingerprint", shown
    )
    async with added(hass, write(tmp_path / "changed", await capture("legacy"))) as one:
        assert_same(hass, one)


async def test_inverters_that_nobody_has_heard_of_yet(hass: HomeAssistant, tmp_path: Path) -> None:
    def never(inverters: Any) -> None:
        for one in inverters[:3]:
            one |= {"lastReportDate": 86_400, "lastReportWatts": 0, "maxReportWatts": 0}

    replies = _changed(await capture("legacy"), LISTED, never)
    async with added(hass, write(tmp_path / "changed", replies)) as one:
        assert_same(hass, one)
        assert number(hass, f"{one.captured.serial}_inverters_silent") == 3


async def test_hardware_that_is_newer_than_this(hass: HomeAssistant, tmp_path: Path) -> None:
    def more(meters: Any) -> None:
        for number_, kind in enumerate(("backfeed", "load", "evse", "pv3p")):
            state = "disabled" if number_ else "enabled"
            meters.append({**meters[0], "eid": 900 + number_, "measurementType": kind})
            meters[-1]["state"] = state

    def readings(found: Any) -> None:
        # One of them is of no meter that is listed, one counts below zero.
        for eid in range(900, 905):
            found.append({**found[0], "eid": eid, "actEnergyRcvd": -19.7, "activePower": -686.2})

    def controllers(inventory: Any) -> None:
        inventory.append({"type": "C6 RGM", "devices": [{"serial_num": "1", "Device State": 80}]})

    replies = _changed(await capture("battery"), METERS, more)
    replies = _changed(_changed(replies, READINGS, readings), INVENTORY, controllers)
    async with added(hass, write(tmp_path / "changed", replies)) as one:
        assert "backfeed" in one.data.ctmeters
        assert_same(hass, one)


async def test_no_inverters_and_no_batteries(hass: HomeAssistant, tmp_path: Path) -> None:
    replies = await capture("standard")
    nothing = {LISTED: (200, "[]"), INVENTORY: (200, '[{"type": "ENCHARGE", "devices": []}]')}
    nothing |= {POWER: (200, '{"devices:": []}'), STATE: (200, "{}")}
    whole = write(tmp_path / "whole", replies | {LISTED: (200, "[]")})
    async with added(hass, write(tmp_path / "changed", replies | nothing), whole) as one:
        assert_same(hass, one)
        assert entity_id(hass, f"{one.captured.serial}_battery_power") is None


async def test_batteries_of_the_older_kind(hass: HomeAssistant, tmp_path: Path) -> None:
    def stored(report: Any) -> None:
        report["storage"] = [
            {
                "type": "acb",
                "activeCount": 3,
                "readingTime": 1_782_036_000,
                "wNow": 260,
                "whNow": 930,
                "state": "discharging",
                "percentFull": 25,
            }
        ]

    replies = _changed(await capture("three_phase"), REPORT, stored)
    listed = [{"type": "ACB", "devices": [{"serial_num": "121700000001", "part_num": "800-00562"}]}]
    replies["/inventory.json?deleted=1"] = (200, json.dumps(listed))
    beside = {"serialNumber": "121700000001", "lastReportDate": 1_782_036_000, "devType": 11}
    beside |= {"lastReportWatts": 2, "maxReportWatts": 149}
    replies = _changed(replies, LISTED, lambda inverters: inverters.append(beside))
    replies[DETAILS] = WRONG["missing"]
    async with added(hass, write(tmp_path / "changed", replies)) as one:
        assert_same(hass, one)
        assert number(hass, f"{one.captured.serial}_battery_power") == 260
        assert number(hass, f"{one.captured.serial}_battery_soc") == 25
        assert entity_id(hass, "121700000001_power") is None


@pytest.mark.parametrize("mode", ["split", "three"])
async def test_a_transformer_that_is_switched_off(
    hass: HomeAssistant, tmp_path: Path, mode: str
) -> None:
    def off(meters: Any) -> None:
        for meter in meters:
            meter["phaseMode"] = mode
        meters[1]["state"] = "disabled"

    replies = _changed(await capture("three_phase"), METERS, off)
    async with added(hass, write(tmp_path / "changed", replies)) as one:
        assert_same(hass, one)


async def test_transformers_that_are_all_switched_off(hass: HomeAssistant, tmp_path: Path) -> None:
    def off(meters: Any) -> None:
        for meter in meters:
            meter["state"] = "disabled"

    def idle(report: Any) -> None:
        for one in (*report["production"], *report["consumption"]):
            if one["type"] == "eim":
                one["activeCount"] = 0

    replies = _changed(await capture("three_phase"), METERS, off)
    replies = _changed(replies, REPORT, idle)
    replies[PAGE] = replies[REPORT]
    async with added(hass, write(tmp_path / "changed", replies)) as one:
        assert_same(hass, one)
        # What it says of today is that of a transformer which measures nothing.
        assert one.data.system_production is not None
        assert one.data.system_production.watt_hours_today > 0
        assert hass.states.is_state(
            entity_id(hass, f"{one.captured.serial}_energy_today") or "", STATE_UNKNOWN
        )


@pytest.mark.parametrize("profile", ["three_phase", "total"])
async def test_new_firmware_that_shows_the_grid_as_the_load(
    hass: HomeAssistant, tmp_path: Path, profile: str
) -> None:
    def same(report: Any) -> None:
        total, net = report["consumption"]
        for key in ("wNow", "whLifetime"):
            total[key] = net[key]

    replies = _changed(await capture(profile), REPORT, same)
    status, info = replies["/info"]
    replies["/info"] = (status, info.replace("D8.3.5286", "D8.3.5433"))
    async with added(hass, write(tmp_path / "changed", replies)) as one:
        assert_same(hass, one)


async def test_nothing_to_live_on(hass: HomeAssistant, tmp_path: Path) -> None:
    replies = await capture("standard")
    whole = write(tmp_path / "whole", replies)
    nothing = dict.fromkeys((SUMMARY, REPORT, PAGE), WRONG["missing"])
    async with added(hass, write(tmp_path / "changed", replies | nothing), whole) as one:
        assert one.entry.state is ConfigEntryState.SETUP_RETRY
