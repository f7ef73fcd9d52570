"""An entry that delivers: what it sends, shows, remembers and leaves behind."""

from datetime import timedelta

from custom_components.energy_hub.errors import CannotConnectError
from custom_components.energy_hub.site import async_get_site
from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.core import HomeAssistant
from simulator.enrg import EnrgFault
from tests.helpers import number, state

from .home import BARN, ROOF, START, Home, Roof, home

__all__ = ["home"]

DAY = timedelta(days=1)


async def test_slots_are_delivered_once_each_as_they_become_complete(home: Home) -> None:
    await home.deliver()
    await home.drain(10)
    # Since three hours: the slots that began after that, and are over.
    assert sorted(home.dates()) == [f"2026-06-17 {hour:02}:00:00" for hour in (10, 11)]
    await home.passes(3600, step=600)
    home.roof.grow(ROOF, START + timedelta(hours=1), hours=9)
    await home.drain(5)
    assert home.dates()[-1] == "2026-06-17 12:00:00"
    assert len(home.dates()) == len({*home.dates()}) == 3
    assert all(row.writes == 1 for row in home.service.archive.rows)


async def test_what_entities_show(hass: HomeAssistant, home: Home) -> None:
    await home.deliver()
    assert state(hass, "enrg0_delivery").state == "delivering"
    assert state(hass, "enrg0_last_delivery").state == "unknown"
    await home.service.faults.set(EnrgFault.UNAVAILABLE, True)
    await home.passes(60)
    assert number(hass, "enrg0_queue_length") == 2
    assert state(hass, "enrg0_oldest_record").state != "unknown"
    await home.service.faults.clear()
    await home.passes(3600, step=300)
    assert number(hass, "enrg0_queue_length") == 0
    assert number(hass, "enrg0_delivered_today") == 2
    assert number(hass, "enrg0_rejected") == 0
    assert state(hass, "enrg0_oldest_record").state == "unknown"
    assert state(hass, "enrg0_last_delivery").state.startswith("2026-06-17T10:")
    assert state(hass, "enrg0_delivery_problem", "binary_sensor").state == "off"


async def test_a_platform_that_is_away_for_a_month(
    hass: HomeAssistant, home: Home, expected_complaints: list[str]
) -> None:
    expected_complaints.append("Delivery to ENRG stopped (cannot_connect)")
    await home.service.faults.set(EnrgFault.REFUSE, True)
    entry = await home.deliver()
    for day in range(30):
        home.roof.grow(ROOF, START + day * DAY, hours=0)
        # Two looks a day are enough to see it; the house lives on meanwhile.
        await home.passes(60)
        await home.passes(DAY.total_seconds() - 60)
        if day % 10 == 5:
            assert await hass.config_entries.async_reload(entry.entry_id)
    assert number(hass, "enrg0_queue_length") == 30
    assert "enrg_backlog" in home.issues()
    assert state(hass, "enrg0_delivery").state == "cannot_connect"
    assert state(hass, "enrg0_delivery_problem", "binary_sensor").state == "on"
    await home.service.faults.set(EnrgFault.REFUSE, False)
    home.service.calls.clear()
    await home.passes(1800)
    await home.passes(70, step=1)
    dates = [call.date for call in home.service.values_calls]
    # The newest beside the backlog, which comes oldest first.
    assert dates == [dates[0], *sorted(dates[1:])]
    assert dates[0] == max(dates)
    assert len(dates) == len({*dates}) == len(home.dates()) == 30
    seconds = (home.service.calls[-1].time - home.service.calls[0].time).total_seconds()
    assert seconds >= 2 * 28
    assert state(hass, "enrg0_delivery_problem", "binary_sensor").state == "off"
    assert "enrg_backlog" not in home.issues()


async def test_home_assistant_was_off_for_days(hass: HomeAssistant, home: Home) -> None:
    entry = await home.deliver()
    await home.drain(5)
    assert await hass.config_entries.async_unload(entry.entry_id)
    home.freezer.tick(4 * DAY)
    samples = [Roof.sample(START + hour * timedelta(hours=6)) for hour in range(4 * 4)]
    home.roof.past[str(ROOF)] = {"A1": samples}
    home.roof.grow(ROOF, START + 4 * DAY, "A1", hours=2)
    # At first the cloud does not answer, and Home Assistant is restarted once more.
    home.roof.past_fails = CannotConnectError()
    assert await hass.config_entries.async_setup(entry.entry_id)
    await home.passes(120, step=60)
    assert await hass.config_entries.async_reload(entry.entry_id)
    home.roof.past_fails = None
    await home.drain(50)
    days = {date[:10] for date in home.dates()}
    assert days == {f"2026-06-{day}" for day in range(17, 22)}
    assert len(home.dates()) == len({*home.dates()}) >= 4 * 4
    # A slot that was delivered before is not sent again, and nothing is looked for twice.
    assert all(row.writes == 1 for row in home.service.archive.rows)
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert not entry.runtime_data._rounds.is_behind


