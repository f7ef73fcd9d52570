"""A house on the wire: a meter, two inverters, two batteries, and one that is only sensors."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
import logging
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.energy_hub.const import DOMAIN
from custom_components.energy_hub.devices.fluvius import line
from homeassistant.config_entries import ConfigSubentryData
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from simulator.envoy import Envoy
from simulator.homevolt import Homevolt
from simulator.huawei import HuaweiConfig, Sun2000
from simulator.p1 import P1Config, P1Meter
from simulator.world import House, mixed_house
from tests.helpers import turns

INTERVAL_S = 300
METER, INVERTER, ENVOY, ECU = "1SAG9900000001", "HV9900000001", "999000000001", "99aabbccdd01"
SOURCES = {
    "grid": [f"grid/{METER}"],
    "solar": [f"solar/{INVERTER}", f"solar/{ENVOY}"],
    "battery": [f"battery/{INVERTER}_battery", f"battery/{ECU}"],
}
SENSORS = ConfigSubentryData(
    data={"flow": "solar", "power": "sensor.shed_power", "to_house": "sensor.shed_energy"},
    subentry_type="sensors",
    title="Shed",
    unique_id=None,
)
OPTIONS: Mapping[str, dict[str, Any]] = {
    "huawei": {"interval": INTERVAL_S},
    "homevolt": {"interval": INTERVAL_S},
    # Every telegram for itself: a mean would hold one from before the last leap.
    "fluvius": {"power_interval": 1},
    "enphase": {"interval": INTERVAL_S},
}


@dataclass
class Whole:
    """The devices, the world behind them, and the time that passes for all."""

    hass: HomeAssistant
    freezer: FrozenDateTimeFactory
    world: House
    meter: P1Meter
    given: Mapping[str, dict[str, Any]]
    """What the forms of the devices were told, by type."""
    entries: dict[str, MockConfigEntry] = field(default_factory=dict)

    async def add(self, kind: str) -> MockConfigEntry:
        """Set up the entry of a device."""
        entry = MockConfigEntry(
            domain=DOMAIN,
            title=kind.title(),
            data={"type": kind, **self.given[kind]},
            options=OPTIONS.get(kind, {}),
            unique_id=f"{kind}_{self.given[kind]['device_id']}",
        )
        entry.add_to_hass(self.hass)
        self.entries[kind] = entry
        task = self.hass.async_create_task(self.hass.config_entries.async_setup(entry.entry_id))
        while not task.done():
            await self.tick(1)
            await turns(500)
        await self.hass.async_block_till_done()
        return entry

    async def add_house(self) -> MockConfigEntry:
        """Set up the house that they are the sources of."""
        entry = MockConfigEntry(
            domain=DOMAIN,
            title="Home",
            data={"type": "house", "device_id": "home"},
            options=SOURCES,
            unique_id="house_home",
            subentries_data=[SENSORS],
        )
        entry.add_to_hass(self.hass)
        assert await self.hass.config_entries.async_setup(entry.entry_id)
        await self.hass.async_block_till_done()
        return entry

    async def at_next(self, step: timedelta) -> None:
        """Let it be the next full `step` of the clock, and all devices that are polled answer."""
        await self.leap(step.total_seconds() - dt_util.utcnow().timestamp() % step.total_seconds())

    async def leap(self, seconds: float) -> None:
        """Let so much time pass that all devices that are polled answer again."""
        coordinators = [
            entry.runtime_data for kind, entry in self.entries.items() if kind != "fluvius"
        ]
        heard: set[int] = set()
        stops = [
            one.async_add_listener(lambda name=id(one): heard.add(name)) for one in coordinators
        ]
        await self.tick(seconds)
        await self.until(lambda: len(heard) == len(coordinators))
        for stop in stops:
            stop()

    async def until(self, happened: Callable[[], bool]) -> None:
        """Let seconds pass until something happened."""
        while not happened():
            await turns(200)
            if not happened():
                await self.tick(1)

    async def tick(self, seconds: float) -> None:
        """Let a moment pass, with a telegram of the meter."""
        self.freezer.tick(timedelta(seconds=seconds))
        shed = self.world.truth(dt_util.utcnow()).arrays["hoymiles"]
        for name, value, unit in (
            ("power", shed.power_w, "W"),
            ("energy", round(shed.energy_kwh, 3), "kWh"),
        ):
            self.hass.states.async_set(
                f"sensor.shed_{name}", str(value), {"unit_of_measurement": unit}
            )
        async_fire_time_changed(self.hass, dt_util.utcnow())
        await self.meter.push()
        await turns(60)


@pytest.fixture
def begin() -> datetime:
    """Return when the world begins; tests override it."""
    raise NotImplementedError


@pytest.fixture
async def whole(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    socket_enabled: None,
    begin: datetime,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Whole]:
    """Return the devices, all answering; nothing reads them yet."""
    # Thousands of polls and statements: neither logged nor watched one by one.
    hass.loop.set_debug(False)
    caplog.set_level(logging.WARNING)
    caplog.set_level(logging.WARNING, "sqlalchemy.engine")
    # The meter says something each second; here they pass in leaps.
    monkeypatch.setattr(line, "SILENCE_SECONDS", 1e6)
    freezer.move_to(begin)
    await hass.config.async_update(latitude=50.85, longitude=4.35, time_zone="Europe/Brussels")
    world = House(mixed_house(), begin - timedelta(hours=26), fine_from=begin + timedelta(days=9))
    clock = dt_util.utcnow
    async with AsyncExitStack() as stack:
        meter = P1Meter(world, clock, P1Config())
        inverter = Sun2000(world, clock, HuaweiConfig(quiet_s=0.0, spacing_s=0.0))
        envoy, ecu = Envoy(world, clock), Homevolt(world, clock)
        for device in (meter, inverter, envoy, ecu):
            stack.push_async_callback(device.stop)
        here = "127.0.0.1"
        given: dict[str, dict[str, Any]] = {
            "fluvius": {"host": here, "port": await meter.start_tcp(), "device_id": METER},
            "huawei": {
                "host": here,
                "port": await inverter.start(here),
                "unit_id": 1,
                "device_id": INVERTER,
            },
            "enphase": {
                "host": f"{here}:{await envoy.start()}",
                "token": envoy.cloud.token(),
                "device_id": ENVOY,
            },
            "homevolt": {"host": f"{here}:{await ecu.start(here)}", "device_id": ECU},
        }
        yield Whole(hass, freezer, world, meter, given)
        for entry in hass.config_entries.async_entries(DOMAIN):
            if entry.state.recoverable:
                await hass.config_entries.async_unload(entry.entry_id)
        await hass.async_block_till_done()
    await turns()
