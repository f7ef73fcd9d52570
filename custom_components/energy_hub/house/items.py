"""What a house puts into the Energy dashboard."""

from collections.abc import Iterable, Mapping

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er

from ..const import DOMAIN
from ..ledger.source import DIRECTIONS, Direction, Register, Source, Total
from ..reading import Flow, Shown
from ..site import async_get_site
from .dashboard import Item
from .foreign import ForeignSource
from .series import HouseSeries


@callback
def async_shown(
    hass: HomeAssistant, sources: Iterable[Source], foreign: Iterable[ForeignSource]
) -> dict[Source, Shown]:
    """Return the entity ids of what shows each source, as far as it is there now."""
    made = {one.id: one for one in foreign}
    found = {}
    for source in sources:
        if one := made.get(source.id):
            # A power with the opposite sign would be wrong in the dashboard.
            power = None if one.inverted else one.power
            found[source] = Shown(power=power, to_house=one.to_house, from_house=one.from_house)
    offered = async_get_site(hass).sources.values()
    for device in offered:
        for reading in device.readings:
            ids = device.shown(reading)
            for source in sources:
                if (source.id, source.flow) == (reading.source, reading.flow):
                    found[source] = _entities(hass, ids)
    return found


def _entities(hass: HomeAssistant, ids: Shown) -> Shown:
    def entity(unique_id: str | None) -> str | None:
        if unique_id is None:
            return None
        registry = er.async_get(hass)
        entity_id = registry.async_get_entity_id(Platform.SENSOR, DOMAIN, unique_id)
        entry = registry.async_get(entity_id) if entity_id else None
        return None if entry is None or entry.disabled else entry.entity_id

    return Shown(
        power=entity(ids.power),
        soc=entity(ids.soc),
        to_house=entity(ids.to_house),
        from_house=entity(ids.from_house),
    )


def items(
    series: HouseSeries,
    sources: Iterable[Source],
    shown: dict[Source, Shown],
    names: Mapping[Source, str],
    grid_power: str | None,
    *,
    priced: bool,
    forecast: str | None = None,
) -> list[Item]:
    """Return the items of the dashboard: one grid, each solar source, each battery.

    Sources go by their `names`. Where the house is `priced`, the grid has the series of its cost and revenue;
    the first solar source has the `forecast` of all panels, that of this config entry.
    """
    counted = [source for source in sources if source.counters]
    flows = {source.flow for source in counted}
    costs = {
        "stat_cost": series.money("import_cost").id,
        "stat_compensation": series.money("export_revenue").id,
    }
    found: list[Item] = []
    if Flow.GRID in flows:
        found.append(
            {
                "type": "grid",
                "stat_energy_from": series.total(Total.IMPORT).id,
                "stat_energy_to": series.total(Total.EXPORT).id,
                "cost_adjustment_day": 0.0,
                **({"stat_rate": grid_power} if grid_power else {}),
                **(costs if priced else {}),
            }
        )
    found += [
        _item(series, source, names[source], shown.get(source, Shown()))
        for source in counted
        if source.flow in {Flow.SOLAR, Flow.BATTERY}
    ]
    solar = [item for item in found if item["type"] == Flow.SOLAR]
    if forecast is not None and solar:
        solar[0]["config_entry_solar_forecast"] = [forecast]
    return found


def _item(series: HouseSeries, source: Source, name: str, shown: Shown) -> Item:
    item: Item = {"type": source.flow.value, "name": name}
    fields = {Direction.TO_HOUSE: "stat_energy_from", Direction.FROM_HOUSE: "stat_energy_to"}
    for direction in DIRECTIONS[source.flow]:
        register = Register(source.flow, direction, source.id)
        item[fields[direction]] = series.register(register, "").id
    if shown.power:
        item["stat_rate"] = shown.power
    if shown.soc:
        item["stat_soc"] = shown.soc
    return item
