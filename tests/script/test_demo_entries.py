"""Entries are made as a user makes them, and a refusal is told as a user reads it."""

import pytest

from script.lib.demo import entries
from script.lib.demo.devices import METER, Listens
from script.lib.demo.say import DemoError

from .demo_home import RememberingHome

WHERE: Listens = {"host": "127.0.0.1", "port": 18100}


@pytest.fixture
def home() -> RememberingHome:
    return RememberingHome()


async def test_an_entry_goes_through_the_menus_of_its_device(home: RememberingHome) -> None:
    assert await entries.create(home, METER, WHERE) == "entry1"
    assert home.said == [
        {"handler": "energy_hub"},
        {"next_step_id": "fluvius"},
        {"next_step_id": "fluvius_network"},
        {"host": "127.0.0.1", "port": 18100},
    ]


async def test_an_error_on_the_form_is_told_and_the_flow_is_closed(home: RememberingHome) -> None:
    home.refusals = [{"type": "form", "errors": {"base": "foreign_meter"}}]
    with pytest.raises(DemoError, match="not a Belgian one"):
        await entries.create(home, METER, WHERE)
    assert not home.open_flows
    assert not home.entries


async def test_an_abort_is_told(home: RememberingHome) -> None:
    home.refusals = [{"type": "abort", "reason": "already_configured"}]
    with pytest.raises(DemoError, match="already set up"):
        await entries.create(home, METER, WHERE)


@pytest.mark.parametrize(
    "step",
    [
        {"type": "form", "errors": {"base": "never_heard_of"}},
        {"type": "abort", "reason": "never_heard_of"},
        {"type": "form", "step_id": "never_heard_of", "errors": None},
    ],
)
def test_an_unknown_refusal_is_told_as_it_came(step: dict[str, object]) -> None:
    assert "never_heard_of" in entries.refusal(step)


async def test_a_loaded_entry_has_no_reason(home: RememberingHome) -> None:
    home.add("a")
    assert await entries.settled(home, "a") is None


async def test_an_entry_that_cannot_start_has_its_reason(home: RememberingHome) -> None:
    home.add("a", "setup_retry")["reason"] = "the meter stays silent"
    home.add("b", "setup_error")
    assert await entries.settled(home, "a") == "the meter stays silent"
    assert await entries.settled(home, "b") == "setup_error"
