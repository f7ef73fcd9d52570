"""The entry that delivers to ENRG begins in the demo as a user lets it begin."""

from typing import Any, override

import pytest

from script.lib.demo.api import HomeAssistant
from script.lib.demo.enrg import deliver
from script.lib.demo.say import DemoError


class OptionsHome(HomeAssistant):
    """Asks two steps of options, then says that it is done."""

    def __init__(self, end: dict[str, Any]) -> None:
        self.end = end
        self.said: list[tuple[str, dict[str, Any]]] = []

    @override
    async def get(self, path: str) -> Any:
        return [{"entry_id": "a", "state": "loaded", "reason": None}]

    @override
    async def post(self, path: str, data: dict[str, Any]) -> Any:
        self.said.append((path.rpartition("/")[2], data))
        fields: list[dict[str, Any]] = [
            {"name": "interval", "default": "60"},
            {"name": "decimals", "description": {"suggested_value": 3}},
        ]
        form = {"type": "form", "flow_id": "flow1", "data_schema": fields}
        return form if len(self.said) < 3 else {**self.end, "flow_id": "flow1"}


async def test_what_is_proposed_is_taken_and_the_last_day_delivered() -> None:
    home = OptionsHome({"type": "create_entry"})
    await deliver(home, "a")
    taken = {"interval": "60", "decimals": 3}
    assert home.said[:3] == [("flow", {"handler": "a"}), ("flow1", taken), ("flow1", taken)]
    assert home.said[3][0] == "enrg_export"
    assert home.said[3][1]["config_entry_id"] == "a"


async def test_without_plants_it_is_told() -> None:
    home = OptionsHome({"type": "abort", "reason": "enrg_no_plants"})
    with pytest.raises(DemoError, match="nothing to deliver"):
        await deliver(home, "a")
