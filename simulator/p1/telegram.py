"""From a snapshot to the objects of a telegram, and from objects to bytes.

Codes, formats and the order of the lines follow e-MUCS P1 editions 1.3, 1.7 and 2.1 as real
Fluvius meters send them; object values are kept with their brackets.
"""

from datetime import datetime

from simulator.world import BRUSSELS, MonthPeak

from .config import Edition, P1Config
from .snapshot import MbusReading, Snapshot

NO_TIME = "(632525252525W)"
"""How a Belgian meter sends a time that was never set (month 25)."""

type Objects = dict[str, str]


def stamp(at: datetime | None) -> str:
    """Return a time in brackets: Belgian local time with S (summer) or W (winter)."""
    if at is None:
        return NO_TIME
    local = at.astimezone(BRUSSELS)
    return f"({local:%y%m%d%H%M%S}{'S' if local.dst() else 'W'})"


def hexed(text: str) -> str:
    """Return an identifier in brackets, ASCII as pairs of hex digits."""
    return f"({text.encode().hex().upper()})"


def kw(watts: float) -> str:
    """Return a power in brackets, cut off at a whole W."""
    return f"({int(watts) / 1000:06.3f}*kW)"


def _kwh(watt_hours: int) -> str:
    return f"({watt_hours / 1000:010.3f}*kWh)"


def objects(config: P1Config, shown: Snapshot) -> Objects:
    """Return every object of the telegram, in the order of its lines."""
    new = config.edition == Edition.V2_1
    found: Objects = {"0-0:96.1.4": f"({config.edition})"}
    if new:
        found["1-0:94.32.1"] = "(400)"
    found["0-0:96.1.1"] = hexed(shown.serial)
    if new:
        found["0-0:96.1.2"] = hexed("999990000000000041")
    found["0-0:1.0.0"] = stamp(shown.at)
    found |= _energies(shown)
    if config.edition != Edition.V1_3:
        found |= _demand(shown)
    found |= _power(shown, config)
    found |= _limits(config.edition)
    for reading in shown.mbus:
        found |= _mbus(reading, config.edition)
    return found


def _energies(shown: Snapshot) -> Objects:
    return {
        "1-0:1.8.1": _kwh(shown.import_day_wh),
        "1-0:1.8.2": _kwh(shown.import_night_wh),
        "1-0:2.8.1": _kwh(shown.export_day_wh),
        "1-0:2.8.2": _kwh(shown.export_night_wh),
        "0-0:96.14.0": f"({shown.truth.tariff:04d})",
    }


def _demand(shown: Snapshot) -> Objects:
    peak = shown.truth.month_peak
    return {
        "1-0:1.4.0": kw(shown.truth.quarter_w),
        "1-0:1.6.0": stamp(peak.quarter_end) + kw(peak.power_w),
        "0-0:98.1.0": history(shown.months),
    }


def history(months: tuple[MonthPeak, ...]) -> str:
    """Return the value groups of the monthly peaks; a new meter has none."""
    rows = [stamp(one.closed) + stamp(one.quarter_end) + kw(one.power_w) for one in months]
    return f"({len(rows)})(1-0:1.6.0)(1-0:1.6.0)" + ("".join(rows) or "()")


def _power(shown: Snapshot, config: P1Config) -> Objects:
    phases = shown.second.phases
    old = config.edition == Edition.V1_3
    total_w = shown.second.grid_w
    found = {"1-0:1.7.0": kw(max(0, total_w)), "1-0:2.7.0": kw(max(0, -total_w))}
    if not old:
        found |= {f"1-0:{2 + 2 * i}1.7.0": kw(max(0, p.power_w)) for i, p in enumerate(phases)}
        found |= {f"1-0:{2 + 2 * i}2.7.0": kw(max(0, -p.power_w)) for i, p in enumerate(phases)}
    found |= {f"1-0:{3 + 2 * i}2.7.0": f"({p.voltage_v:05.1f}*V)" for i, p in enumerate(phases)}
    form = "03.0f" if old else "06.2f"
    return found | {
        f"1-0:{3 + 2 * i}1.7.0": f"({p.current_a:{form}}*A)" for i, p in enumerate(phases)
    }


def _limits(edition: Edition) -> Objects:
    new = edition == Edition.V2_1
    found = {
        "0-0:96.3.10": "(1)",
        "0-0:17.0.0": "(99.999*kW)" if new else "(999.9*kW)",
        "1-0:31.4.0": "(999.99*A)" if new else "(999*A)",
    }
    if new:
        found |= {f"0-{channel}:96.3.10": "(0)" for channel in range(1, 5)}
    return found | {"0-0:96.13.0": "()"}


def _mbus(reading: MbusReading, edition: Edition) -> Objects:
    device = f"0-{reading.channel}"
    found = {
        f"{device}:24.1.0": f"({reading.kind.type_code})",
        f"{device}:96.1.1": hexed(reading.serial),
    }
    if edition == Edition.V2_1:
        found[f"{device}:96.1.2"] = hexed(f"99999000000000005{reading.channel}")
    if reading.kind.name == "GAS":
        found[f"{device}:24.4.0"] = "(1)"
    return found | {f"{device}:{reading.kind.reading_code}": volume(reading)}


def volume(reading: MbusReading) -> str:
    """Return the value groups of an M-Bus reading; never read: no time and no unit."""
    if reading.at is None:
        return f"{NO_TIME}(00000.000)"
    return f"{stamp(reading.at)}({reading.amount / 1000:09.3f}*{reading.kind.unit})"


def body(serial: str, lines: Objects) -> bytes:
    """Return the telegram up to its last object, without end and CRC."""
    text = "".join(f"{code}{value}\r\n" for code, value in lines.items())
    return f"/FLU5\\{serial[-9:]}_A\r\n\r\n{text}".encode("latin-1")
