"""What the counters show at the beginning: a made-up but consistent life before it."""

from .config import HouseConfig
from .noise import Dice, stream
from .registers import KEPT_MONTHS, ClosedMonth, Peak, Registers
from .state import State
from .tariff import local, month_start

_KWH_J = 3_600_000
_DAY_S = 86_400


def first_state(config: HouseConfig, begin_s: int) -> State:
    """Return the state of the house at its beginning, the same for the same seed."""
    dice = Dice(stream(config.seed, "past"))
    years = dice.between(1.6, 3.2)
    arrays = tuple(
        int(one.kwp * 930 * years * _KWH_J) + dice.whole(0, 9e6) for one in config.arrays
    )
    out = tuple(int(one.capacity_wh * 3600 * 190 * years) for one in config.batteries)
    into = tuple(
        int(given / one.efficiency**2) for one, given in zip(config.batteries, out, strict=True)
    )
    yearly_kwh = 3100 + 2600 * config.heat_pump + 2300 * config.car
    load = int(yearly_kwh * years * _KWH_J) + dice.whole(0, 9e6)
    solar = sum(arrays)
    exported = solar - min(solar * 45 // 100, load * 40 // 100)
    imported = load + exported + sum(into) - solar - sum(out)
    moved = {
        one.id: given - taken for one, given, taken in zip(config.batteries, out, into, strict=True)
    }
    made = {one.id: energy for one, energy in zip(config.arrays, arrays, strict=True)}
    return State(
        array_j=arrays,
        charged_j=into,
        discharged_j=out,
        stored_j=tuple(one.stored_j(one.start_soc) for one in config.batteries),
        battery_w=(0,) * len(config.batteries),
        done_s=(0,) * len(config.batteries),
        inverter_j=tuple(
            made[one.array] + sum(moved[name] for name in one.batteries) for one in config.inverters
        ),
        peak_w=(0,) * len(config.inverters),
        load_j=load,
        registers=Registers(
            import_day_j=imported * 56 // 100,
            import_night_j=imported - imported * 56 // 100,
            export_day_j=exported * 71 // 100,
            export_night_j=exported - exported * 71 // 100,
            months=_months(config.seed, begin_s),
            peak=_peak_so_far(config.seed, begin_s),
        ),
        gas_ml=dice.whole(1.1e9, 3.4e9),
        water_ml=dice.whole(1.2e8, 4.2e8),
        heat_kj=dice.whole(3e7, 9e7),
    )


def _months(seed: int, begin_s: int) -> tuple[ClosedMonth, ...]:
    now = local(begin_s)
    return tuple(_month(seed, now.year, now.month - back) for back in range(KEPT_MONTHS, 0, -1))


def _month(seed: int, year: int, month: int) -> ClosedMonth:
    start_s, closed_s = month_start(year, month), month_start(year, month + 1)
    days = round((closed_s - start_s) / _DAY_S)
    return ClosedMonth(closed_s, _evening_peak(seed, start_s, days))


def _peak_so_far(seed: int, begin_s: int) -> Peak | None:
    now = local(begin_s)
    if now.day == 1:
        return None
    return _evening_peak(seed, month_start(now.year, now.month), now.day - 1)


def _evening_peak(seed: int, start_s: int, days: int) -> Peak:
    """Return a peak that ended on a quarter of an early evening of these days."""
    dice = Dice(stream(seed, "peaks"), start_s)
    noon_s = start_s + int(dice.between(0, days)) * _DAY_S + _DAY_S // 2
    end_s = noon_s + 6 * 3600 + dice.whole(0, 8) * 900
    return Peak(end_s, dice.whole(2650, 6900))
