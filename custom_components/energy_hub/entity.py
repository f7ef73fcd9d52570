"""The one base entity, and how entities appear."""

from abc import abstractmethod
import asyncio
from collections.abc import Callable
from itertools import batched
from typing import Any, Final, cast, override

from homeassistant.const import EntityCategory, Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.device_registry import ChildDeviceInfo, DeviceInfo
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity
from homeassistant.util import dt as dt_util

from .const import DOMAIN
from .coordinator import HubConfigEntry, HubCoordinator, Part
from .metric import AnyMetric, NumberMetric, Pace, SelectMetric, SwitchMetric

_SLOT_LEAD_SECONDS: Final = 10
# Entities that are added in one go when an entry is set up.
_AT_ONCE: Final = 100


def unique_id(part: Part, metric: AnyMetric) -> str:
    """Return the unique id of a metric of a part."""
    return f"{part.id}_{metric.key}"


class HubEntity[MetricT: AnyMetric](CoordinatorEntity[HubCoordinator[Any]]):
    """One metric of one part; its state is written when it changed and its pace allows."""

    _attr_has_entity_name = True

    def __init__(self, coordinator: HubCoordinator[Any], part: Part, metric: MetricT) -> None:
        """Describe the entity; its value comes from the coordinator's view of the part."""
        super().__init__(coordinator, context=part.id)
        self.part = part
        self.metric = metric
        if metric.placeholders:
            self._attr_translation_placeholders = metric.placeholders
        if not metric.enabled:
            self._attr_entity_registry_enabled_default = False
        self._slot = self._now_slot()
        self._written = self._state()
        self._show(*self._written)

    # What follows is asked of the metric each time. As attributes Home Assistant would keep
    # each of them twice in every entity, and a fleet has thousands of entities.

    @property
    @override
    def unique_id(self) -> str:
        return unique_id(self.part, self.metric)

    @property
    @override
    def translation_key(self) -> str:
        return self.metric.name or self.metric.key

    @property
    @override
    def device_info(self) -> DeviceInfo | ChildDeviceInfo:
        return _device_info(self.coordinator, self.part)

    @property
    @override
    def entity_category(self) -> EntityCategory | None:
        if isinstance(self.metric, NumberMetric | SelectMetric | SwitchMetric):
            return EntityCategory.CONFIG
        return EntityCategory.DIAGNOSTIC if self.metric.diagnostic else None

    @property
    def pace(self) -> Pace | None:
        """The group whose pace the state follows; None writes every change."""
        return None

    @abstractmethod
    def _read(self, view: Any) -> tuple[Any, ...]:
        """Return all that the state shows, from the coordinator's view of the part."""

    @abstractmethod
    def _show(self, *shown: Any) -> None:
        """Take over what `_read` returned for the next write; nothing while unavailable."""

    @property
    @override
    def available(self) -> bool:
        """The device answers and the part is there."""
        return super().available and self.coordinator.view(self.part) is not None

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Write the state if it changed; a change of availability never waits."""
        state = self._state()
        if state == self._written or (state and self._written and not self._due()):
            return
        self._written = state
        self._show(*state)
        self.async_write_ha_state()

    def _state(self) -> tuple[Any, ...]:
        """Return all that would be shown now; nothing while unavailable."""
        coordinator = self.coordinator
        view = coordinator.view(self.part) if coordinator.last_update_success else None
        return () if view is None else self._read(view)

    def _due(self) -> bool:
        """Whether the pace allows another write: once in each slot of the clock."""
        slot = self._now_slot()
        if slot is not None and slot == self._slot:
            return False
        self._slot = slot
        return True

    def _now_slot(self) -> int | None:
        """Return the number of the running slot; None when every change is written.

        Slots of the clock rather than a time since the last write, and each opened a
        little early: what stands at the full hour, when statistics are made, is then
        never older than that.
        """
        seconds = self.coordinator.paces.get(self.pace, 0) if self.pace else 0
        if not seconds:
            return None
        return int(dt_util.utcnow().timestamp() + _SLOT_LEAD_SECONDS) // seconds


async def async_follow_parts[MetricT: AnyMetric](
    hass: HomeAssistant,
    entry: HubConfigEntry,
    platform: Platform,
    metric_type: type[MetricT],
    build: Callable[[HubCoordinator[Any], Part, MetricT], HubEntity[MetricT]],
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add an entity for every metric of every part, now and when a new one is seen.

    A metric that the device did not send yet waits for its first value, unless its
    entity was there before: what a device once knew does not vanish at a restart.
    """
    coordinator = entry.runtime_data
    registry = er.async_get(hass)
    known = 0
    waiting: list[tuple[Part, MetricT]] = []

    def find_new() -> list[tuple[Part, MetricT]]:
        nonlocal known
        new: list[tuple[Part, MetricT]] = []
        still: list[tuple[Part, MetricT]] = []
        for pair in waiting:
            (new if _seen(coordinator, *pair) else still).append(pair)
        for part in coordinator.parts[known:]:
            known += 1
            for metric in part.metrics:
                if isinstance(metric, metric_type):
                    there = _seen(coordinator, part, metric) or registry.async_get_entity_id(
                        platform, DOMAIN, unique_id(part, metric)
                    )
                    (new if there else still).append((part, metric))
        waiting[:] = still
        return new

    @callback
    def add_new() -> None:
        if new := find_new():
            async_add_entities(build(coordinator, *pair) for pair in new)

    for some in batched(find_new(), _AT_ONCE, strict=False):
        async_add_entities(build(coordinator, *pair) for pair in some)
        if len(some) == _AT_ONCE:
            # A fleet has thousands, and Home Assistant has more to do than to add them.
            await asyncio.sleep(0)
    add_new()
    entry.async_on_unload(coordinator.async_add_listener(add_new))


def _seen(coordinator: HubCoordinator[Any], part: Part, metric: AnyMetric) -> bool:
    view = coordinator.view(part)
    return view is not None and (metric.always or metric.value(view) is not None)


def _device_info(coordinator: HubCoordinator[Any], part: Part) -> DeviceInfo | ChildDeviceInfo:
    """Return the part's device page, linked to what it hangs on."""
    main = coordinator.parts[0]
    if part.info["identifiers"] == main.info["identifiers"]:
        return part.info
    owner = async_device_id(coordinator, part.via or main)
    if part.piece:
        return ChildDeviceInfo(
            identifiers=part.info["identifiers"],
            parent_device_id=owner,
            translation_key=part.info.get("translation_key"),
            translation_placeholders=part.info.get("translation_placeholders"),
        )
    return DeviceInfo(**part.info, via_device_id=owner)


def async_device_id(coordinator: HubCoordinator[Any], part: Part) -> str:
    """Return the id of a part's device page, which is made if it is not there yet."""
    registry = dr.async_get(coordinator.hass)
    entry_id = coordinator.config_entry.entry_id
    (identifier,) = part.info["identifiers"]
    device = registry.async_get_device_by_identifier(identifier, entry_id)
    if device is None:
        info = cast("DeviceInfo", _device_info(coordinator, part))
        device = registry.async_get_or_create(config_entry_id=entry_id, **info)
    return device.id
