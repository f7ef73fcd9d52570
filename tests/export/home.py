"""A Home Assistant with plants on its roof, and the platform that they are delivered to."""

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
import logging
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.energy_hub.const import DOMAIN
from custom_components.energy_hub.errors import DeviceError
from custom_components.energy_hub.export.coordinator import EnrgCoordinator
from custom_components.energy_hub.reading import Flow, History, Reading, Sample, Shown
from custom_components.energy_hub.site import async_get_site
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
from simulator.enrg import EnrgService
from tests.helpers import turns, until

from .plants import BRUSSELS, port

START = datetime(2026, 6, 17, 10, 5, tzinfo=UTC)
"""12:05 in Brussels."""
ROOF, BARN = 3_187_654, 3_187_702
QUARTER = timedelta(minutes=15)


class Roof:
    """Plants that remember; what they are asked is counted."""

    balances = None

    def __init__(self) -> None:
        self.plants: dict[str, dict[str, Sequence[Sample]]] = {}
        self.past: dict[str, dict[str, Sequence[Sample]]] = {}
        self.fails: DeviceError | None = None
        self.past_fails: DeviceError | None = None
        self.asked = 0

    def grow(self, plant: int, until: datetime, *serials: str, hours: int = 8) -> None:
        """Let inverters have answered every quarter of the last hours."""
        begin = until.replace(minute=0, second=0) - timedelta(hours=hours)
        count = (until - begin) // QUARTER + 1
        labels = [begin + number * QUARTER for number in range(count)]
        self.plants[str(plant)] = {
            serial: [self.sample(at) for at in labels] for serial in serials or ("A1", "B2")
        }

    @staticmethod
    def sample(at: datetime) -> Sample:
        """Return an inverter whose energy says which moment it is."""
        wh = (at - at.replace(hour=0, minute=0)) / timedelta(hours=1) * 100
        return Sample(at, 300.0, 50.01, 41.2, (231.4,), {1: port(wh), 3: port(wh)})

    @property
    def histories(self) -> Mapping[str, str]:
        return {plant: f"Plant {plant[-3:]}" for plant in self.plants}

    @property
    def readings(self) -> Sequence[Reading]:
        return [
            Reading(
                source=plant,
                flow=Flow.SOLAR,
                at=max(one[-1].at for one in samples.values()),
                valid_for=QUARTER,
            )
            for plant, samples in self.plants.items()
            if any(samples.values())
        ]

    def shown(self, reading: Reading) -> Shown:
        return Shown()

    async def async_history(self, source: str) -> History | None:
        self.asked += 1
        if self.fails is not None:
            raise self.fails
        return self._history(source, self.plants.get(source))

    async def async_past(self, source: str, start: datetime, end: datetime) -> History | None:
        if (error := self.past_fails or self.fails) is not None:
            raise error
        return self._history(source, self.past.get(source))

    def _history(self, source: str, samples: Any) -> History | None:
        if samples is None:
            return None
        return History(source=source, zone=BRUSSELS, samples=samples)

    def told(self, source: str, keys: Collection[str]) -> Mapping[str, Any]:
        return {}

    def async_add_listener(self, update_callback: Callable[[], None]) -> Callable[[], None]:
        return lambda: None


@dataclass
class Home:
    """All of it, on one frozen clock."""

    hass: HomeAssistant
    freezer: FrozenDateTimeFactory
    service: EnrgService
    url: str
    roof: Roof
    credential: str
    entries: list[MockConfigEntry] = field(default_factory=list)

    @property
    def options(self) -> dict[str, Any]:
        """Return options that let the first plant be delivered since this morning."""
        since = (START - timedelta(hours=3)).isoformat()
        return {"plants": {str(ROOF): {"id": ROOF, "since": since}}, "offered": [str(ROOF)]}

    async def add(self, *, title: str = "ENRG", url: str = "", **options: Any) -> MockConfigEntry:
        """Set up an entry."""
        number = len(self.entries)
        entry = MockConfigEntry(
            domain=DOMAIN,
            title=title,
            unique_id=f"enrg_enrg{number}",
            data={
                "type": "enrg",
                "device_id": f"enrg{number}",
                "url": url or self.url,
                "credential": self.credential,
            },
            options=options,
        )
        entry.add_to_hass(self.hass)
        self.entries.append(entry)
        assert await self.hass.config_entries.async_setup(entry.entry_id)
        await self.settle()
        return entry

    async def deliver(self, **options: Any) -> MockConfigEntry:
        """Set up an entry that delivers the first plant."""
        return await self.add(**{**self.options, **options})

    async def passes(self, seconds: float, step: float = 0) -> None:
        """Let time pass, at once or in steps, with everything that falls due."""
        left = seconds
        while left > 0:
            self.freezer.tick(timedelta(seconds=min(step or seconds, left)))
            left -= step or seconds
            async_fire_time_changed(self.hass, dt_util.utcnow())
            await self.settle()

    async def drain(self, seconds: float = 240) -> None:
        """Let as much time pass as a short queue needs, second by second."""
        await self.passes(60, step=20)
        await self.passes(seconds, step=1)

    async def settle(self) -> None:
        """Wait until all entries have done what they had to do, and nothing more comes of it."""
        for _ in range(2):
            for entry in self.entries:
                if isinstance(running := getattr(entry, "runtime_data", None), EnrgCoordinator):
                    await until(lambda one=running: _is_idle(one))
            await turns(20)
            await self.hass.async_block_till_done()

    async def action(self, name: str, **data: Any) -> Any:
        """Return the answer of an action of the first entry."""
        answer = await self.hass.services.async_call(
            DOMAIN,
            name,
            {"config_entry_id": self.entries[0].entry_id, **data},
            blocking=True,
            return_response=True,
        )
        await self.settle()
        return answer

    def dates(self, device: str = "A1") -> list[str]:
        """Return the times at which the platform has a device, in the order they came in."""
        return [row.date for row in self.service.archive.of_kind("device") if row.id == device]

    def issues(self) -> dict[str, dict[str, str]]:
        """Return what repairs tell, by kind."""
        return {
            str((one.data or {})["kind"]): one.translation_placeholders or {}
            for (domain, _), one in ir.async_get(self.hass).issues.items()
            if domain == DOMAIN and one.data is not None
        }


def _is_idle(running: EnrgCoordinator) -> bool:
    others = [task for name, task in running._tasks.items() if name != "delivery"]
    delivery = running._tasks.get("delivery")
    wake = running._sender._wake
    waits = delivery is None or delivery.done() or bool(wake._waiters and not wake.is_set())
    return waits and all(task.done() for task in others)


@pytest.fixture
async def home(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    socket_enabled: None,
    caplog: pytest.LogCaptureFixture,
) -> AsyncIterator[Home]:
    """Return a home with one plant that has answered since the morning."""
    caplog.set_level(logging.INFO, "custom_components.energy_hub")
    caplog.set_level(logging.WARNING, "homeassistant")
    hass.loop.set_debug(False)  # it looks at the stack at every turn
    await hass.config.async_set_time_zone("Europe/Brussels")
    freezer.move_to(START)
    service = EnrgService(dt_util.utcnow)
    roof = Roof()
    roof.grow(ROOF, START)
    async_get_site(hass).register("roof", roof)
    home = Home(
        hass, freezer, service, await service.start(), roof, credential=service.config.credential
    )
    yield home
    for entry in home.entries:
        await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_block_till_done()
    await service.stop()
    await turns()
    secrets = {home.credential, *service.tokens.given}
    ours = (one for one in caplog.records if one.name.startswith("custom_components"))
    assert not [one for one in ours for secret in secrets if secret in one.getMessage()]
