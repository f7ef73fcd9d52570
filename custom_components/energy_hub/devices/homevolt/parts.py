"""The device pages of a Homevolt, as they become known."""

from collections.abc import Iterator
from enum import StrEnum

from ...coordinator import Part
from .cluster import Cluster
from .info import clamp_info, main_info, unit_info
from .metrics import (
    BATTERY_METRICS,
    CLAMP_METRICS,
    PLAN_METRICS,
    REPORT_METRICS,
    STATUS_METRICS,
    UNIT_METRICS,
)


class Child(StrEnum):
    """What of a Homevolt a page reads from; the last two are followed by an id."""

    BATTERY = "battery"
    PLAN = "plan"
    STATUS = "status"
    REPORT = "report"
    UNIT = "unit "
    CLAMP = "clamp "


def main_parts(ecu_id: str, cluster: Cluster, firmware: str | None, url: str) -> list[Part]:
    """Return the page of the ECU, once for each document that fills it."""
    info = main_info(ecu_id, cluster.leader, firmware, url)
    return [
        Part(ecu_id, info, BATTERY_METRICS, child=Child.BATTERY),
        Part(ecu_id, info, PLAN_METRICS, child=Child.PLAN),
        Part(ecu_id, info, STATUS_METRICS, child=Child.STATUS),
        Part(ecu_id, info, REPORT_METRICS, child=Child.REPORT),
    ]


def sub_parts(ecu_id: str, cluster: Cluster) -> Iterator[Part]:
    """Yield the pages of clamps, and of the batteries where there is more than one."""
    for clamp in cluster.clamps:
        part_id = clamp.id or f"{ecu_id}_load"
        metrics = CLAMP_METRICS[clamp.function]
        yield Part(part_id, clamp_info(part_id, clamp), metrics, child=f"{Child.CLAMP}{clamp.id}")
    if len(cluster.known) == 1:
        return
    order = sorted(cluster.known, key=lambda name: (name != ecu_id, name))
    for ecu in cluster.ecus:
        number = order.index(ecu.id) + 1
        info = unit_info(ecu, number)
        yield Part(f"{ecu.id}_unit", info, UNIT_METRICS, child=f"{Child.UNIT}{ecu.id}")
