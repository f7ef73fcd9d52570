"""Adding plants as a user does."""

from custom_components.energy_hub.const import DOMAIN
from homeassistant.config_entries import SOURCE_USER, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType

from .conftest import Site


async def open_form(hass: HomeAssistant, kind: str) -> str:
    """Open the form of an account or a key as a user does; returns the id of the flow."""
    result = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    flow_id: str = result["flow_id"]
    result = await hass.config_entries.flow.async_configure(flow_id, {"next_step_id": "hoymiles"})
    assert result["type"] is FlowResultType.MENU
    assert result["menu_options"] == ["hoymiles_account", "hoymiles_key"]
    step = f"hoymiles_{kind}"
    result = await hass.config_entries.flow.async_configure(flow_id, {"next_step_id": step})
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == step
    return flow_id


async def submit(
    hass: HomeAssistant, site: Site, flow_id: str, kind: str, **data: str
) -> ConfigFlowResult:
    """Fill in the form with what is right, and with `data` instead where that says something."""
    given = (site.account if kind == "account" else site.key) | data
    result = await hass.config_entries.flow.async_configure(flow_id, given)
    await hass.async_block_till_done(wait_background_tasks=True)
    return result
