"""From the inner state to the truth that others see."""

from datetime import UTC, datetime

from .config import HouseConfig
from .grid import frequency_hz, phase
from .minute import Minute
from .registers import ClosedMonth, Peak
from .state import State
from .tariff import QUARTER_S, tariff
from .truth import ArrayTruth, BatteryTruth, InverterTruth, MonthPeak, Truth
from .weather import Sky

_KWH_J = 3_600_000


def view(config: HouseConfig, sky: Sky, state: State, minute: Minute, at: datetime) -> Truth:
    """Return the truth of a moment that lies in this minute."""
    at_s = int(at.timestamp())
    step = (at_s - minute.start_s) // minute.step_s
    grid = state.registers
    return Truth(
        time=at.astimezone(UTC),
        irradiance_w_m2=sky.irradiance.level,
        cloud_cover=sky.cover,
        temperature_c=sky.temperature_c,
        solar_w=sum(row[step] for row in minute.array_w),
        solar_kwh=sum(state.array_j) / _KWH_J,
        arrays=_arrays(config, state, minute, step),
        battery_w=sum(row[step] for row in minute.battery_w),
        batteries=_batteries(config, state, minute, step),
        inverters=_inverters(config, state, minute, step),
        load_w=minute.load_w[step],
        load_kwh=state.load_j / _KWH_J,
        grid_w=minute.grid_w[step],
        phases=tuple(
            phase(config.seed, number, at_s, minute.phase_w[number - 1][step])
            for number in range(1, config.phases + 1)
        ),
        frequency_hz=frequency_hz(config.seed, at_s),
        tariff=tariff(at_s),
        import_day_kwh=grid.import_day_j / _KWH_J,
        import_night_kwh=grid.import_night_j / _KWH_J,
        export_day_kwh=grid.export_day_j / _KWH_J,
        export_night_kwh=grid.export_night_j / _KWH_J,
        quarter_w=grid.quarter_j / QUARTER_S,
        month_peak=_peak(None, grid.peak),
        month_peaks=tuple(_closed(one) for one in grid.months),
        gas_m3=state.gas_ml / 1e6,
        water_m3=state.water_ml / 1e6,
        heat_gj=state.heat_kj / 1e6,
    )


def _arrays(config: HouseConfig, state: State, minute: Minute, step: int) -> dict[str, ArrayTruth]:
    rows = zip(config.arrays, minute.array_w, state.array_j, strict=True)
    return {one.id: ArrayTruth(row[step], energy_j / _KWH_J) for one, row, energy_j in rows}


def _batteries(
    config: HouseConfig, state: State, minute: Minute, step: int
) -> dict[str, BatteryTruth]:
    return {
        one.id: BatteryTruth(
            power_w=minute.battery_w[index][step],
            soc_percent=one.soc(state.stored_j[index]),
            stored_kwh=state.stored_j[index] / _KWH_J,
            charged_kwh=state.charged_j[index] / _KWH_J,
            discharged_kwh=state.discharged_j[index] / _KWH_J,
        )
        for index, one in enumerate(config.batteries)
    }


def _inverters(
    config: HouseConfig, state: State, minute: Minute, step: int
) -> dict[str, InverterTruth]:
    return {
        one.id: InverterTruth(
            power_w=minute.inverter_w[index][step],
            energy_kwh=state.inverter_j[index] / _KWH_J,
            peak_w=max(state.peak_w[index], minute.inverter_w[index][step]),
            cut_w=minute.cut_w[index][step],
        )
        for index, one in enumerate(config.inverters)
    }


def _closed(month: ClosedMonth) -> MonthPeak:
    return _peak(datetime.fromtimestamp(month.closed_s, UTC), month.peak)


def _peak(closed: datetime | None, peak: Peak | None) -> MonthPeak:
    if peak is None:
        return MonthPeak(closed, None, 0)
    return MonthPeak(closed, datetime.fromtimestamp(peak.end_s, UTC), peak.power_w)
