"""Meters that count what a contract of the documentation says, and what is asked of the house."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.energy_hub.const import DOMAIN
from custom_components.energy_hub.ledger.money import cents
from homeassistant.config_entries import ConfigSubentryData
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from tests.helpers import turns
from tests.ledger.tools import local

PARTS = (
    {"flow": "grid", "to_house": "sensor.import", "from_house": "sensor.export"},
    {"flow": "solar", "to_house": "sensor.solar"},
    {"flow": "battery", "to_house": "sensor.out", "from_house": "sensor.into"},
)
COUNTERS = {
    "Import": "import",
    "Export": "export",
    "Solar": "solar",
    "Battery in": "into",
    "Battery out": "out",
}
SLOT = timedelta(minutes=5)
SETTLED = timedelta(seconds=20)
SHOWN = timedelta(seconds=10)
ONE_PRICE = {
    "since": None,
    "import": {"kind": "flat", "price": 0.31},
    "export": {"kind": "flat", "price": 0.045},
    "fees": {"day": 0, "month": 0, "year": 60},
    "capacity": None,
}

SPOT = {"kind": "series", "source": "sensor.spot"}
DYNAMIC = {
    "since": None,
    "import": {**SPOT, "factor": 0.00105, "surcharge": 0.08, "tax_percent": 6},
    "export": {**SPOT, "factor": 0.00095, "surcharge": -0.01},
    "fees": {"month": 2},
    "capacity": None,
}

type Begin = Callable[..., Awaitable[MockConfigEntry]]


class Meters:
    """The sensors of a house, and the clock that they are read by."""

    def __init__(self, hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
        self._hass = hass
        self._freezer = freezer
        self.kwh = dict.fromkeys(COUNTERS, 1000.0)

    def show(self, **kwh: float) -> None:
        """Let the counters stand where they stand."""
        for name, sensor in COUNTERS.items():
            self._hass.states.async_set(
                f"sensor.{sensor}",
                str(round(self.kwh[name], 6)),
                {"unit_of_measurement": "kWh"},
                force_update=True,
            )

    def hide(self) -> None:
        """Let nobody answer."""
        for sensor in COUNTERS.values():
            self._hass.states.async_set(f"sensor.{sensor}", "unavailable")

    def price(self, value: object) -> None:
        """Let the price entity show something."""
        self._hass.states.async_set("sensor.spot", str(value))

    async def at(self, moment: datetime, **added: float) -> None:
        """Let it be a moment, with so much more energy than before."""
        for name, kwh in added.items():
            self.kwh[name.replace("_", " ")] += kwh
        self._freezer.move_to(moment)
        self.show()
        await self.pulse(moment)

    async def pulse(self, moment: datetime) -> None:
        """Let it be a moment, and the timers fire."""
        self._freezer.move_to(moment)
        async_fire_time_changed(self._hass, dt_util.utcnow())
        await turns(20)
        await self._hass.async_block_till_done(wait_background_tasks=True)

    async def settled(self, moment: datetime) -> None:
        """Let the ledger be written after a moment, and shown."""
        await self.pulse(moment + SETTLED)
        await self.pulse(moment + SETTLED + SHOWN)


@pytest.fixture
def meters(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> Meters:
    """Return the sensors that the house is made of."""
    return Meters(hass, freezer)


@pytest.fixture
async def begin(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    freezer: FrozenDateTimeFactory,
    meters: Meters,
) -> Begin:
    """Return a function that sets up a house with contracts at a moment."""
    await hass.config.async_update(
        latitude=50.85, longitude=4.35, time_zone="Europe/Brussels", currency="EUR"
    )

    async def add(
        moment: datetime, *tariffs: dict[str, Any], remembered: dict[str, Any] | None = None
    ) -> MockConfigEntry:
        freezer.move_to(moment)
        meters.show()
        entry = MockConfigEntry(
            domain=DOMAIN,
            title="Home",
            data={"type": "house", "device_id": "home"},
            options={"grid": [], "solar": [], "battery": []},
            unique_id="house_home",
            subentries_data=[
                ConfigSubentryData(
                    data=part, subentry_type=kind, title=f"{kind} {n}", unique_id=None
                )
                for kind, parts in (("sensors", PARTS), ("tariff", tariffs))
                for n, part in enumerate(parts)
            ],
        )
        if remembered:
            key = f"{DOMAIN}.{entry.entry_id}.house"
            hass_storage[key] = {"version": 1, "key": key, "data": remembered}
        entry.add_to_hass(hass)
        assert await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done()
        return entry

    return add


async def totals(
    hass: HomeAssistant, entry: MockConfigEntry, start: datetime, end: datetime, period: str
) -> list[dict[str, Any]]:
    """Return what the house tells of a span."""
    answer = await hass.services.async_call(
        DOMAIN,
        "get_totals",
        {
            "config_entry_id": entry.entry_id,
            "start": start.isoformat(),
            "end": end.isoformat(),
            "period": period,
        },
        blocking=True,
        return_response=True,
    )
    assert answer is not None
    rows: list[dict[str, Any]] = answer["rows"]
    return rows


def _added(row: dict[str, str], share: float = 1.0) -> dict[str, float]:
    return {name.replace(" ", "_"): float(row[name]) * share for name in COUNTERS}


async def _flows(meters: Meters, rows: list[dict[str, str]], steps: int = 1) -> datetime:
    """Let the energy of the manual flow, each row in so many steps; return when it ended."""
    at = local(rows[0]["From"])
    for row in rows:
        start, end = local(row["From"]), local(row["To"])
        if "Price per MWh" in row:
            meters.price(row["Price per MWh"])
        for step in range(1, steps + 1):
            at = start + (end - start) * step / steps
            await meters.at(at - timedelta(seconds=1), **_added(row, 1 / steps))
    await meters.at(
        at,
    )
    await meters.settled(at)
    return at


def _bill(results: list[dict[str, str]]) -> dict[str, float]:
    return {row["Amount"]: float(row["Result"]) for row in results}


def _told(row: dict[str, Any]) -> dict[str, float]:
    """Return a row of `get_totals` as the manual shows a bill."""
    return {
        "Import cost": cents(row["cost"] - row["fixed_cost"]),
        "Export revenue": cents(row["revenue"]),
        "Fixed cost": cents(row["fixed_cost"]),
        "Net cost": cents(row["cost"] - row["revenue"]),
        "Saving": cents(row["saving"]),
    }


def _as_told(bill: dict[str, float]) -> dict[str, float]:
    """Return a bill of the manual in the words of `get_totals`."""
    return {"Fixed cost" if name == "Fees" else name: cost for name, cost in bill.items()}
