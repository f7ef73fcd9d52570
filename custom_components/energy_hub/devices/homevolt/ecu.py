"""What one ECU and one clamp say, read from `/ems.json`. Pure.

Units and signs: Tibber's description of the API, its sample, and what users measured
(energy counted as imported is what came out of the battery).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from .field import expect, number, part, rows, text, texts, whole

_MOST_W: Final = 100_000
_MOST_GRID_W: Final = 500_000
_MOST_KWH: Final = 1e8
# Every value comes from within a minute, unless a part has fallen silent.
_STALE_MS: Final = 60_000
_PHASES: Final = ("l1", "l2", "l3")
_NOBODY: Final = "0" * 16
_FUNCTIONS: Final = frozenset({"grid", "solar", "load"})

type Three = tuple[float | None, float | None, float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class EcuValues:
    """One ECU with its inverter and its battery; power is + discharge."""

    id: str
    leads: bool
    model: str | None
    firmware: str | None
    rated_w: float | None
    power_w: float | None
    apparent_va: float | None
    soc_percent: float | None
    charged_kwh: float | None
    discharged_kwh: float | None
    capacity_wh: float | None
    to_full_wh: float | None
    to_empty_wh: float | None
    charge_w: float | None
    discharge_w: float | None
    temperature_c: float | None
    frequency_hz: float | None
    volts: Three
    raw_amps: Three
    """As the ECU shows them: whole amperes or tenths, by its firmware."""
    alarms: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClampValues:
    """One sensor: a wireless clamp meter, or the load that the ECU calculates."""

    id: str
    function: str
    node_id: int | None
    power_w: float | None
    """Grid + import, solar + production, load + consumption."""
    into_kwh: float | None
    """Energy of positive power."""
    out_of_kwh: float | None
    rssi_dbm: float | None


def normal_id(raw: Any) -> str | None:
    """Return an ECU id as 12 hexadecimal digits; None for what is none.

    Firmware writes it as hexadecimal text or, older one, as a number.
    """
    if isinstance(raw, bool):
        return None
    if isinstance(raw, int):
        return f"{raw:012x}" if 0 < raw < 1 << 48 else None
    if not isinstance(raw, str) or not raw.isascii() or not raw.isalnum() or len(raw) > 32:
        return None
    try:
        return f"{int(raw, 16):012x}"
    except ValueError:
        return raw.lower()


def follows(ems: Mapping[str, Any]) -> bool:
    """Return whether another ECU answers for this one."""
    return bool(ems.get("peer") or ems.get("ecu_host"))


def read_ecu(ems: Mapping[str, Any], now_ms: float | None) -> EcuValues | None:
    """Return what an ECU says; None without an id, or when it says nothing new any more.

    `now_ms` is the time of the document.
    """
    name, data = normal_id(ems.get("ecu_id")), part(ems, "ems_data")
    if name is None or _stale(number(data, "timestamp_ms", high=1e14), now_ms):
        return None
    info, prediction = part(ems, "ems_info"), part(ems, "ems_prediction")
    energy = part(ems, "ems_aggregate")
    return EcuValues(
        id=name,
        leads=not follows(ems),
        model=text(info, "model"),
        firmware=text(info, "fw_version"),
        rated_w=number(info, "rated_power", low=1, high=_MOST_W),
        power_w=number(data, "power", low=-_MOST_W, high=_MOST_W),
        apparent_va=number(data, "apparent_power", low=0, high=_MOST_W),
        soc_percent=number(data, "soc_avg", per=100, low=0, high=100),
        charged_kwh=number(energy, "exported_kwh", low=0, high=_MOST_KWH),
        discharged_kwh=number(energy, "imported_kwh", low=0, high=_MOST_KWH),
        capacity_wh=number(data, "avail_cap", low=0, high=1e6),
        to_full_wh=number(prediction, "avail_ch_energy", low=0, high=1e6),
        to_empty_wh=number(prediction, "avail_di_energy", low=0, high=1e6),
        charge_w=number(prediction, "avail_ch_pwr", low=0, high=_MOST_W),
        discharge_w=number(prediction, "avail_di_pwr", low=0, high=_MOST_W),
        temperature_c=number(data, "sys_temp", per=10, low=-50, high=150),
        frequency_hz=number(data, "frequency", per=1000, low=40, high=70),
        volts=_three(part(ems, "ems_voltage"), per=10, high=500),
        raw_amps=_three(part(ems, "ems_current"), per=1, high=10_000),
        alarms=texts(data, "alarm_str"),
        warnings=texts(data, "warning_str"),
    )


def read_clamp(sensor: Mapping[str, Any], now_ms: float | None) -> ClampValues | None:
    """Return what a sensor says; None for the batteries, and for one that is away.

    The calculated load has the same empty id on every installation; it is negative there
    while the house consumes.
    """
    function = text(sensor, "function") or text(sensor, "type") or ""
    euid = text(sensor, "euid")
    if function not in _FUNCTIONS or sensor.get("available") is not True:
        return None
    if _stale(number(sensor, "timestamp", high=1e14), now_ms):
        return None
    power_w = number(sensor, "total_power", low=-_MOST_GRID_W, high=_MOST_GRID_W)
    into_kwh = number(sensor, "energy_imported", low=0, high=_MOST_KWH)
    out_of_kwh = number(sensor, "energy_exported", low=0, high=_MOST_KWH)
    if function == "load":
        power_w = None if power_w is None else 0.0 - power_w
        into_kwh, out_of_kwh = out_of_kwh, into_kwh
    return ClampValues(
        id="" if euid is None or euid == _NOBODY else euid.lower(),
        function=function,
        node_id=whole(sensor, "node_id", low=0, high=1_000_000),
        power_w=power_w,
        into_kwh=into_kwh,
        out_of_kwh=out_of_kwh,
        rssi_dbm=number(sensor, "rssi", low=-200, high=-1),
    )


@dataclass(frozen=True, slots=True)
class Measured:
    """What `/ems.json` says: the ECUs and sensors that have something to say."""

    ids: tuple[str, ...]
    """All ECUs in the document, the leader first, also those that have fallen silent."""
    ecus: tuple[EcuValues, ...]
    clamps: tuple[ClampValues, ...]
    at_s: float | None
    """The time of the document, by the clock of the ECU."""
    offset_s: float | None
    """How far its local time is ahead of UTC."""


def read_measured(document: Any) -> Measured:
    """Return what a document says; raises ValueError when no ECU is in it."""
    named = [(normal_id(one.get("ecu_id")), one) for one in rows(document, "ems")]
    ids = sorted((follows(one), name) for name, one in named if name is not None)
    expect(bool(ids), "ECU")
    now_s = number(document, "ts", low=1e9, high=1e11)
    now_ms = None if now_s is None else 1000 * now_s
    ecus = (read_ecu(one, now_ms) for one in rows(document, "ems"))
    clamps = (read_clamp(one, now_ms) for one in rows(document, "sensors"))
    return Measured(
        tuple(name for _, name in ids),
        tuple(one for one in ecus if one is not None),
        tuple(one for one in clamps if one is not None),
        now_s,
        next((one for one in map(_offset_s, rows(document, "sensors")) if one is not None), None),
    )


def _offset_s(sensor: Mapping[str, Any]) -> float | None:
    """Return the offset of the local time that a sensor's time is also written in."""
    at_ms, written = number(sensor, "timestamp", high=1e14), text(sensor, "timestamp_str")
    if at_ms is None or written is None:
        return None
    try:
        local = datetime.strptime(written, "%Y-%m-%d %H:%M:%S.%f").replace(tzinfo=UTC)
    except ValueError:
        return None
    return round(local.timestamp() - at_ms / 1000)


def _stale(at_ms: float | None, now_ms: float | None) -> bool:
    return at_ms is not None and now_ms is not None and now_ms - at_ms > _STALE_MS


def _three(source: Mapping[str, Any], *, per: float, high: float) -> Three:
    first, second, third = (number(source, name, per=per, low=0, high=high) for name in _PHASES)
    return first, second, third
