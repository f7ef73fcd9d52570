"""The stream that every pushing device shares, beyond what the meters' tests show."""

from collections.abc import Sequence
from typing import Any, override

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.energy_hub.const import DOMAIN
from custom_components.energy_hub.coordinator import GRACE_SECONDS, Part, StreamCoordinator
from custom_components.energy_hub.errors import CannotConnectError, NoAnswerError, WrongDeviceError
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryNotReady
from tests.helpers import later, turns


class Stream(StreamCoordinator[int]):
    """Each attempt does the next thing of a list: a number arrives, an exception is raised."""

    def __init__(self, hass: HomeAssistant, script: list[int | Exception]) -> None:
        entry = MockConfigEntry(domain=DOMAIN, title="Stream", data={"type": "fluvius"})
        entry.add_to_hass(hass)
        super().__init__(hass, entry)
        self.entry = entry
        self.script = script
        self.attempts = 0

    @property
    @override
    def parts(self) -> Sequence[Part]:
        return ()

    @override
    def view(self, part: Part) -> Any:
        return self.data

    @override
    async def _async_stream(self) -> None:
        self.attempts += 1
        action = self.script.pop(0) if self.script else CannotConnectError()
        if isinstance(action, Exception):
            raise action
        self._async_received(action)

    async def stop(self) -> None:
        await self.entry._async_process_on_unload(self.hass)


async def test_a_defect_of_ours_costs_this_device_only_and_is_logged_once(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, expected_complaints: list[str]
) -> None:
    expected_complaints += ["Unexpected error while reading Stream", "Stream data"]
    stream = Stream(hass, [1, RuntimeError("boom"), RuntimeError("boom"), 2])
    await stream.async_start()
    await later(hass, freezer, 2)
    assert stream.data == 1
    assert not stream.last_update_success
    await later(hass, freezer, 3)
    await later(hass, freezer, 7)
    assert stream.last_update_success
    assert stream.data == 2
    await stream.stop()


async def test_attempts_get_rarer_and_start_afresh(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, expected_complaints: list[str]
) -> None:
    expected_complaints.append("Stream data")
    stream = Stream(hass, [1])
    await stream.async_start()
    for _ in range(600):
        await later(hass, freezer, 1)
    assert 600 / (20 * 1.2) <= stream.attempts <= 600 / (20 * 0.8) + 6
    stream.script.append(2)
    await later(hass, freezer, 25)
    assert stream.last_update_success
    attempts = stream.attempts
    for _ in range(3):
        await later(hass, freezer, 1)
    assert stream.attempts > attempts
    await stream.stop()


async def test_silence_is_no_short_break(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, expected_complaints: list[str]
) -> None:
    expected_complaints.append("Stream data")
    stream = Stream(hass, [1, NoAnswerError()])
    await stream.async_start()
    await later(hass, freezer, 2)
    assert not stream.last_update_success
    await stream.stop()


async def test_a_short_break_goes_unnoticed(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    stream = Stream(hass, [1, CannotConnectError(), CannotConnectError(), 2])
    await stream.async_start()
    for _ in range(GRACE_SECONDS - 1):
        await later(hass, freezer, 1)
        assert stream.last_update_success
    assert stream.data == 2
    await stream.stop()


async def test_unload_in_the_middle_of_a_break_leaves_no_timer(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    stream = Stream(hass, [1, CannotConnectError(), CannotConnectError()])
    await stream.async_start()
    await later(hass, freezer, 2)
    await stream.stop()
    await later(hass, freezer, 60)
    assert stream.last_update_success
    await turns()


@pytest.mark.parametrize("error", [CannotConnectError, NoAnswerError, WrongDeviceError])
async def test_a_start_that_fails_says_why(
    hass: HomeAssistant, error: type[CannotConnectError]
) -> None:
    stream = Stream(hass, [error()])
    with pytest.raises(ConfigEntryNotReady) as caught:
        await stream.async_start()
    assert caught.value.translation_key == error.key
    await stream.stop()
