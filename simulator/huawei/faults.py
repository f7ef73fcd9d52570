"""What can go wrong with a SUN2000: on the line, in what it answers, in what it shows."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Final

from .cells import Cell


class HuaweiFault(StrEnum):
    """The switches of a simulated SUN2000.

    Those of `EVERY` strike at every n-th request; `Sun2000.every` can be changed.
    """

    REPLY_LOST = "reply_lost"
    """A request is obeyed, and its reply does not come."""
    REPLY_LATE = "reply_late"
    """A reply comes five seconds later."""
    RESET_MID_REPLY = "reset_mid_reply"
    """Half a reply comes, then the connection is reset."""
    SLOT_STOLEN = "slot_stolen"
    """Another client keeps taking the only place: connections end, new ones with their request."""
    REFUSE = "refuse"
    """The port is closed."""
    UNIT_SILENT = "unit_silent"
    """Connections are taken, no request is answered."""
    BUSY = "busy"
    """Exception 6."""
    ACKNOWLEDGE = "acknowledge"
    """Exception 5."""
    DEVICE_FAILURE = "device_failure"
    """Exception 4."""
    PERMISSION_REFUSED = "permission_refused"
    """Exception 0x80 to every write and log-in."""
    METER_OFFLINE = "meter_offline"
    """37100 is 0, and reading further into the meter costs the connection."""
    OLD_FIRMWARE = "old_firmware"
    """Exception 2 for 37200, 42900, 43006 and 47954."""
    ILLEGAL_ID = "illegal_id"
    """Exception 2 for this block; so are the next ones."""
    ILLEGAL_STR = "illegal_str"
    ILLEGAL_INV = "illegal_inv"
    ILLEGAL_MPPT = "illegal_mppt"
    ILLEGAL_B1 = "illegal_b1"
    ILLEGAL_MTR = "illegal_mtr"
    ILLEGAL_BAT = "illegal_bat"
    ILLEGAL_PACK = "illegal_pack"
    ILLEGAL_DET = "illegal_det"
    ILLEGAL_CFG = "illegal_cfg"
    ILLEGAL_CFG2 = "illegal_cfg2"
    ILLEGAL_PWR = "illegal_pwr"
    ALL_ONES = "all_ones"
    """Every word is 0xFFFF, as a proxy answers that has lost its device."""
    SENTINELS = "sentinels"
    """Every field says "not available"."""
    UNKNOWN_ENUM = "unknown_enum"
    """Status 0x1234, working mode 99."""
    ALARM = "alarm"
    """Low insulation (32009) and a lost string (32010)."""
    NIGHT = "night"
    """The sun is gone: standby, a minute later silence where no battery keeps it awake."""
    MORNING = "morning"
    """It wakes: insulation check, no power, nonsense for temperature and frequency."""
    COUNTER_RESET = "counter_reset"
    """Energies count from 0 at the moment of the switch."""
    COUNTER_ZERO = "counter_zero"
    """Energies show 0."""
    COUNTER_JUMP = "counter_jump"
    """Energies show 50,000 kWh more."""
    CLOCK_SKEW = "clock_skew"
    """Its clock is 25 minutes ahead: times, and the midnight of the day's energies."""


EVERY: Final[Mapping[HuaweiFault, int]] = {
    HuaweiFault.REPLY_LOST: 3,
    HuaweiFault.REPLY_LATE: 1,
    HuaweiFault.RESET_MID_REPLY: 1,
    HuaweiFault.BUSY: 1,
    HuaweiFault.ACKNOWLEDGE: 1,
    HuaweiFault.DEVICE_FAILURE: 1,
}
ANSWERS: Final = {
    HuaweiFault.BUSY: 6,
    HuaweiFault.ACKNOWLEDGE: 5,
    HuaweiFault.DEVICE_FAILURE: 4,
}
"""The exception codes that answer a request which is not obeyed."""
LATE_S: Final = 5.0
SKEW: Final = timedelta(minutes=25)
DUSK: Final = timedelta(minutes=1)
"""How long an inverter still answers after a sudden night."""

_JUMP_RAW = 5_000_000
_PATCHES: Final[Mapping[HuaweiFault, Mapping[int, int]]] = {
    HuaweiFault.UNKNOWN_ENUM: {32089: 0x1234, 37006: 99},
    HuaweiFault.ALARM: {32009: 1 << 2, 32010: 1 << 6},
    HuaweiFault.MORNING: {
        32064: 0,
        32080: 0,
        32085: 30_000,
        32086: 0,
        32087: 19_999,
        32089: 0x0001,
        32095: 0,
    },
}


class Shown:
    """Changes what registers show; `base` holds the counters at the moment of a reset."""

    def __init__(self, on: Iterable[HuaweiFault], base: Mapping[int, int]) -> None:
        """Apply these faults."""
        self.on: Final = frozenset(on)
        self._base = base
        self._patches = {
            address: raw
            for fault, patch in _PATCHES.items()
            if fault in self.on
            for address, raw in patch.items()
        }

    def cell(self, cell: Cell) -> Cell:
        """Return what is shown of a register."""
        if HuaweiFault.SENTINELS in self.on and not cell.bits:
            return cell._replace(raw=None)
        if cell.counter and isinstance(cell.raw, int):
            return cell._replace(raw=self._counted(cell.address, cell.raw))
        if cell.address in self._patches:
            return cell._replace(raw=self._patches[cell.address])
        return cell

    def word(self, word: int) -> int:
        """Return what is shown of a word."""
        return 0xFFFF if HuaweiFault.ALL_ONES in self.on else word

    def _counted(self, address: int, raw: int) -> int:
        if HuaweiFault.COUNTER_ZERO in self.on:
            return 0
        if HuaweiFault.COUNTER_RESET in self.on:
            raw = max(0, raw - self._base.get(address, 0))
        return raw + _JUMP_RAW * (HuaweiFault.COUNTER_JUMP in self.on)
