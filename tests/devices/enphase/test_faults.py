"""What a disturbed gateway does to the entities: as little as possible."""

import asyncio
from collections.abc import Collection, Iterator

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.energy_hub.const import DOMAIN
from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
from simulator.envoy import EnvoyFault, profiles
from simulator.envoy.profiles import Profile
from tests.helpers import entity_id, number, state, until

from .conftest import READINGS, AddEntry, Plant, complaints

REPORT = "/production.json"
DETAILS = "/ivp/pdm/device_data"
SUMMARY, LISTED = "/api/v1/production", "/api/v1/production/inverters"
POWER = "/ivp/ensemble/power"
COUNTERS = (
    "energy_total",
    "consumption_total",
    "grid_import_total",
    "grid_export_total",
    "battery_charged_total",
    "battery_discharged_total",
)
POWERS = ("production_power", "grid_power", "consumption_power", "battery_power", "battery_soc")
PASS_S = 30

type Fault = tuple[EnvoyFault, Collection[str]]

# Every fault of a gateway, everywhere and where it hurts most.
FAULTS: tuple[Fault, ...] = (
    (EnvoyFault.UNAUTHORIZED, ()),
    (EnvoyFault.FORBIDDEN, {DETAILS, LISTED}),
    (EnvoyFault.BUSY, ()),
    (EnvoyFault.BUSY, {READINGS, SUMMARY}),
    (EnvoyFault.BUSY, {REPORT, DETAILS, LISTED, POWER}),
    (EnvoyFault.SLOW, ()),
    (EnvoyFault.SLOW, {READINGS, SUMMARY}),
    (EnvoyFault.SLOW, {REPORT, DETAILS, LISTED}),
    (EnvoyFault.MISSING, {READINGS, SUMMARY}),
    (EnvoyFault.MISSING, {"/ivp/meters"}),
    (EnvoyFault.MISSING, {REPORT, DETAILS, LISTED, POWER}),
    (EnvoyFault.NOT_JSON, ()),
    (EnvoyFault.NOT_JSON, {REPORT, DETAILS, LISTED, POWER}),
    (EnvoyFault.DROP, ()),
    (EnvoyFault.DROP, {REPORT, DETAILS, LISTED, POWER}),
    (EnvoyFault.REFUSE, ()),
    (EnvoyFault.REBOOT, ()),
    (EnvoyFault.LIFETIME_WRAP, ()),
    (EnvoyFault.LIFETIME_ZERO, ()),
    (EnvoyFault.LIFETIME_HALF, ()),
    (EnvoyFault.TODAY_STUCK, ()),
    (EnvoyFault.INVERTERS_OLD, ()),
    (EnvoyFault.INVERTERS_GONE, ()),
    (EnvoyFault.METER_INACTIVE, ()),
)


@pytest.fixture
def profile() -> Profile:
    return profiles.battery()


def _known(hass: HomeAssistant, plant: Plant, keys: Collection[str]) -> Iterator[float | None]:
    for key in keys:
        if entity_id(hass, f"{plant.serial}_{key}"):
            text = state(hass, f"{plant.serial}_{key}").state
            yield None if text in {STATE_UNAVAILABLE, STATE_UNKNOWN} else float(text)


def _assert_true(hass: HomeAssistant, plant: Plant, before: list[float | None]) -> None:
    """No counter falls or jumps, no power is impossible; unknown is no lie."""
    for old, new in zip(before, _known(hass, plant, COUNTERS), strict=True):
        assert new is None or (old is not None and old <= new <= old + 1)
    for value in _known(hass, plant, POWERS):
        assert value is None or abs(value) < 20_000


def _reauths(hass: HomeAssistant) -> list[str]:
    flows = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    return [one["flow_id"] for one in flows if one["context"]["source"] == SOURCE_REAUTH]


@pytest.mark.parametrize("profile", [profiles.battery()], ids=["battery"])
@pytest.mark.parametrize("fault", FAULTS, ids=lambda one: f"{one[0]}-{len(one[1])}")
async def test_a_fault_tells_no_lies_and_leaves_no_trace(
    hass: HomeAssistant,
    plant: Plant,
    entry: MockConfigEntry,
    profile: Profile,
    fault: Fault,
    caplog: pytest.LogCaptureFixture,
    expected_complaints: list[str],
) -> None:
    kind, paths = fault
    await plant.seconds(65)
    before = list(_known(hass, plant, COUNTERS))
    assert None not in before
    entities = {one.entity_id for one in er.async_get(hass).entities.values()}
    if kind in plant.envoy.paths:
        plant.envoy.paths[kind] = paths
    await plant.envoy.faults.set(kind, True)
    for _ in range(14):
        await plant.seconds(PASS_S, step=15)
        _assert_true(hass, plant, before)
        assert not _reauths(hass) or kind is EnvoyFault.UNAUTHORIZED
    await plant.envoy.faults.set(kind, False)
    # A slow gateway may be in the middle of an answer; then two refreshes.
    assert entry.runtime_data.update_interval is not None
    wait = 25 * (kind is EnvoyFault.SLOW) + 5
    await plant.seconds(2 * entry.runtime_data.update_interval.total_seconds() + wait)
    assert entry.state is ConfigEntryState.LOADED
    assert None not in list(_known(hass, plant, COUNTERS))
    assert None not in list(_known(hass, plant, POWERS))
    _assert_true(hass, plant, before)
    await plant.seconds(320, step=20)
    assert state(hass, "482990000003_power").state not in {STATE_UNAVAILABLE, STATE_UNKNOWN}
    assert not _reauths(hass)
    assert entities <= {one.entity_id for one in er.async_get(hass).entities.values()}
    said = complaints(caplog)
    assert len(said) <= 1
    expected_complaints += said


