"""The balance of a house on its way: each slot once nothing of it changes, with what it cost."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
import logging
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.energy_hub.const import DOMAIN
from custom_components.energy_hub.export.coordinator import EnrgCoordinator
from custom_components.energy_hub.export.form import Choice, Form, Unknown
from custom_components.energy_hub.export.house import build_house
from custom_components.energy_hub.export.kinds import Span
from custom_components.energy_hub.reading import Balance
from custom_components.energy_hub.site import Balances, async_get_site
from homeassistant.components.recorder import Recorder
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
from simulator.enrg import EnrgService
from simulator.enrg.fields import SHAPES, check as simulator_check
from tests.helpers import until
from tests.house.money import ONE_PRICE, Begin, Meters, begin, meters

from ..openapi import check
from .home import Home, Roof, home
from .plants import BRUSSELS, at

__all__ = ["begin", "home", "meters"]

PLANT = 4_711
NOON = datetime(2026, 6, 17, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ENERGIES = {"solar_kwh": 2.0, "import_kwh": 0.5, "export_kwh": 1.25, "house_kwh": 1.0}
SPAN = Span(begin=at(12, zone=BRUSSELS), end=at(13, zone=BRUSSELS), zone=BRUSSELS)


def house(form: Form | None = None, **said: Any) -> dict[str, Any]:
    """Return the object of a message, held against document and platform."""
    balance = Balance(start=SPAN.begin, end=SPAN.end, **said)
    message = build_house(balance, Choice(id=PLANT), form or Form(), SPAN)
    assert (message.slot.kind, message.slot.plant, message.slot.at) == ("house", PLANT, SPAN.begin)
    if (form or Form()).unknown is not Unknown.ZERO:  # no grid has 0 Hz
        check(message.payload, "PlantHouse")
    simulator_check(message.payload, SHAPES["house"], all_keys=False, new_keys=False, nulls=True)
    found: dict[str, Any] = message.payload["INFORMATION_HOUSE"]
    return found


def test_what_flowed_and_what_it_cost() -> None:
    money = {"import_cost": 0.155, "export_revenue": 0.0563, "currency": "EUR"}
    found = house(**ENERGIES, **money, discharged_kwh=0.0, charged_kwh=0.25, forecast_kwh=1.9)
    said = {name: value for name, value in found.items() if value is not None}
    assert said == {
        "DATE": "2026-06-17 12:00:00",
        "ID_DEVICE": "HOUSE_4711",
        "TYPE_DEVICE": 12,
        "PV": 2000.0,
        "IMPORT": 500.0,
        "EXPORT": 1250.0,
        "CHARGE": 250.0,
        "DISCHARGE": 0.0,
        "CONSUMPTION": 1000.0,
        "SELF_CONSUMPTION": 750.0,
        "COST": 0.155,
        "REVENUE": 0.056,
        "PROFIT": -0.099,
        "CURRENCY": "EUR",
        "FORECAST_PV": 1900.0,
    }


@pytest.mark.parametrize(
    ("unknown", "values"),
    [(Unknown.NULL, {None}), (Unknown.ZERO, {None, 0.0}), (Unknown.OMIT, set())],
)
def test_what_the_house_does_not_know_is_not_known(
    unknown: Unknown, values: set[float | None]
) -> None:
    found = house(Form(unknown=unknown), solar_kwh=-1.0, currency="EUR")
    known = {"DATE", "ID_DEVICE", "TYPE_DEVICE"}
    assert {value for name, value in found.items() if name not in known} == values


class Delivery:
    """A house of counters, and the platform that it is delivered to."""

    house: MockConfigEntry
    entry: MockConfigEntry

    def __init__(self, hass: HomeAssistant, freezer: FrozenDateTimeFactory, meters: Meters) -> None:
        self.hass = hass
        self.service = EnrgService(dt_util.utcnow)
        self._freezer = freezer
        self._meters = meters
        self.silent: list[str] = []

    async def begin(self, house: MockConfigEntry, **options: Any) -> None:
        """Set the destination up."""
        self.house = house
        self.entry = MockConfigEntry(
            domain=DOMAIN,
            data={
                "type": "enrg",
                "device_id": "enrg",
                "url": await self.service.start(),
                "credential": self.service.config.credential,
            },
            options={
                "kinds": ["house"],
                "kinds_plant": PLANT,
                "kinds_since": NOON.isoformat(),
                "kinds_house": house.entry_id,
                **options,
            },
        )
        self.entry.add_to_hass(self.hass)
        assert await self.hass.config_entries.async_setup(self.entry.entry_id)
        await self.settle()

    async def hour(self, start: datetime, **kwh: float) -> None:
        """Let energy flow for an hour, and ledger and queue do their work."""
        for name, one in kwh.items():
            self._meters.kwh[name] += one
        for seconds in (0, 20, 30, 80, 82, 84):
            await self.pulse(start + HOUR, seconds)

    async def pulse(self, moment: datetime, seconds: float = 0) -> None:
        """Let it be a moment, and the timers fire."""
        self._freezer.move_to(moment + timedelta(seconds=seconds))
        self._meters.show()
        for sensor in self.silent:
            self.hass.states.async_set(sensor, "unavailable")
        async_fire_time_changed(self.hass, dt_util.utcnow())
        await self.settle()

    async def settle(self) -> None:
        """Wait until the destination has nothing to do."""
        running: EnrgCoordinator = self.entry.runtime_data
        wake, ledger = running._sender._wake, getattr(self.house, "runtime_data", None)
        for _ in range(2):
            await until(lambda: not getattr(ledger, "_settling", None) or ledger._settling.done())
            if "delivery" in running._tasks:
                await until(lambda: bool(wake._waiters) and not wake.is_set())
            others = [task for name, task in running._tasks.items() if name != "delivery"]
            await until(lambda tasks=others: all(task.done() for task in tasks))
            await self.hass.async_block_till_done()

    async def action(self, name: str, **data: Any) -> dict[str, Any]:
        """Return the answer of an action."""
        data = {"config_entry_id": self.entry.entry_id, **data}
        answer = await self.hass.services.async_call(
            DOMAIN, name, data, blocking=True, return_response=True
        )
        await self.settle()
        return dict(answer or {})

    @property
    def stored(self) -> list[tuple[str, float, float, float]]:
        """Return what the platform has, in the order in which it came: Wh, and money."""
        rows = [(row.date, row.content) for row in self.service.archive.of_kind("device")]
        return [(date, one["PV"], one["CONSUMPTION"], one["COST"]) for date, one in rows]


@pytest.fixture
async def delivery(
    recorder_mock: Recorder,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    meters: Meters,
    socket_enabled: None,
    caplog: pytest.LogCaptureFixture,
) -> AsyncIterator[Delivery]:
    """Return a house and a platform; nothing is delivered yet."""
    hass.loop.set_debug(False)
    caplog.set_level(logging.WARNING)
    caplog.set_level(logging.WARNING, "sqlalchemy.engine")
    delivery = Delivery(hass, freezer, meters)
    yield delivery
    await hass.config_entries.async_unload(delivery.entry.entry_id)
    await delivery.service.stop()


async def test_a_slot_is_delivered_once_and_corrected_on_request(
    delivery: Delivery, begin: Begin, hass: HomeAssistant
) -> None:
    home = await begin(NOON, ONE_PRICE)
    await delivery.begin(home)
    assert (await delivery.action("enrg_preview"))["plants"] == []
    await delivery.hour(NOON, Import=0.6, Solar=1.2, Export=0.6)
    noon, one = "2026-06-17 12:00:00", "2026-06-17 13:00:00"
    assert delivery.stored == [(noon, 1200.0, 1200.0, 0.186)]
    assert await hass.config_entries.async_reload(delivery.entry.entry_id)
    await delivery.hour(NOON + HOUR, **{"Import": 0.3, "Solar": 2.0, "Battery in": 0.5})
    assert delivery.stored[1:] == [(one, 2000.0, 1800.0, 0.093)]
    span = {"start": NOON.isoformat(), "end": (NOON + 2 * HOUR).isoformat()}
    told = await delivery.action("enrg_export", **span)
    assert (told["new"], told["same"], told["changed"]) == (0, 2, 0)
    # A contract that was wrong is put right, and the house prices what it still knows again.
    (contract,) = (sub for sub in home.subentries.values() if sub.subentry_type == "tariff")
    dearer = {**ONE_PRICE, "import": {"kind": "flat", "price": 0.4}}
    hass.config_entries.async_update_subentry(home, contract, data=dearer)
    await delivery.pulse(NOON + 2 * HOUR, 305)
    await delivery.pulse(NOON + 2 * HOUR, 321)
    told = await delivery.action("enrg_export", **span)
    assert (told["new"], told["same"], told["changed"]) == (0, 0, 2)
    assert [row.writes for row in delivery.service.archive.of_kind("device")] == [1, 1]
    told = await delivery.action("enrg_export", **span, correct=True)
    assert (told["new"], told["plants"][0]["kind"]) == (2, "house")
    for seconds in range(330, 345):
        await delivery.pulse(NOON + 2 * HOUR, seconds)
    assert delivery.stored == [(noon, 1200.0, 1200.0, 0.24), (one, 2000.0, 1800.0, 0.12)]
    # A day later the ledger has forgotten them, and the statistics have not.
    await hass.services.async_call(
        DOMAIN,
        "recalculate_costs",
        {"config_entry_id": home.entry_id, **span},
        blocking=True,
        return_response=True,
    )
    await delivery.hour(NOON + 30 * HOUR)
    await delivery.pulse(NOON + 31 * HOUR, 320)
    assert home.runtime_data._energy.rows()[0].start > NOON + 2 * HOUR
    told = await delivery.action("enrg_export", **span)
    assert (told["new"], told["same"], told["changed"]) == (0, 2, 0)
    told = await delivery.action("enrg_export", start=(NOON - HOUR).isoformat())
    assert told["plants"][0]["gaps"] == []
    (told,) = (await delivery.action("enrg_preview"))["plants"]
    assert told["payload"]["DATE_GENERATION"] == "2026-06-18 18:00:00"
    # A house that is gone is missed.
    await hass.config_entries.async_unload(home.entry_id)
    for hours in (32, 34):
        await delivery.pulse(NOON + hours * HOUR, 20)
    issue = ir.async_get(hass).async_get_issue(DOMAIN, f"enrg_plant_away_{delivery.entry.entry_id}")
    assert issue is not None
    assert (issue.translation_placeholders or {})["plants"] == "HOUSE_4711"
    (told,) = (await delivery.action("enrg_export", **span))["plants"]
    assert (told["error"], told["same"]) == ("not_loaded", 0)


async def test_after_a_day_a_slot_is_sent_as_far_as_it_is_known(
    delivery: Delivery, begin: Begin
) -> None:
    await delivery.begin(await begin(NOON))
    delivery.silent = ["sensor.into"]
    await delivery.hour(NOON, Import=0.6, Solar=1.2)
    await delivery.hour(NOON + 23 * HOUR)
    assert delivery.stored == []
    await delivery.hour(NOON + 24 * HOUR)
    ((date, *_),) = delivery.stored
    (row,) = delivery.service.archive.of_kind("device")
    assert date == "2026-06-17 12:00:00"
    said = {name: row.content[name] for name in ("PV", "IMPORT", "CHARGE", "CONSUMPTION")}
    assert said == {"PV": 1200.0, "IMPORT": 600.0, "CHARGE": None, "CONSUMPTION": None}


class Told(Roof):
    """A house that tells what it did, but for one quarter."""

    missing = NOON + 30 * HOUR

    def __init__(self) -> None:
        super().__init__()
        self.settled: datetime | None = None

    @property
    def balances(self) -> Balances:  # type: ignore[override]  # a roof has none
        return self

    async def async_read(self, spans: Sequence[tuple[datetime, datetime]]) -> Sequence[Balance]:
        return [
            Balance(start=begin, end=end, house_kwh=0.1)
            for begin, end in spans
            if begin != self.missing
        ]


async def test_slots_of_an_outage_follow_and_a_gap_is_told(home: Home) -> None:
    told, plant = Told(), {"kinds_plant": PLANT, "kinds_since": NOON.isoformat()}
    async_get_site(home.hass).register("told", told)
    await home.add(kinds=["house"], kinds_house="told", interval="15", **plant)
    await home.passes(60)
    told.settled = NOON + 36 * HOUR
    home.freezer.move_to(told.settled)
    await home.passes(60, step=20)
    answer = await home.action("enrg_export", start=(NOON - HOUR).isoformat(), plants=[PLANT])
    (row,) = answer["plants"]
    # The four of the hour before it was chosen are new.
    assert (row["new"], row["same"], row["changed"]) == (4, 143, 0)
    assert row["gaps"] == [dt_util.as_local(told.missing).isoformat()]


async def test_the_only_house_is_chosen_and_of_several_one(
    delivery: Delivery, begin: Begin, hass: HomeAssistant
) -> None:
    home = await begin(NOON)
    await delivery.begin(home, kinds=[], kinds_house="", kinds_plant=0)
    assert await options(hass, delivery.entry, {"kinds": ["house"], "kinds_plant": 7}) == []
    assert delivery.entry.options["kinds_house"] == home.entry_id
    await delivery.settle()
    async_get_site(hass).register("other", home.runtime_data)
    other = MockConfigEntry(domain=DOMAIN, title="Barn", entry_id="other")
    other.add_to_hass(hass)
    shown = await options(hass, delivery.entry, {"kinds": ["house"], "kinds_house": "other"})
    assert shown == ["Home", "Barn"]
    assert delivery.entry.options["kinds_house"] == "other"
    await delivery.settle()


async def options(hass: HomeAssistant, entry: MockConfigEntry, said: dict[str, Any]) -> list[str]:
    """Go through the options; return which houses were offered."""
    steps = hass.config_entries.options
    flow = (await steps.async_init(entry.entry_id))["flow_id"]
    result: dict[str, Any] = dict(
        await steps.async_configure(flow, {"plants": [], "interval": "60", "dry_run": False})
    )
    fields = result["data_schema"].schema
    before = {str(key): (key.description or {}).get("suggested_value") for key in fields}
    await steps.async_configure(flow, {**before, **said})
    await steps.async_configure(flow, {})
    await hass.async_block_till_done()
    houses = [field for key, field in fields.items() if str(key) == "kinds_house"]
    return [one["label"] for field in houses for one in field.config["options"]]
