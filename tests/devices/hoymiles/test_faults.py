"""What goes wrong in the cloud or a plant costs as little as possible, and tells no lies."""

from dataclasses import replace
import logging

import pytest

from custom_components.energy_hub.const import LOGGER
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from simulator.hoymiles import CloudConfig, HoymilesFault
from simulator.hoymiles.config import HOUSE as HOUSE_PLANT, NEIGHBOUR
from tests.helpers import number, state

from .conftest import BARN, BARN_FIRST, FIRST, HOUSE, SECOND, AddEntry, Site, cloud_config

pytestmark = pytest.mark.usefixtures("quiet")
KINDS = ["account", "key"]
POWERS = (f"{HOUSE}_power", f"{FIRST}_power", f"{FIRST}_1_power", f"{FIRST}_1_voltage")
ENERGIES = (
    f"{HOUSE}_energy_today",
    f"{HOUSE}_energy_total",
    f"{FIRST}_energy_today",
    f"{SECOND}_energy_today",
    f"{FIRST}_1_energy_today",
)
DISTURBING = (
    HoymilesFault.RESET,
    HoymilesFault.TOO_MANY,
    HoymilesFault.SERVER_ERROR,
    HoymilesFault.HTML,
    HoymilesFault.ERROR_BODY,
    HoymilesFault.RATE_BODY,
    HoymilesFault.TOKEN_REFUSED,
    HoymilesFault.SILENT_LIMIT,
    HoymilesFault.TRUNCATED,
    HoymilesFault.NO_DAY,
    HoymilesFault.NO_DEVICES,
    HoymilesFault.NULL_FLAGS,
    HoymilesFault.NULL_NUMBERS,
    HoymilesFault.WRONG_ZONE,
    HoymilesFault.EMPTY_DAY,
    HoymilesFault.OFFLINE,
    HoymilesFault.DYING,
    HoymilesFault.UNSORTED,
    HoymilesFault.MISSING_LABEL,
    HoymilesFault.AHEAD,
    HoymilesFault.REMOVED,
    HoymilesFault.COUNTER_JUMP,
    HoymilesFault.COUNTER_ZERO,
)
OF_ACCOUNTS = {
    HoymilesFault.TOKEN_REFUSED,
    HoymilesFault.SILENT_LIMIT,
    HoymilesFault.TRUNCATED,
    HoymilesFault.NO_DAY,
    HoymilesFault.COUNTER_JUMP,
}


@pytest.fixture
def config() -> CloudConfig:
    """Return two plants, as small as they can be."""
    neighbour = replace(NEIGHBOUR, micros=NEIGHBOUR.micros[:1], scale=0.3)
    return cloud_config(plants=(HOUSE_PLANT, neighbour))


def shown(hass: HomeAssistant, keys: tuple[str, ...]) -> list[float | None]:
    """Return what sensors show; None for what is not known."""
    texts = [state(hass, key).state for key in keys]
    return [None if one in {STATE_UNKNOWN, STATE_UNAVAILABLE} else float(one) for one in texts]


def assert_true(hass: HomeAssistant, before: list[float | None]) -> None:
    """No energy falls or jumps, no power is 0 or impossible by day; unknown is no lie."""
    for old, new in zip(before, shown(hass, ENERGIES), strict=True):
        assert new is None or old is None or old <= new <= old + 6
    for value in shown(hass, POWERS):
        assert value is None or 0 < value < 5_000


@pytest.mark.parametrize(
    ("kind", "fault"),
    [
        (kind, fault)
        for kind in KINDS
        for fault in DISTURBING
        if kind == "account" or fault not in OF_ACCOUNTS
    ],
)
async def test_a_disturbance_of_one_plant_tells_no_lies_and_leaves_no_trace(
    hass: HomeAssistant,
    site: Site,
    add_entry: AddEntry,
    kind: str,
    fault: HoymilesFault,
    caplog: pytest.LogCaptureFixture,
    expected_complaints: list[str],
) -> None:
    await add_entry(kind)
    await site.minutes(6, step_s=120)
    before = shown(hass, ENERGIES)
    assert None not in before + shown(hass, POWERS)
    site.cloud.strike({HOUSE})
    await site.cloud.faults.set(fault, True)
    neighbour = number(hass, f"{BARN}_energy_today")
    for _ in range(2):
        await site.minutes(20, step_s=300)
        assert_true(hass, before)
    # The neighbour goes on, a call that was asked to slow down later than otherwise.
    if fault is not HoymilesFault.TOKEN_REFUSED:
        assert number(hass, f"{BARN}_energy_today") > neighbour
        assert number(hass, f"{BARN_FIRST}_power") > 0
    await site.cloud.faults.set(fault, False)
    await site.minutes(75, step_s=300)
    assert_true(hass, before)
    assert None not in shown(hass, ENERGIES + POWERS)
    assert shown(hass, ENERGIES)[0] != before[0]
    errors = [
        one
        for one in caplog.get_records("call")
        if one.name == LOGGER.name and one.levelno >= logging.WARNING
    ]
    assert len(errors) <= 1
    expected_complaints += [one.getMessage() for one in errors]
