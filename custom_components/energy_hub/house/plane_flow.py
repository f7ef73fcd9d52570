"""The steps that describe a plane of panels, filled in with what devices know of them."""

from collections.abc import Mapping
from typing import Any, Final

import voluptuous as vol

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.const import CONF_NAME, DEGREE, PERCENTAGE, UnitOfPower
from homeassistant.helpers.selector import NumberSelector, NumberSelectorConfig, NumberSelectorMode

from ..site import async_get_site
from .planes import (
    CONF_AZIMUTH,
    CONF_HORIZON,
    CONF_LIMIT,
    CONF_LOSSES,
    CONF_PEAK,
    CONF_TILT,
    PLANE,
)


def _number(unit: str, least: float, most: float) -> NumberSelector:
    return NumberSelector(
        NumberSelectorConfig(
            mode=NumberSelectorMode.BOX,
            step="any",
            min=least,
            max=most,
            unit_of_measurement=unit,
        )
    )


_POWER: Final = _number(UnitOfPower.WATT, 1, 1_000_000)
_PLANE: Final = vol.Schema(
    {
        vol.Required(CONF_NAME): str,
        vol.Required(CONF_PEAK): _POWER,
        vol.Required(CONF_TILT, default=35): _number(DEGREE, 0, 90),
        vol.Required(CONF_AZIMUTH, default=180): _number(DEGREE, 0, 360),
        vol.Optional(CONF_LIMIT): _POWER,
        vol.Required(CONF_LOSSES, default=14): _number(PERCENTAGE, 0, 60),
        vol.Optional(CONF_HORIZON): str,
    }
)


class PlaneFlow(ConfigSubentryFlow):
    """Adds panels of one orientation, or changes them."""

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for new panels."""
        return self._step("user", user_input, self._proposed())

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask again for panels that are there."""
        known = self._get_reconfigure_subentry()
        shown = {**known.data, CONF_NAME: known.title}
        shown[CONF_HORIZON] = horizon_text(known.data.get(CONF_HORIZON, ()))
        return self._step("reconfigure", user_input, shown)

    def _step(
        self, step_id: str, user_input: dict[str, Any] | None, suggested: Mapping[str, Any]
    ) -> SubentryFlowResult:
        errors: dict[str, str] = {}
        if user_input is not None:
            try:
                horizon = horizon_of(user_input.get(CONF_HORIZON, ""))
            except ValueError:
                errors = {CONF_HORIZON: "bad_horizon"}
            else:
                return self._finish({**user_input, CONF_HORIZON: horizon})
        schema = self.add_suggested_values_to_schema(_PLANE, user_input or suggested)
        return self.async_show_form(step_id=step_id, data_schema=schema, errors=errors)

    def _finish(self, data: dict[str, Any]) -> SubentryFlowResult:
        title = data.pop(CONF_NAME)
        if self.source == SOURCE_RECONFIGURE:
            return self.async_update_and_abort(
                self._get_entry(), self._get_reconfigure_subentry(), title=title, data=data
            )
        return self.async_create_entry(title=title, data=data)

    def _proposed(self) -> dict[str, Any]:
        """Return what the devices know of the panels that come next."""
        entries = self._get_entry().subentries.values()
        count = sum(one.subentry_type == PLANE for one in entries)
        sources = async_get_site(self.hass).sources.values()
        roofs = [roof for source in sources for roof in source.roofs]
        if count >= len(roofs):
            return {}
        roof = roofs[count]
        known = {CONF_NAME: roof.name, CONF_PEAK: roof.peak_w, CONF_LIMIT: roof.limit_w}
        return {key: value for key, value in known.items() if value is not None}


def horizon_of(text: str) -> list[list[float]]:
    """Return azimuth and height of the edges that a text tells: `90:10, 120:35`.

    In the order of azimuth; raises ValueError for what is none.
    """
    edges: dict[float, float] = {}
    for pair in filter(None, (part.strip() for part in text.replace(";", ",").split(","))):
        azimuth, height = (float(one) for one in pair.split(":"))
        if not 0 <= azimuth <= 360 or not 0 <= height <= 90:
            raise ValueError(pair)
        edges[azimuth] = height
    return [[azimuth, edges[azimuth]] for azimuth in sorted(edges)]


def horizon_text(edges: Any) -> str:
    """Return edges as the form shows them."""
    return ", ".join(f"{azimuth:g}:{height:g}" for azimuth, height in edges)