@pytest.mark.parametrize(
    "fault",
    [
        (EnvoyFault.BUSY, ()),
        (EnvoyFault.DROP, ()),
        (EnvoyFault.REFUSE, ()),
        (EnvoyFault.NOT_JSON, ()),
        (EnvoyFault.REBOOT, ()),
        (EnvoyFault.UNAUTHORIZED, ()),
    ],
    ids=lambda one: str(one[0]),
)
async def test_an_outage_is_logged_once_and_ends_by_itself(
    hass: HomeAssistant,
    plant: Plant,
    entry: MockConfigEntry,
    fault: Fault,
    caplog: pytest.LogCaptureFixture,
    expected_complaints: list[str],
) -> None:
    expected_complaints.append("Error fetching Envoy data")
    await plant.envoy.faults.set(fault[0], True)
    await plant.seconds(150, step=15)
    for key in ("production_power", "energy_total", "battery_soc"):
        assert state(hass, f"{plant.serial}_{key}").state == STATE_UNAVAILABLE
    assert state(hass, "482990000003_power").state == STATE_UNAVAILABLE
    await plant.seconds(300, step=30)
    await plant.envoy.faults.set(fault[0], False)
    await plant.seconds(65)
    assert state(hass, f"{plant.serial}_production_power").state != STATE_UNAVAILABLE
    assert len(complaints(caplog)) == 1


@pytest.mark.parametrize(
    ("paths", "lost", "kept"),
    [
        ({READINGS}, ("grid_power", "energy_total"), ("battery_soc",)),
        ({REPORT}, ("device_energy_today",), ("grid_power", "energy_total", "battery_power")),
        ({POWER, "/ivp/ensemble/secctrl"}, ("battery_soc",), ("grid_power", "battery_power")),
        ({"/ivp/meters"}, (), ("grid_power", "energy_total", "battery_soc")),
    ],
)
@pytest.mark.parametrize("fault", [EnvoyFault.BUSY, EnvoyFault.MISSING, EnvoyFault.NOT_JSON])
@pytest.mark.usefixtures("everything_enabled")
async def test_a_path_that_fails_costs_its_own_values_only(
    hass: HomeAssistant,
    plant: Plant,
    entry: MockConfigEntry,
    fault: EnvoyFault,
    paths: set[str],
    lost: tuple[str, ...],
    kept: tuple[str, ...],
) -> None:
    plant.envoy.paths[fault] = paths
    await plant.envoy.faults.set(fault, True)
    await plant.seconds(1300, step=50)
    for key in lost:
        assert state(hass, f"{plant.serial}_{key}").state == STATE_UNKNOWN
    for key in kept:
        number(hass, f"{plant.serial}_{key}")
    await plant.envoy.faults.set(fault, False)
    await plant.seconds(65)
    for key in (*lost, *kept):
        number(hass, f"{plant.serial}_{key}")


async def test_one_path_that_hangs_does_not_hold_up_the_others(
    hass: HomeAssistant, plant: Plant, entry: MockConfigEntry
) -> None:
    plant.envoy.paths[EnvoyFault.SLOW] = {REPORT, DETAILS}
    await plant.envoy.faults.set(EnvoyFault.SLOW, True)
    await plant.seconds(600)
    (last,) = [one for one in plant.envoy.requests if one.path == READINGS][-1:]
    assert (dt_util.utcnow() - last.time).total_seconds() <= 30 + 2 * 25
    number(hass, f"{plant.serial}_grid_power")
    assert entry.runtime_data.last_update_success


async def test_new_firmware_is_met_by_a_reload(
    hass: HomeAssistant, plant: Plant, entry: MockConfigEntry, expected_complaints: list[str]
) -> None:
    expected_complaints.append("Error fetching Envoy data")
    before = entry.runtime_data
    await plant.envoy.faults.set(EnvoyFault.REBOOT, True)
    await plant.seconds(65)
    await plant.envoy.faults.set(EnvoyFault.REBOOT, False)
    await plant.seconds(65)
    assert entry.runtime_data is not before
    assert entry.runtime_data.diagnostics()["firmware"] == "8.3.5528"
    number(hass, f"{plant.serial}_energy_total")


