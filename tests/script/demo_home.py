"""A Home Assistant that only remembers what the demo did to it."""

from typing import Any, override

from script.lib.demo.api import HomeAssistant


class RememberingHome(HomeAssistant):
    """Answers as Home Assistant does, for entries, entities and energy preferences."""

    def __init__(self) -> None:
        """Start empty; `refusals` are the last steps that a flow ends with instead of an entry."""
        self.entries: dict[str, dict[str, Any]] = {}
        self.refusals: list[dict[str, Any]] = []
        self.sources: list[dict[str, Any]] | None = None
        self.said: list[dict[str, Any]] = []
        self.open_flows: set[str] = set()
        self.saves = 0
        self._flows = 0

    @override
    async def get(self, path: str) -> Any:
        assert path == "/api/config/config_entries/entry?domain=energy_hub"
        return [dict(entry) for entry in self.entries.values()]

    @override
    async def post(self, path: str, data: dict[str, Any]) -> Any:
        self.said.append(data)
        if path.endswith("/flow"):
            self._flows += 1
            self.open_flows.add(f"flow{self._flows}")
            return {"type": "menu", "flow_id": f"flow{self._flows}"}
        flow = path.rpartition("/")[2]
        assert flow in self.open_flows
        if "next_step_id" in data:
            return {"type": "menu", "flow_id": flow}
        if self.refusals:
            step = self.refusals.pop() | {"flow_id": flow}
            if step["type"] == "abort":
                self.open_flows.remove(flow)
            return step
        self.open_flows.remove(flow)
        return {"type": "create_entry", "result": self.add(f"entry{self._flows}")}

    @override
    async def delete(self, path: str) -> None:
        _, kind, name = path.rsplit("/", 2)
        if kind == "entry":
            del self.entries[name]
        else:
            self.open_flows.remove(name)

    @override
    async def command(self, kind: str, **data: Any) -> Any:
        if kind == "energy/get_prefs":
            return None if self.sources is None else {"energy_sources": self.sources}
        if kind == "energy/save_prefs":
            self.saves += 1
            self.sources = data["energy_sources"]
            return None
        assert kind == "config/entity_registry/list"
        keys = ("import_total", "export_total", "grid_power")
        return [
            {
                "unique_id": f"{entry}_{key}",
                "entity_id": f"sensor.{entry}_{key}",
                "config_entry_id": entry,
            }
            for entry in self.entries
            for key in keys
        ]

    def add(self, entry_id: str, state: str = "loaded") -> dict[str, Any]:
        """Make an entry; return it."""
        self.entries[entry_id] = {"entry_id": entry_id, "state": state, "reason": None}
        return self.entries[entry_id]
