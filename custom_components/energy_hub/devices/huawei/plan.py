"""Which blocks are asked when, and what is known of each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from .inverter import Values
from .probe import Identity
from .register import Block
from .registers import (
    BATTERIES,
    BATTERY,
    EXPORT,
    FORCED,
    INVERTER,
    METER,
    METER_STATUS,
    SETTINGS,
    UNIT1,
    strings_block,
)
from .words import METER_NORMAL

EVERY_POLL: Final = timedelta(0)
MINUTE: Final = timedelta(minutes=1)
_SETTINGS: Final = timedelta(minutes=15)
_DAY: Final = timedelta(days=1)
# What a block said last is still the present for so many polls in which it fails.
_KEPT_POLLS: Final = 3


@dataclass(slots=True)
class Item:
    """One block of the plan, and how it fares."""

    name: str
    block: Block
    every: timedelta
    """How long its values are good for; zero for every poll."""
    gate: Block | None = None
    """One register that tells whether the rest may be asked; asked when in doubt."""
    values: dict[str, float | None] = field(default_factory=dict)
    """What it said last; empty when that is too long ago."""
    failures: int = 0
    refused: bool = False
    """The device never had these registers; asked again once a day."""
    answered: bool = False
    closed: bool = False
    """What is behind the block is offline."""
    next: datetime | None = None

    def is_due(self, now: datetime) -> bool:
        """Whether it is time to ask."""
        return self.next is None or now >= self.next

    def doubtful(self) -> bool:
        """Whether the gate must be asked first: an offline meter drops the connection."""
        return self.gate is not None and (self.closed or self.failures > 0)

    def succeed(self, words: list[int], now: datetime) -> None:
        """Take over an answer; raises ValueError when it holds nothing."""
        self.values = self.block.decode(words)
        self.refused, self.failures = False, 0
        self.next = now + self.every
        if is_open(self.values):
            self.answered, self.closed = True, False
        else:
            self.close(now)

    def close(self, now: datetime) -> None:
        """Note that what is behind the block is offline: it has no values.

        What never answered is probably not there; it is asked for once a minute.
        """
        self.values, self.failures, self.closed = {}, 0, True
        self.next = now if self.answered else now + MINUTE

    def fail(self, now: datetime) -> None:
        """Note that there was no answer; after some polls its values are gone."""
        self.failures += 1
        self.next = now
        if self.failures >= _KEPT_POLLS:
            self.values = {}

    def refuse(self, now: datetime) -> None:
        """Note that the device says it has no such registers: believed if it never had."""
        if self.answered:
            self.fail(now)
            return
        self.refused = True
        self.next = now + _DAY


def is_open(values: Values) -> bool:
    """Return whether a block speaks of something that is online."""
    return values.get("meter_status", METER_NORMAL) == METER_NORMAL


def make_plan(identity: Identity) -> list[Item]:
    """Return the blocks to ask of an inverter; the first is the inverter itself.

    The powers of the house balance stand first, back to back, so that they are of one
    moment: one request for the inverter, one for its meter, one for its batteries.
    """
    plan = [Item("inverter", INVERTER, EVERY_POLL)]
    if identity.meter:
        plan.append(Item("meter", METER, EVERY_POLL, gate=METER_STATUS))
    if identity.battery_units:
        block = BATTERIES if identity.battery_units > 1 else BATTERY
        plan.append(Item("battery", block, EVERY_POLL))
    plan.append(Item("strings", strings_block(identity.strings), MINUTE))
    if identity.battery_units:
        plan += [
            Item("unit1", UNIT1, MINUTE),
            Item("settings", SETTINGS, _SETTINGS),
            Item("forced", FORCED, _SETTINGS),
        ]
    plan.append(Item("export", EXPORT, _SETTINGS))
    return plan


def values_of(plan: Sequence[Item], name: str) -> Values:
    """Return what a block said last; empty while it is not known or not asked."""
    return next((item.values for item in plan if item.name == name), {})
