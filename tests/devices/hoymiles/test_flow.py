"""Adding and changing plants in the UI, and every way in which it can go wrong."""

from datetime import datetime, timedelta

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.energy_hub.const import DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.util import dt as dt_util
from simulator.hoymiles import CloudConfig, HoymilesFault, Password, PlantConfig, Surface
from simulator.hoymiles.config import HOUSE as HOUSE_PLANT
from tests.helpers import number, state

from .adding import open_form, submit
from .conftest import FIRST, HOUSE, SECOND, AddEntry, Site

KINDS = ["account", "key"]
pytestmark = pytest.mark.usefixtures("unload")


@pytest.fixture
async def unload(add_entry: AddEntry) -> None:
    """Unload what a flow has set up, as `add_entry` does at its end."""


@pytest.mark.parametrize("kind", KINDS)
async def test_plants(hass: HomeAssistant, site: Site, kind: str) -> None:
    result = await submit(hass, site, await open_form(hass, kind), kind)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == "Hoymiles"
    given = site.account if kind == "account" else site.key
    identity = result["data"]["device_id"]
    assert result["data"] == {"type": "hoymiles", "device_id": identity, **given}
    assert result["result"].unique_id == f"hoymiles_{identity}"
    for secret in given.values():
        assert secret not in identity
    await site.minutes(3, step_s=60)
    last = datetime.fromisoformat(state(hass, f"{HOUSE}_last_data").state)
    panels = site.house.panel_w("hoymiles", last)
    assert number(hass, f"{HOUSE}_power") == pytest.approx(sum(panels), abs=0.5)
    assert number(hass, f"{FIRST}_power") == pytest.approx(sum(panels[:4]), abs=0.3)
    ports = {FIRST: panels[:4], SECOND: panels[4:]}
    for serial, powers in ports.items():
        for port, panel in enumerate(powers, 1):
            assert number(hass, f"{serial}_{port}_power") == pytest.approx(panel, abs=0.06)
    energies = [
        number(hass, f"{serial}_{port}_energy_today")
        for serial, powers in ports.items()
        for port in range(1, len(powers) + 1)
    ]
    assert number(hass, f"{HOUSE}_energy_today") == pytest.approx(sum(energies))


class TestOnePlant:
    @pytest.fixture
    def config(self) -> CloudConfig:
        return CloudConfig(plants=(HOUSE_PLANT,))

    async def test_it_names_the_entry(self, hass: HomeAssistant, site: Site) -> None:
        result = await submit(hass, site, await open_form(hass, "account"), "account")
        assert result["title"] == "Rooftop"


class TestHome:
    @pytest.fixture
    def config(self) -> CloudConfig:
        return CloudConfig(surface=Surface.HOME)

    async def test_an_account_of_the_home_app(self, hass: HomeAssistant, site: Site) -> None:
        result = await submit(hass, site, await open_form(hass, "account"), "account")
        assert result["type"] is FlowResultType.CREATE_ENTRY


class TestNothing:
    @pytest.fixture
    def config(self) -> CloudConfig:
        return CloudConfig(plants=())

    @pytest.mark.parametrize("kind", KINDS)
    async def test_without_a_plant(self, hass: HomeAssistant, site: Site, kind: str) -> None:
        result = await submit(hass, site, await open_form(hass, kind), kind)
        assert result["errors"] == {"base": "no_plants"}


@pytest.mark.usefixtures("quiet")
class TestMany:
    @pytest.fixture
    def config(self) -> CloudConfig:
        plants = tuple(PlantConfig(100 + one, f"P{one}", ()) for one in range(103))
        return CloudConfig(plants=plants, calls_per_minute=50)

    @pytest.mark.parametrize("kind", KINDS)
    async def test_all_pages_are_read(self, hass: HomeAssistant, site: Site, kind: str) -> None:
        result = await submit(hass, site, await open_form(hass, kind), kind)
        assert result["type"] is FlowResultType.CREATE_ENTRY
        # A page of the key API has ten plants, and a minute of plan A ten calls.
        await site.minutes(3, step_s=60)
        assert len(result["result"].runtime_data.all_plants) == 103


@pytest.mark.parametrize("kind", KINDS)
async def test_the_same_twice(hass: HomeAssistant, site: Site, kind: str) -> None:
    await submit(hass, site, await open_form(hass, kind), kind)
    await site.minutes(4)
    # A key is given out as it stands in an address, or not.
    other = {"username": " owner@example.org "}, {"api_key": "Zm9v%2BYmFy%2Fmade%3Dup"}
    given = other[KINDS.index(kind)]
    result = await submit(hass, site, await open_form(hass, kind), kind, **given)
    assert result["reason"] == "already_configured"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("fault", "errors"),
    [
        (HoymilesFault.REFUSED, {"base": "invalid_auth"}),
        (HoymilesFault.RESET, {"base": "cannot_connect", "url": "cloud_unreachable"}),
        (HoymilesFault.SERVER_ERROR, {"base": "cannot_connect", "url": "cloud_unreachable"}),
        (HoymilesFault.TOO_MANY, {"base": "too_many_calls"}),
        (HoymilesFault.HTML, {"base": "bad_answer"}),
        (HoymilesFault.ERROR_BODY, {"base": "cloud_refused"}),
    ],
)
async def test_errors_end_with_their_cause(
    hass: HomeAssistant, site: Site, kind: str, fault: HoymilesFault, errors: dict[str, str]
) -> None:
    flow_id = await open_form(hass, kind)
    await site.cloud.faults.set(fault, True)
    result = await submit(hass, site, flow_id, kind)
    assert result["errors"] == errors
    await site.cloud.faults.set(fault, False)
    result = await submit(hass, site, flow_id, kind)
    assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (HoymilesFault.LOCKED, "account_locked"),
        (HoymilesFault.LOGIN_LIMIT, "login_limit"),
        (HoymilesFault.VERSION_LOW, "app_version"),
        (HoymilesFault.TOKEN_REFUSED, "cloud_refused"),
    ],
)
async def test_errors_of_an_account(
    hass: HomeAssistant, site: Site, fault: HoymilesFault, error: str
) -> None:
    await site.cloud.faults.set(fault, True)
    result = await submit(hass, site, await open_form(hass, "account"), "account")
    assert result["errors"] == {"base": error}


