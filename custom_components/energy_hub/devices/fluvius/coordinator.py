"""One Fluvius meter: every telegram used, few states written."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
import math
from typing import Any, Final, override

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util

from ...const import CONF_DEVICE_ID, DOMAIN
from ...coordinator import HubConfigEntry, Part, StreamCoordinator
from ...errors import DeviceError
from ...metric import Pace
from ...reading import Demand, Flow, Reading, Shown
from .client import async_open, parse
from .diagnostics import redacted
from .frame import Framer
from .info import mbus_info, meter_info
from .line import SILENCE_SECONDS
from .meter import ELECTRICITY, Means, Meter, add
from .metrics import MBUS_METRICS, METRICS
from .options import interval
from .quarter import Quarter, QuarterTracker
from .read import Details, MbusMeter, read_details
from .scan import Live, scan

SWAPPED: Final = "meter_swapped"
# The most a counter can rise in an hour: a P1 telegram has room for 99.999 kW, and no
# house meter lets more than 100 m3 of gas or water through.
_MAX_KWH: Final = 100.0
_MAX_MBUS: Final = {"gas": 100.0, "water": 100.0, "heat": 10.0}
_STEP: Final = 0.001
# A telegram older than the last one is a stray; that many in a row are a clock set back.
_CLOCK_SET_BACK: Final = 5


class MeterSwappedError(DeviceError):
    """Another meter answers at this address."""

    key = SWAPPED


class FluviusCoordinator(StreamCoordinator[Meter]):
    """Reads the telegrams of one meter."""

    def __init__(self, hass: HomeAssistant, entry: HubConfigEntry) -> None:
        """Prepare the meter that the entry was made for."""
        super().__init__(hass, entry)
        self.meter_id: str = entry.data[CONF_DEVICE_ID]
        self.paces = {pace: interval(entry, pace) for pace in (Pace.ENERGY, Pace.ELECTRICAL)}
        self._interval = interval(entry, "power")
        self._swap_issue = f"{SWAPPED}_{entry.entry_id}"
        self._framer = Framer()
        self._means = Means()
        self._quarter = QuarterTracker()
        self._frame = b""
        self._slow: list[bytes] | None = None
        self._details = Details(None, None)
        self._mbus: dict[str, MbusMeter] = {}
        self._arrived = dt_util.utcnow()
        self._parts = [Part(self.meter_id, meter_info(self.meter_id, None), METRICS)]
        self._last_at: datetime | None = None
        self._strays = 0
        self._next = -math.inf

    @property
    @override
    def parts(self) -> Sequence[Part]:
        return self._parts

    @override
    def view(self, part: Part) -> Any:
        return self.data if part.child is None else self.data.mbus.get(part.child)

    @property
    @override
    def readings(self) -> Sequence[Reading]:
        if not self.last_update_success:
            return ()
        live = self.data.live
        return (
            Reading(
                source=self.meter_id,
                flow=Flow.GRID,
                at=self._arrived,
                valid_for=timedelta(seconds=self._interval + SILENCE_SECONDS),
                power_w=self.data.net_w(),
                to_house_kwh=self.data.total("import"),
                from_house_kwh=self.data.total("export"),
                demand=Demand(live.at, live.quarter_w, self.data.details.peaks),
            ),
        )

    @override
    def shown(self, reading: Reading) -> Shown:
        return Shown(
            power=f"{self.meter_id}_grid_power",
            to_house=f"{self.meter_id}_import_total",
            from_house=f"{self.meter_id}_export_total",
        )

    @override
    def diagnostics(self) -> dict[str, Any]:
        return {
            "line": asdict(self._framer.counts),
            "edition": self._details.edition,
            "interval": self._interval,
            "clock_offset_s": self.data.clock_offset_s,
            "counters": self.counters.diagnostics(),
            "telegram": redacted(self._frame),
        }

    @override
    async def _async_stream(self) -> None:
        self._last_at = None
        async with async_open(self.config_entry.data, self._framer, self._use) as line:
            await line.async_listen()

    @callback
    def _use(self, frame: bytes, more: bool) -> bool:
        """Use one telegram, whatever it is; returns False to hear the next one."""
        arrived = dt_util.utcnow()
        live = scan(frame, arrived)
        if self._is_next(live.at):
            self._take(live, frame, arrived, more=more)
        return False

    def _take(self, live: Live, frame: bytes, arrived: datetime, *, more: bool) -> None:
        """Take a new telegram in; publish when its interval is over and no other one waits."""
        self._frame, self._arrived = frame, arrived
        if live.slow != self._slow:
            self._slow = live.slow
            self._learn(read_details(parse(frame), live.at))
        if self._details.meter_id not in (self.meter_id, None):
            self._report_swap(self._details.meter_id)
            return
        self._means.add(live)
        counters = self._believe(live)
        quarter = self._quarter.update(
            live.at,
            register_w=live.quarter_w,
            import_w=live.import_w,
            import_kwh=add(live.import_day_kwh, live.import_night_kwh),
        )
        if not more and self._is_due(live.at):
            self._publish(live, counters, quarter)

    def _is_next(self, at: datetime) -> bool:
        """Whether a telegram is a new one: bridges repeat some, and meters correct clocks."""
        if self._last_at is not None and at <= self._last_at:
            self._strays += at < self._last_at
            if at == self._last_at or self._strays < _CLOCK_SET_BACK:
                return False
        self._strays = 0
        self._last_at = at
        return True

    def _is_due(self, at: datetime) -> bool:
        """Whether the interval that `at` belongs to is over; outages end at once."""
        now = at.timestamp()
        if self.last_update_success and self._next - self._interval <= now < self._next:
            return False
        self._next = (now // self._interval + 1) * self._interval
        return True

    def _publish(self, live: Live, counters: dict[str, float | None], quarter: Quarter) -> None:
        self.counters.report(self._arrived)
        self._async_received(
            Meter(
                live=live,
                details=self._details,
                mean_w=self._means.take(),
                counters=counters,
                mbus=self._mbus,
                quarter=quarter,
                held=bool(self.counters.held),
                clock_offset_s=round((live.at - self._arrived).total_seconds()),
            )
        )

    def _believe(self, live: Live) -> dict[str, float | None]:
        """Return the believed electricity counters."""
        return {
            name: self._guard(self.meter_id, name, getattr(live, f"{name}_kwh"), live.at, _MAX_KWH)
            for name in ELECTRICITY
        }

    def _guard(
        self, serial: str, name: str, raw: float | None, at: datetime, maximum: float
    ) -> float | None:
        return self.counters.update(
            f"{serial}/{name}", raw, at=at, seen=self._arrived, max_per_hour=maximum, step=_STEP
        )

    def _learn(self, details: Details) -> None:
        """Take over the slow part of a telegram, and the meters that came with it."""
        if details.meter_id is None:
            details = replace(details, meter_id=self._details.meter_id)
        self._details = details
        if details.meter_id == self.meter_id:
            ir.async_delete_issue(self.hass, DOMAIN, self._swap_issue)
        self._parts[0] = Part(self.meter_id, meter_info(self.meter_id, details.edition), METRICS)
        self._mbus = {meter.serial: self._believe_mbus(meter) for meter in details.mbus}
        known = {part.child for part in self._parts}
        self._parts += [
            Part(meter.serial, mbus_info(meter), MBUS_METRICS[meter.medium], child=meter.serial)
            for meter in details.mbus
            if meter.serial not in known
        ]

    def _believe_mbus(self, meter: MbusMeter) -> MbusMeter:
        at = meter.at or self._arrived
        maximum = _MAX_MBUS[meter.medium]
        value = self._guard(meter.serial, meter.medium, meter.value, at, maximum)
        return replace(meter, value=value)

    def _report_swap(self, found: str) -> None:
        """Say once that another meter answers; nothing of it is shown before the user agrees."""
        ir.async_create_issue(
            self.hass,
            DOMAIN,
            self._swap_issue,
            is_fixable=True,
            severity=ir.IssueSeverity.ERROR,
            translation_key=SWAPPED,
            translation_placeholders={"name": self.config_entry.title, "meter_id": found},
            data={
                "entry_id": self.config_entry.entry_id,
                "kind": SWAPPED,
                "meter_id": found,
            },
        )
        self._async_lost(MeterSwappedError())