async def test_another_gateway_at_the_address_is_not_read(
    hass: HomeAssistant,
    plant: Plant,
    entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
    expected_complaints: list[str],
) -> None:
    expected_complaints.append("Error fetching Envoy data")
    await plant.envoy.faults.set(EnvoyFault.REFUSE, True)
    await plant.seconds(35)
    monkeypatch.setattr(plant.envoy.config.__class__, "serial", "999000000009")
    await plant.envoy.faults.set(EnvoyFault.REFUSE, False)
    await plant.seconds(65)
    assert entry.runtime_data.last_exception.translation_key == "wrong_device"


class TestStart:
    """What a start in the middle of a fault does."""

    @pytest.mark.parametrize(
        "path", ["/ivp/meters", "/production.json", DETAILS, "/ivp/ensemble/inventory"]
    )
    @pytest.mark.parametrize("fault", [EnvoyFault.BUSY, EnvoyFault.MISSING])
    async def test_what_was_there_is_waited_for(
        self,
        hass: HomeAssistant,
        plant: Plant,
        entry: MockConfigEntry,
        fault: EnvoyFault,
        path: str,
    ) -> None:
        before = {s.entity_id for s in hass.states.async_all()}
        plant.envoy.paths[fault] = {path}
        await plant.envoy.faults.set(fault, True)
        await plant.until_done(
            hass.async_create_task(hass.config_entries.async_reload(entry.entry_id))
        )
        assert entry.state is ConfigEntryState.SETUP_RETRY
        assert entry.error_reason_translation_key == "incomplete"
        await plant.envoy.faults.set(fault, False)
        await plant.until(lambda: entry.state is ConfigEntryState.LOADED)
        assert before == {s.entity_id for s in hass.states.async_all()}
        assert STATE_UNAVAILABLE not in {s.state for s in hass.states.async_all()}

    async def test_what_is_gone_for_good_is_let_go(
        self, hass: HomeAssistant, plant: Plant, entry: MockConfigEntry
    ) -> None:
        before = number(hass, f"{plant.serial}_energy_total")
        plant.envoy.paths[EnvoyFault.MISSING] = {"/ivp/meters", READINGS}
        await plant.envoy.faults.set(EnvoyFault.MISSING, True)
        task = hass.async_create_task(hass.config_entries.async_reload(entry.entry_id))
        await plant.until_done(task)
        await plant.until(lambda: entry.state is ConfigEntryState.LOADED)
        await plant.seconds(70)
        # Another source goes on from the same value.
        assert before <= number(hass, f"{plant.serial}_energy_total") <= before + 0.5
        assert READINGS not in entry.data["paths"]

    async def test_a_gateway_that_was_never_read_is_given_a_moment(
        self, hass: HomeAssistant, plant: Plant, add_entry: AddEntry
    ) -> None:
        plant.envoy.paths[EnvoyFault.BUSY] = {"/ivp/meters"}
        await plant.envoy.faults.set(EnvoyFault.BUSY, True)

        async def calm() -> None:
            await until(lambda: "/ivp/meters" in plant.paths)
            await plant.envoy.faults.set(EnvoyFault.BUSY, False)

        calming = asyncio.create_task(calm())
        entry = await add_entry()
        await calming
        assert entry.state is ConfigEntryState.LOADED
        assert number(hass, f"{plant.serial}_grid_import_total") > 0

    async def test_what_it_did_not_say_at_first_is_taken_up_when_it_does(
        self, hass: HomeAssistant, plant: Plant, add_entry: AddEntry
    ) -> None:
        plant.envoy.paths[EnvoyFault.BUSY] = {"/ivp/meters"}
        await plant.envoy.faults.set(EnvoyFault.BUSY, True)
        entry = await add_entry()
        assert entry.state is ConfigEntryState.LOADED
        grid = f"{plant.serial}_grid_import_total"
        await plant.seconds(320, step=40)
        assert entity_id(hass, grid) is None
        await plant.envoy.faults.set(EnvoyFault.BUSY, False)
        await plant.until(lambda: bool(entity_id(hass, grid)), step=20)
        assert number(hass, grid) > 0

    @pytest.mark.parametrize(
        "fault", [EnvoyFault.REFUSE, EnvoyFault.BUSY, EnvoyFault.DROP, EnvoyFault.NOT_JSON]
    )
    async def test_it_is_tried_again(
        self, hass: HomeAssistant, plant: Plant, add_entry: AddEntry, fault: EnvoyFault
    ) -> None:
        await plant.envoy.faults.set(fault, True)
        entry = await add_entry()
        assert entry.state is ConfigEntryState.SETUP_RETRY
        await plant.envoy.faults.set(fault, False)
        await plant.until(lambda: entry.state is ConfigEntryState.LOADED)
