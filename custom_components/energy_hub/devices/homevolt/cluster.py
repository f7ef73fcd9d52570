"""What the ECUs behind one web server do together. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Final

from .ecu import ClampValues, EcuValues, Three
from .field import total

# Below this the digits of a current say too little about how it is counted.
_TELLING_VA: Final = 400


@dataclass(frozen=True, slots=True)
class Totals:
    """Energy counters in kWh, as far as they can be believed."""

    into: float | None = None
    out_of: float | None = None


@dataclass(frozen=True, slots=True)
class Cluster:
    """All ECUs of one moment. While one that is known is silent, sums are not known."""

    ecus: tuple[EcuValues, ...]
    clamps: tuple[ClampValues, ...]
    known: Collection[str]
    """The ids of all ECUs that belong to it, silent ones too."""
    totals: dict[str, Totals] = field(default_factory=dict)
    """The believed counters by ECU or clamp: into and out of the battery or the house."""
    digits_per_amp: int | None = None

    @property
    def leader(self) -> EcuValues | None:
        """The ECU that answers for all of them."""
        return next((one for one in self.ecus if one.leads), self.ecus[0] if self.ecus else None)

    @property
    def complete(self) -> bool:
        """Whether every known ECU speaks."""
        return {one.id for one in self.ecus} >= set(self.known)

    def _all(self, values: Iterable[float | None]) -> float | None:
        return total(values) if self.complete else None

    @property
    def power_w(self) -> float | None:
        """Power of all batteries, + discharge."""
        return self._all(one.power_w for one in self.ecus)

    @property
    def rated_w(self) -> float | None:
        """What all inverters together are made for."""
        return self._all(one.rated_w for one in self.ecus)

    @property
    def charge_w(self) -> float | None:
        """What they could charge with now."""
        return self._all(one.charge_w for one in self.ecus)

    @property
    def discharge_w(self) -> float | None:
        """What they could discharge with now."""
        return self._all(one.discharge_w for one in self.ecus)

    @property
    def capacity_wh(self) -> float | None:
        """Usable capacity."""
        return self._all(one.capacity_wh for one in self.ecus)

    @property
    def stored_wh(self) -> float | None:
        """What can be taken out."""
        return self._all(one.to_empty_wh for one in self.ecus)

    @property
    def soc_percent(self) -> float | None:
        """State of charge; a larger battery counts for more."""
        if len(self.ecus) == 1:
            return self.ecus[0].soc_percent if self.complete else None
        capacity = self.capacity_wh
        content = self._all(
            None
            if one.soc_percent is None or one.capacity_wh is None
            else one.soc_percent * one.capacity_wh
            for one in self.ecus
        )
        return None if content is None or not capacity else content / capacity

    @property
    def charged_kwh(self) -> float | None:
        """Energy that went into the batteries."""
        return self._all(self.totals.get(one.id, Totals()).into for one in self.ecus)

    @property
    def discharged_kwh(self) -> float | None:
        """Energy that came out of the batteries."""
        return self._all(self.totals.get(one.id, Totals()).out_of for one in self.ecus)

    def volts(self, phase: int) -> float | None:
        """Voltage of a phase, 0 to 2."""
        return None if self.leader is None else self.leader.volts[phase]

    def amps(self, phase: int) -> float | None:
        """Current of all inverters in a phase; unknown until it is clear how it is counted."""
        raw = self._all(one.raw_amps[phase] for one in self.ecus)
        return None if raw is None or self.digits_per_amp is None else raw / self.digits_per_amp

    @property
    def alarms(self) -> tuple[str, ...]:
        """What the ECUs call alarms, in their words."""
        return tuple(dict.fromkeys(text for one in self.ecus for text in one.alarms))

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the ECUs call warnings, in their words."""
        return tuple(dict.fromkeys(text for one in self.ecus for text in one.warnings))

    def clamp(self, name: str) -> ClampValues | None:
        """Return the sensor of this id; None while it is away."""
        return next((one for one in self.clamps if one.id == name), None)

    def ecu(self, name: str) -> EcuValues | None:
        """Return the ECU of this id; None while it is silent."""
        return next((one for one in self.ecus if one.id == name), None)


def digits_per_amp(ecus: Iterable[EcuValues]) -> int | None:
    """Return how many digits the ECUs show for an ampere: 1 or 10; None if that is not clear.

    Descriptions disagree, so that voltage times current is compared with the power.
    """
    for one in ecus:
        shown = _apparent_va(one.volts, one.raw_amps)
        if shown is None or one.apparent_va is None or one.apparent_va < _TELLING_VA:
            continue
        ratio = shown / one.apparent_va
        for digits in (1, 10):
            if 0.6 * digits < ratio < 1.7 * digits:
                return digits
    return None


def _apparent_va(volts: Three, amps: Three) -> float | None:
    return total(
        None if volt is None or amp is None else volt * amp
        for volt, amp in zip(volts, amps, strict=True)
    )
