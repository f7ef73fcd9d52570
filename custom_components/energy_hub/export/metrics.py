"""What an entry shows of its delivery, one line each."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo

from ..const import DOMAIN
from ..coordinator import Part
from ..metric import COUNT, STATE, TIME, AnyMetric, BinaryMetric, Metric
from .sender import Problem
from .status import Summary


class Delivery(StrEnum):
    """How delivery fares, when nothing is wrong."""

    ON = "delivering"
    NOT_CHOSEN = "not_set_up"
    """No plants are chosen yet."""
    DRY = "dry_run"


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """The queue in numbers, and why nothing is delivered."""

    summary: Summary
    delivery: Delivery
    problem: Problem | None

    @property
    def state(self) -> str:
        """How delivery fares, in one word."""
        return self.problem or self.delivery

    @property
    def is_wrong(self) -> bool:
        """Whether somebody should look at it."""
        return self.problem is not None or bool(self.summary.refused or self.summary.dropped)


METRICS: Final[tuple[AnyMetric, ...]] = (
    Metric[View]("queue_length", COUNT, lambda v: v.summary.waiting, always=True),
    Metric[View]("oldest_record", TIME, lambda v: v.summary.oldest, always=True),
    Metric[View]("last_delivery", TIME, lambda v: v.summary.last_delivery, always=True),
    Metric[View]("delivered_today", COUNT, lambda v: v.summary.delivered_today, always=True),
    Metric[View]("rejected", COUNT, lambda v: v.summary.refused, always=True),
    Metric[View](
        "delivery",
        STATE,
        lambda v: v.state,
        options=(
            "cannot_connect",
            "delivering",
            "disk",
            "dry_run",
            "invalid_auth",
            "not_set_up",
            "wrong_address",
        ),
        diagnostic=True,
        always=True,
    ),
    BinaryMetric[View](
        "delivery_problem",
        lambda v: v.is_wrong,
        device_class=BinarySensorDeviceClass.PROBLEM,
        always=True,
    ),
)


def part_of(device_id: str, title: str) -> Part:
    """Return the one page of a destination."""
    info = DeviceInfo(
        identifiers={(DOMAIN, device_id)},
        name=title,
        manufacturer="Erco Energy",
        model="ENRG",
        entry_type=DeviceEntryType.SERVICE,
    )
    return Part(device_id, info, METRICS)