async def test_a_silent_cloud(hass: HomeAssistant, site: Site) -> None:
    flow_id = await open_form(hass, "key")
    await site.cloud.faults.set(HoymilesFault.SILENT, True)
    task = hass.async_create_task(submit(hass, site, flow_id, "key"))
    await site.cloud.wait_for_calls(1)
    site.freezer.tick(timedelta(seconds=21))
    async_fire_time_changed(hass, dt_util.utcnow())
    result = await task
    assert result["errors"] == {"base": "timeout", "url": "cloud_unreachable"}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "url", ["", "http://example.org", "ftp://127.0.0.1", "https://a b", "https://[", "http://a:x"]
)
async def test_addresses_that_credentials_are_not_sent_to(
    hass: HomeAssistant, site: Site, kind: str, url: str
) -> None:
    result = await submit(hass, site, await open_form(hass, kind), kind, url=url)
    assert result["errors"] == {"base": "cannot_connect", "url": "invalid_url"}
    assert not site.cloud.calls


@pytest.mark.parametrize("fault", [HoymilesFault.REGION, HoymilesFault.BARE])
async def test_other_ways_in(hass: HomeAssistant, site: Site, fault: HoymilesFault) -> None:
    await site.cloud.faults.set(fault, True)
    result = await submit(hass, site, await open_form(hass, "account"), "account")
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_a_region_that_nobody_names_is_found(hass: HomeAssistant, site: Site) -> None:
    await site.cloud.faults.set(HoymilesFault.REGION, True)
    await site.cloud.faults.set(HoymilesFault.NO_REGION, True)
    result = await submit(hass, site, await open_form(hass, "account"), "account")
    assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize("kind", KINDS)
async def test_re_authentication(
    hass: HomeAssistant, site: Site, add_entry: AddEntry, kind: str, expected_complaints: list[str]
) -> None:
    entry = await add_entry(kind)
    await site.minutes(4)
    result = await entry.start_reauth_flow(hass)
    assert result["step_id"] == f"hoymiles_reauth_{kind}"
    assert result["description_placeholders"]["name"] == f"Hoymiles {kind}"
    field = "password" if kind == "account" else "api_key"
    flow_id = result["flow_id"]
    result = await hass.config_entries.flow.async_configure(flow_id, {field: "wrong"})
    assert result["errors"] == {"base": "invalid_auth"}
    right = getattr(site, kind)[field]
    result = await hass.config_entries.flow.async_configure(flow_id, {field: right})
    assert result["reason"] == "reauth_successful"
    assert entry.data[field] == right
    await hass.async_block_till_done(wait_background_tasks=True)


@pytest.mark.parametrize("kind", KINDS)
async def test_reconfigure(hass: HomeAssistant, site: Site, kind: str) -> None:
    await submit(hass, site, await open_form(hass, kind), kind)
    await site.minutes(4)
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    assert isinstance(entry, object)
    result = await MockConfigEntry.start_reconfigure_flow(entry, hass)  # type: ignore[arg-type]
    assert result["step_id"] == f"hoymiles_{kind}"
    flow_id = result["flow_id"]
    result = await submit(hass, site, flow_id, kind, url="https://a b")
    assert result["errors"] == {"base": "cannot_connect", "url": "invalid_url"}
    result = await submit(hass, site, flow_id, kind, url=f"{site.url}/")
    assert result["reason"] == "reconfigure_successful"
    assert entry.data["url"] == site.url


async def test_a_new_key_for_the_same_plants(
    hass: HomeAssistant, site: Site, add_entry: AddEntry
) -> None:
    entry = await add_entry("key", api_key="Zm9v+YmFy/made=up")
    await site.minutes(4)
    await hass.config_entries.async_unload(entry.entry_id)
    other = CloudConfig(api_key="another", hash=Password.LEGACY)
    site.cloud.key._desk.config = other  # type: ignore[misc]
    result = await entry.start_reauth_flow(hass)
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], {"api_key": "another"}
    )
    assert result["reason"] == "reauth_successful"
    assert entry.data["device_id"] == "key0123456789"
    await hass.async_block_till_done(wait_background_tasks=True)


@pytest.mark.parametrize(("kind", "field"), [("account", "username"), ("key", "api_key")])
async def test_credentials_for_other_plants(
    hass: HomeAssistant, site: Site, add_entry: AddEntry, kind: str, field: str
) -> None:
    entry = await add_entry(kind)
    await site.minutes(4)
    await hass.config_entries.async_unload(entry.entry_id)
    plants = (PlantConfig(77, "Elsewhere", ()),)
    site.cloud.key._desk.config = CloudConfig(plants=plants)  # type: ignore[misc]
    result = await entry.start_reauth_flow(hass)
    secret = "password" if kind == "account" else "api_key"
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], {secret: getattr(site, kind)[secret]}
    )
    assert result["errors"] == {"base": "wrong_device", field: "other_plants"}
