"""What every test of the integration needs."""

from collections.abc import Iterator
import logging
from unittest.mock import PropertyMock, patch

from hypothesis import HealthCheck, settings
import pytest

# Imported before Home Assistant's test plugin puts its own folder of that name first.
import custom_components
from simulator.envoy.certificate import new_context

# The library of certificates learns at its first one what a datetime is, and must not
# learn it while the time is frozen.
new_context()

# A gate says the same twice: property tests draw new examples only where somebody asks for
# them (--hypothesis-profile=new). No machine is too slow for them.
settings.register_profile("new", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same", settings.get_profile("new"), derandomize=True)
settings.load_profile("same")

# Every statement of the recorder would be kept until the end of its test.
logging.getLogger("sqlalchemy.engine").setLevel(logging.WARNING)

OURS = custom_components.__name__ + ".energy_hub"


@pytest.fixture(autouse=True)
def _our_integration(request: pytest.FixtureRequest) -> None:
    """Let Home Assistant load the integration of this repository, where a test has one."""
    if "recorder_mock" in request.fixturenames:
        # The recorder wants to be there before Home Assistant.
        request.getfixturevalue("recorder_mock")
    if "hass" in request.fixturenames:
        request.getfixturevalue("enable_custom_integrations")


@pytest.fixture(autouse=True)
def enable_event_loop_debug() -> None:
    """Leave the event loop as users have it: looking at the stack at every turn is slow."""


@pytest.fixture
def everything_enabled() -> Iterator[None]:
    """Enable the entities too that are off unless somebody wants them."""
    with patch(
        "homeassistant.helpers.entity.Entity.entity_registry_enabled_default",
        new_callable=PropertyMock(return_value=True),
    ):
        yield


@pytest.fixture
def expected_complaints() -> list[str]:
    """Return a list for the parts of warnings and errors that a test expects from us."""
    return []


@pytest.fixture(autouse=True)
def _no_complaints(
    caplog: pytest.LogCaptureFixture, expected_complaints: list[str]
) -> Iterator[None]:
    """Fail a test in which our domain warned or complained unexpectedly."""
    yield
    complaints = [
        record.getMessage()
        for record in caplog.get_records("call")
        if record.levelno >= logging.WARNING and record.name.startswith((OURS, "dsmr_parser"))
    ]
    for part in expected_complaints:
        assert any(part in text for text in complaints), f"nobody said: {part}"
    unexpected = [t for t in complaints if not any(part in t for part in expected_complaints)]
    assert unexpected == []
