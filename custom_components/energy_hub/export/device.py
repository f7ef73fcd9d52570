"""One inverter in a message: the 44 keys, and what is said beside them in the extended form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any

from ..reading import PortSample, Sample
from .fields import ENERGY_WH, MEASURED, PHASES, PORTS, UNMEASURED, WATTS, possible
from .form import Unknown

_NO_PORT = PortSample()


@dataclass(slots=True)
class Notes:
    """What was noticed while messages were built."""

    impossible: int = 0
    """Values that cannot be true, sent as unknown."""
    fallen: int = 0
    """How often an energy of the day was less than before; the higher one was sent."""
    unkeyed: set[str] = field(default_factory=set)
    """Inverters with ports that the platform has no key for."""


def measured(serial: str, sample: Sample | None, notes: Notes) -> dict[str, float | None]:
    """Return what an inverter says; None for what it does not, all of it if it is silent."""
    said = {} if sample is None else _said(sample)
    if sample is not None and any(port not in PORTS for port in sample.ports):
        notes.unkeyed.add(serial)
    values = {name: possible(said.get(name), limits) for name, limits in MEASURED.items()}
    notes.impossible += sum(
        value is None and said.get(name) is not None for name, value in values.items()
    )
    return values | dict.fromkeys(UNMEASURED)


def filled(values: Mapping[str, float | None], unknown: Unknown) -> dict[str, float | None]:
    """Return values with what stands for unknown ones."""
    match unknown:
        case Unknown.NULL:
            return dict(values)
        case Unknown.OMIT:
            return {name: value for name, value in values.items() if value is not None}
        case Unknown.ZERO:
            return {name: 0.0 if value is None else value for name, value in values.items()}


def extension(
    sample: Sample | None, energies: Mapping[int, float], *, mean: bool
) -> dict[str, Any]:
    """Return what an inverter says beside the known keys: W and Wh."""
    ports = {} if sample is None else sample.ports
    heard = "mean" if mean else "sample"
    more: dict[str, Any] = {"QUALITY": "stale" if sample is None else heard}
    if sample is not None:
        more["DATE_UTC"] = sample.at.astimezone(UTC).isoformat()
    for port in PORTS:
        if port in ports or port in energies:
            more[f"POWER_{port}_DC"] = possible(ports.get(port, _NO_PORT).power_w, WATTS)
            more[f"ENERGY_TODAY_{port}_DC"] = possible(energies.get(port), ENERGY_WH)
    more["ENERGY_TODAY"] = round(sum(energies.values()), 3) if energies else None
    return more


def _said(sample: Sample) -> dict[str, float | None]:
    phases = dict(zip(PHASES, sample.volts, strict=False))
    ports = sample.ports
    return {
        "TEMPERATURE_INVERTER": sample.temperature_c,
        "GRID_FREQUENCY": sample.frequency_hz,
        "POWER_SNAPSHOT": sample.power_w,
        **{f"VOLTAGE_{phase}_AC": volts for phase, volts in phases.items()},
        **{f"VOLTAGE_{port}_DC": ports.get(port, _NO_PORT).voltage_v for port in PORTS},
        **{f"CURRENT_{port}_DC": ports.get(port, _NO_PORT).current_a for port in PORTS},
    }
