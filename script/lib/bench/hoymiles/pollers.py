"""The two that read the cloud: our entry, and a client that does nothing else."""

from base64 import b64encode
import hashlib
from typing import Any, Final, Protocol

from aiohttp import ClientSession

from custom_components.energy_hub.const import DOMAIN
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from ..case import Side
from ..entry import has_value, new_entry
from .times import START

_TURNS: Final = 20
_PLANTS: Final = "/pvm/api/0/station/select_by_page"
_LISTS: Final = (
    "/pvm/api/0/station/select_device_of_tree",
    "/pvm/api/0/station/find",
)
_FIGURES: Final = "/pvm-data/api/0/station/data/count_station_real_data"
_DAY: Final = "/pvm-data/api/0/module/data/down_module_day_data"


class Poller(Protocol):
    """Who reads."""

    async def async_prepare(self) -> None:
        """Do what is done once in the life of a Home Assistant, such as imports."""

    async def async_begin(self) -> None:
        """Read everything for the first time."""

    async def async_refresh(self) -> None:
        """Read what has changed."""

    def entities(self) -> int:
        """Return how many entities there are."""


class _Ours:
    """Our entry with its default options: of many plants it shows no ports."""

    def __init__(self, hass: HomeAssistant, account: dict[str, str]) -> None:
        self._hass = hass
        self._account = account

    def _entry(self, name: str, options: dict[str, Any] | None = None) -> ConfigEntry[Any]:
        data = {"type": "hoymiles", "device_id": name, **self._account}
        return new_entry(DOMAIN, f"hoymiles_{name}", data, options)

    async def async_prepare(self) -> None:
        first = self._entry("first", {"plants": ["4000000"], "detail": []})
        await self._hass.config_entries.async_add(first)
        await self._hass.async_block_till_done()
        await self._hass.config_entries.async_remove(first.entry_id)

    async def async_begin(self) -> None:
        self._all = self._entry("all")
        await self._hass.config_entries.async_add(self._all)
        for _ in range(_TURNS):
            if self._is_complete():
                return
            await self.async_refresh()
        raise RuntimeError("not every inverter shows a power")

    async def async_refresh(self) -> None:
        coordinator = self._all.runtime_data
        await coordinator.async_refresh()
        if not coordinator.last_update_success:
            raise RuntimeError("the cloud did not answer")

    def entities(self) -> int:
        registry = er.async_get(self._hass)
        return len(er.async_entries_for_config_entry(registry, self._all.entry_id))

    def _is_complete(self) -> bool:
        registry, coordinator = er.async_get(self._hass), self._all.runtime_data
        ids = (
            registry.async_get_entity_id(Platform.SENSOR, DOMAIN, f"{part.id}_power")
            for part in coordinator.parts[1:]
        )
        shown = [one is not None and has_value(self._hass.states.get(one)) for one in ids]
        return all(shown) and len(shown) > len(coordinator.all_plants)


class _Bare:
    """A client with the same calls: answers come, and nothing is made of them."""

    def __init__(self, hass: HomeAssistant, account: dict[str, str]) -> None:
        self._session: ClientSession = async_get_clientsession(hass)
        self._account = account
        self._headers: dict[str, str] = {}

    async def async_prepare(self) -> None:
        user = self._account["username"]
        seed = (await self._json("/iam/pub/3/auth/pre-insp", {"u": user}))["n"]
        raw = self._account["password"].encode()
        digest = b64encode(hashlib.sha256(raw).digest()).decode()
        wanted = f"{hashlib.md5(raw, usedforsecurity=False).hexdigest()}.{digest}"
        body = {"u": user, "ch": wanted, "n": seed}
        self._headers["Authorization"] = (await self._json("/iam/pub/3/auth/login", body))["token"]

    async def async_begin(self) -> None:
        page = await self._json(_PLANTS, {"page": 1, "page_num": 1, "page_size": 100})
        self._plants = [one["id"] for one in page["list"]]
        for plant in self._plants:
            for path in _LISTS:
                await self._json(path, {"id": plant})
        await self.async_refresh()
        for plant in self._plants:
            await self._read(_DAY, {"sid": plant, "date": f"{START:%Y-%m}-{START.day - 1:02}"})

    async def async_refresh(self) -> None:
        for plant in self._plants:
            await self._json(_FIGURES, {"sid": plant})
            await self._read(_DAY, {"sid": plant, "date": f"{START:%Y-%m-%d}"})

    def entities(self) -> int:
        return 0

    async def _json(self, path: str, body: dict[str, Any]) -> Any:
        async with self._ask(path, body) as reply:
            return (await reply.json())["data"]

    async def _read(self, path: str, body: dict[str, Any]) -> None:
        async with self._ask(path, body) as reply:
            await reply.read()

    def _ask(self, path: str, body: dict[str, Any]) -> Any:
        return self._session.post(f"{self._account['url']}{path}", json=body, headers=self._headers)


def poller(side: Side, hass: HomeAssistant, account: dict[str, str]) -> Poller:
    """Return who reads on a side."""
    return _Ours(hass, account) if side is Side.OURS else _Bare(hass, account)