async def test_one_bad_device_does_not_stop_the_others(hass: HomeAssistant, home: Home) -> None:
    await home.service.faults.set(EnrgFault.PARTIAL, True)
    home.service.strike(["B2"])
    await home.deliver()
    await home.passes(3600, step=20)
    assert len(home.dates("A1")) == 2
    assert home.dates("B2") == []
    assert number(hass, "enrg0_rejected") == 2
    assert state(hass, "enrg0_delivery_problem", "binary_sensor").state == "on"
    told = home.issues()["enrg_refused"]
    assert told["count"] == "2"
    assert "3187654 / B2, 2026-06-17 10:00:00: device is not registered" in told["what"]
    await home.service.faults.clear()
    answer = await home.action("enrg_retry_refused")
    assert answer == {"records": 2}
    await home.drain(10)
    assert len(home.dates("B2")) == 2
    assert number(hass, "enrg0_rejected") == 0
    assert "enrg_refused" not in home.issues()


async def test_one_bad_plant_does_not_stop_the_others(hass: HomeAssistant, home: Home) -> None:
    home.roof.grow(BARN, START, "C3")
    plants = {
        str(one): {"id": one, "since": (START - timedelta(hours=3)).isoformat()}
        for one in (ROOF, BARN)
    }
    await home.service.faults.set(EnrgFault.DEVICE_REFUSED, True)
    home.service.strike(["C3"])
    await home.deliver(plants=plants)
    await home.drain(20)
    assert len(home.dates("A1")) == 2
    assert home.dates("C3") == []
    assert "3187702 / C3" in home.issues()["enrg_refused"]["what"]


async def test_a_platform_that_refuses_null_says_how_to_go_on(
    hass: HomeAssistant, home: Home
) -> None:
    await home.service.faults.set(EnrgFault.NO_NULL, True)
    await home.deliver()
    await home.drain(20)
    assert "must not be null" in home.issues()["enrg_refused_null"]["what"]
    assert "enrg_refused" not in home.issues()


async def test_two_destinations_do_not_disturb_each_other(
    hass: HomeAssistant, home: Home, expected_complaints: list[str]
) -> None:
    expected_complaints.append("Delivery to Broken stopped")
    other = Roof()
    other.grow(BARN, START, "C3")
    async_get_site(hass).register("other", other)
    since = (START - timedelta(hours=3)).isoformat()
    plants = {str(one): {"id": one, "since": since} for one in (ROOF, BARN)}
    await home.deliver(plants=plants)
    await home.add(title="Broken", url="http://127.0.0.1:9", plants=plants)
    other.fails = CannotConnectError()
    await home.drain(60)
    assert len(home.dates("A1")) == 2
    assert state(hass, "enrg1_delivery").state == "cannot_connect"
    assert number(hass, "enrg1_queue_length") == 2
    assert number(hass, "enrg0_queue_length") == 0
    other.fails = None
    await home.drain(60)
    assert len(home.dates("C3")) == 2
    assert number(hass, "enrg1_queue_length") == 4


async def test_a_dry_run_sends_nothing(hass: HomeAssistant, home: Home) -> None:
    await home.deliver(dry_run=True)
    await home.passes(7200, step=60)
    answer = await home.action("enrg_preview")
    assert answer["plants"][0]["payload"]["ID_PLANT"] == ROOF
    exported = await home.action("enrg_export", start="2026-06-17 06:00:00")
    assert exported["dry_run"]
    assert exported["plants"][0]["payloads"]
    assert not home.service.calls
    assert state(hass, "enrg0_delivery").state == "dry_run"
    assert number(hass, "enrg0_queue_length") == 0
    assert await home.action("enrg_purge", states=["dry"]) == {"records": 7}


async def test_a_refused_credential_is_asked_for(
    hass: HomeAssistant, home: Home, expected_complaints: list[str]
) -> None:
    expected_complaints.append("Delivery to ENRG stopped (invalid_auth)")
    await home.service.faults.set(EnrgFault.CREDENTIAL_REFUSED, True)
    entry = await home.deliver()
    await home.drain(5)
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == SOURCE_REAUTH
    assert state(hass, "enrg0_delivery").state == "invalid_auth"
    await home.service.faults.clear()
    result = await hass.config_entries.flow.async_configure(flow["flow_id"])
    await hass.config_entries.flow.async_configure(
        result["flow_id"], {"credential": home.credential}
    )
    await home.settle()
    await home.drain(10)
    assert entry.state is ConfigEntryState.LOADED
    assert len(home.dates()) == 2


async def test_a_token_outlives_a_restart(hass: HomeAssistant, home: Home) -> None:
    entry = await home.deliver()
    await home.drain(10)
    await hass.config_entries.async_reload(entry.entry_id)
    home.roof.grow(ROOF, START + timedelta(hours=1), hours=9)
    await home.passes(3600)
    await home.drain(10)
    assert len(home.dates()) == 3
    assert home.service.tokens.count == 1


async def test_a_wrong_address_is_told(
    hass: HomeAssistant, home: Home, expected_complaints: list[str]
) -> None:
    expected_complaints.append("Delivery to ENRG stopped (wrong_address)")
    await home.service.faults.set(EnrgFault.NOT_FOUND, True)
    await home.deliver()
    await home.drain(10)
    assert home.issues()["enrg_wrong_address"]["words"] == "no such path"
    assert number(hass, "enrg0_queue_length") == 2
