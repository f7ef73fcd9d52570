"""The steps that tell a house what its energy costs, and since when."""

from collections.abc import Mapping
from typing import Any, Final

import voluptuous as vol

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.const import CONF_NAME
from homeassistant.helpers.selector import DateTimeSelector, SelectSelector, SelectSelectorConfig
from homeassistant.util import dt as dt_util

from ..ledger.capacity import Capacity
from ..ledger.check import Entered, Problem, TariffError
from ..ledger.days import quarter_of
from ..ledger.price import FlatPrice, Kind, price_from
from ..ledger.tariff import Fees
from .tariff_form import capacity_schema, entered_price, fees_schema, price_schema, shown_price
from .tariffs import CONF_SINCE, TARIFF

_UNPAID: Final = "unpaid"
_KIND: Final = SelectSelectorConfig(options=list(Kind), translation_key="price_kind")
_EXPORT_KIND: Final = SelectSelectorConfig(options=[_UNPAID, *Kind], translation_key="price_kind")
_TARIFF: Final = vol.Schema(
    {
        vol.Required(CONF_NAME): str,
        vol.Optional(CONF_SINCE): DateTimeSelector(),
        vol.Required("import", default=Kind.FLAT.value): SelectSelector(_KIND),
        vol.Required("export", default=_UNPAID): SelectSelector(_EXPORT_KIND),
    }
)


class TariffFlow(ConfigSubentryFlow):
    """Asks for a contract step by step; each form shows only what its choice needs."""

    def __init__(self) -> None:
        """Start with nothing entered."""
        self._title = ""
        self._export_kind = _UNPAID
        self._data: dict[str, Any] = {}

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask since when a new contract holds, and how energy is priced."""
        return await self._async_begin("user", user_input)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask the same of a contract that is there already."""
        return await self._async_begin("reconfigure", user_input)

    async def async_step_import_flat(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for the one price of import."""
        return await self._async_price("import", Kind.FLAT, user_input)

    async def async_step_import_day_night(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for the prices of import by day and by night."""
        return await self._async_price("import", Kind.DAY_NIGHT, user_input)

    async def async_step_import_series(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for the entity that shows the price of import."""
        return await self._async_price("import", Kind.SERIES, user_input)

    async def async_step_export_flat(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for the one price of export."""
        return await self._async_price("export", Kind.FLAT, user_input)

    async def async_step_export_day_night(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for the prices of export by day and by night."""
        return await self._async_price("export", Kind.DAY_NIGHT, user_input)

    async def async_step_export_series(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for the entity that shows the price of export."""
        return await self._async_price("export", Kind.SERIES, user_input)

    async def async_step_fees(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for what is paid anyhow."""
        errors: dict[str, str] = {}
        if user_input is not None:
            try:
                self._data["fees"] = Fees.read(Entered(user_input)).as_dict()
            except TariffError as err:
                errors = _errors(err)
            else:
                if user_input["capacity"]:
                    return await self.async_step_capacity()
                return self._finish(None)
        known = self._known("fees") | {"capacity": bool(self._known("capacity"))}
        return self._form("fees", fees_schema(self.hass), user_input or known, errors)

    async def async_step_capacity(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for the Flemish capacity tariff."""
        errors: dict[str, str] = {}
        if user_input is not None:
            try:
                capacity = Capacity.read(Entered(user_input))
            except TariffError as err:
                errors = _errors(err)
            else:
                return self._finish(capacity)
        suggested = user_input or self._known("capacity")
        return self._form("capacity", capacity_schema(self.hass), suggested, errors)

    async def _async_begin(
        self, step_id: str, user_input: dict[str, Any] | None
    ) -> SubentryFlowResult:
        errors: dict[str, str] = {}
        if user_input is not None:
            try:
                since = self._since(user_input.get(CONF_SINCE))
            except TariffError as err:
                errors = _errors(err)
            else:
                self._title = user_input[CONF_NAME]
                self._data[CONF_SINCE] = since
                self._export_kind = user_input["export"]
                return await self._async_price("import", Kind(user_input["import"]), None)
        return self._form(step_id, _TARIFF, user_input or self._begun(), errors)

    async def _async_price(
        self, side: str, kind: Kind, user_input: dict[str, Any] | None
    ) -> SubentryFlowResult:
        errors: dict[str, str] = {}
        if user_input is not None:
            try:
                price = price_from(Entered(entered_price(kind, user_input)))
            except TariffError as err:
                errors = _errors(err)
            else:
                self._data[side] = price.as_dict()
                return await self._async_after(side)
        known = self._known(side)
        suggested = user_input or (shown_price(known) if known.get("kind") == kind else {})
        return self._form(f"{side}_{kind}", price_schema(self.hass, kind), suggested, errors)

    async def _async_after(self, side: str) -> SubentryFlowResult:
        """Go on after a price: with that of export, or with the fees."""
        if side == "import" and self._export_kind != _UNPAID:
            return await self._async_price("export", Kind(self._export_kind), None)
        if side == "import":
            self._data["export"] = FlatPrice(0.0).as_dict()
        return await self.async_step_fees()

    def _finish(self, capacity: Capacity | None) -> SubentryFlowResult:
        self._data["capacity"] = capacity and capacity.as_dict()
        if self.source == SOURCE_RECONFIGURE:
            return self.async_update_and_abort(
                self._get_entry(),
                self._get_reconfigure_subentry(),
                title=self._title,
                data=self._data,
            )
        return self.async_create_entry(title=self._title, data=self._data)

    def _since(self, text: str | None) -> str | None:
        """Return the instant (UTC) that was entered; raises TariffError."""
        since = None
        if text and (local := dt_util.parse_datetime(text)):
            at = dt_util.as_utc(local)
            if quarter_of(at) != at:
                raise TariffError(CONF_SINCE, Problem.NOT_A_QUARTER)
            since = at.isoformat()
        own = self._changed_id()
        for subentry in self._get_entry().subentries.values():
            if (
                subentry.subentry_type == TARIFF
                and subentry.subentry_id != own
                and subentry.data[CONF_SINCE] == since
            ):
                raise TariffError(CONF_SINCE, Problem.SAME_MOMENT)
        return since

    def _changed_id(self) -> str | None:
        """Return which contract is changed; None for a new one."""
        if self.source != SOURCE_RECONFIGURE:
            return None
        return self._get_reconfigure_subentry().subentry_id

    def _known(self, key: str) -> dict[str, Any]:
        """Return a part of the contract that is changed; nothing of a new one."""
        if self.source != SOURCE_RECONFIGURE:
            return {}
        return dict(self._get_reconfigure_subentry().data[key] or {})

    def _begun(self) -> dict[str, Any]:
        """Return what the first form shows of the contract that is changed."""
        if self.source != SOURCE_RECONFIGURE:
            return {}
        subentry = self._get_reconfigure_subentry()
        since = dt_util.parse_datetime(subentry.data[CONF_SINCE] or "")
        return {
            CONF_NAME: subentry.title,
            CONF_SINCE: since and dt_util.as_local(since).strftime("%Y-%m-%d %H:%M:%S"),
            "import": self._known("import")["kind"],
            "export": self._known("export")["kind"],
        }

    def _form(
        self,
        step_id: str,
        schema: vol.Schema,
        suggested: Mapping[str, Any],
        errors: dict[str, str],
    ) -> SubentryFlowResult:
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(schema, suggested),
            errors=errors,
        )


def _errors(err: TariffError) -> dict[str, str]:
    """Return the error of a form: the field is the last part of where the value stands."""
    return {err.field.rpartition(".")[2]: err.problem.value}
