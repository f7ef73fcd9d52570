"""The register map of a SUN2000, its meter and its batteries, block by block.

Addresses, types and gains: Huawei, Solar Inverter Modbus Interface Definitions, Issue 05,
by way of published drivers. A block is a span that real devices answer in one request.
Names carry their unit; signs are still those of the device (`read.py` turns them).
"""

from typing import Final

from .register import Block, Register, Type

U16, I16, U32, I32 = Type.U16, Type.I16, Type.U32, Type.I32

MOST_STRINGS: Final = 24

# Identification (texts are cut out of the same words in `probe.py`).
ID: Final = Block(
    30000,
    83,
    {
        "protocol": Register(30068, U32),
        "model_id": Register(30070, U16),
        "strings": Register(30071, U16),
        "trackers": Register(30072, U16),
        "rated_w": Register(30073, U32),
        "max_active_w": Register(30075, U32),
        "max_apparent_va": Register(30077, U32),
    },
)

INVERTER: Final = Block(
    32064,
    56,
    {
        "pv_w": Register(32064, I32),
        "line_voltage_ab": Register(32066, U16, 10),
        "line_voltage_bc": Register(32067, U16, 10),
        "line_voltage_ca": Register(32068, U16, 10),
        "voltage_l1": Register(32069, U16, 10),
        "voltage_l2": Register(32070, U16, 10),
        "voltage_l3": Register(32071, U16, 10),
        "current_l1": Register(32072, I32, 1000),
        "current_l2": Register(32074, I32, 1000),
        "current_l3": Register(32076, I32, 1000),
        "day_peak_w": Register(32078, I32),
        "ac_w": Register(32080, I32),
        "reactive_var": Register(32082, I32),
        "power_factor": Register(32084, I16, 1000),
        "frequency_hz": Register(32085, U16, 100),
        "efficiency_percent": Register(32086, U16, 100),
        "temperature_c": Register(32087, I16, 10),
        "insulation_mohm": Register(32088, U16, 1000),
        "status": Register(32089, U16),
        "fault_code": Register(32090, U16),
        "startup_s": Register(32091, U32),
        "shutdown_s": Register(32093, U32),
        "yield_kwh": Register(32106, U32, 100),
        "dc_kwh": Register(32108, U32, 100),
        "yield_today_kwh": Register(32114, U32, 100),
    },
)

METER: Final = Block(
    37100,
    39,
    {
        "meter_status": Register(37100, U16),
        "meter_voltage_l1": Register(37101, I32, 10),
        "meter_voltage_l2": Register(37103, I32, 10),
        "meter_voltage_l3": Register(37105, I32, 10),
        "meter_current_l1": Register(37107, I32, 100),
        "meter_current_l2": Register(37109, I32, 100),
        "meter_current_l3": Register(37111, I32, 100),
        "meter_export_w": Register(37113, I32),
        "meter_reactive_var": Register(37115, I32),
        "meter_power_factor": Register(37117, I16, 1000),
        "meter_frequency_hz": Register(37118, I16, 100),
        "meter_export_kwh": Register(37119, I32, 100),
        "meter_import_kwh": Register(37121, I32, 100),
        "meter_type": Register(37125, U16),
        "meter_export_l1_w": Register(37132, I32),
        "meter_export_l2_w": Register(37134, I32),
        "meter_export_l3_w": Register(37136, I32),
    },
)
METER_STATUS: Final = Block(37100, 1, {"meter_status": METER.registers["meter_status"]})

BATTERY: Final = Block(
    37758,
    30,
    {
        "capacity_wh": Register(37758, U32),
        "soc_percent": Register(37760, U16, 10),
        "battery_status": Register(37762, U16),
        "bus_voltage": Register(37763, U16, 10),
        "bus_current": Register(37764, I16, 10),
        "charge_w": Register(37765, I32),
        "charged_kwh": Register(37780, U32, 100),
        "discharged_kwh": Register(37782, U32, 100),
        "charged_today_kwh": Register(37784, U32, 100),
        "discharged_today_kwh": Register(37786, U32, 100),
    },
)
# With a second unit: its own values stand right before those of both together.
BATTERIES: Final = Block(
    37738,
    50,
    {
        "unit2_soc_percent": Register(37738, U16, 10),
        "unit2_status": Register(37741, U16),
        "unit2_charge_w": Register(37743, I32),
        "unit2_temperature_c": Register(37752, I16, 10),
        "unit2_charged_kwh": Register(37753, U32, 100),
        "unit2_discharged_kwh": Register(37755, U32, 100),
        **BATTERY.registers,
    },
)

UNIT1: Final = Block(
    37000,
    70,
    {
        "unit1_status": Register(37000, U16),
        "unit1_charge_w": Register(37001, I32),
        "unit1_soc_percent": Register(37004, U16, 10),
        "working_mode": Register(37006, U16),
        "rated_charge_w": Register(37007, U32),
        "rated_discharge_w": Register(37009, U32),
        "battery_fault": Register(37014, U16),
        "unit1_temperature_c": Register(37022, I16, 10),
        "max_charge_w": Register(37046, U32),
        "max_discharge_w": Register(37048, U32),
        "unit1_charged_kwh": Register(37066, U32, 100),
        "unit1_discharged_kwh": Register(37068, U32, 100),
    },
)

SETTINGS: Final = Block(
    47075,
    28,
    {
        "charge_limit_w": Register(47075, U32),
        "discharge_limit_w": Register(47077, U32),
        "charge_cutoff_percent": Register(47081, U16, 10),
        "discharge_cutoff_percent": Register(47082, U16, 10),
        "forced_minutes": Register(47083, U16),
        "forced_w": Register(47084, I32),
        "working_mode_setting": Register(47086, U16),
        "grid_charge": Register(47087, U16),
        "grid_charge_cutoff_percent": Register(47088, U16, 10),
        "storage_type_2": Register(47089, U16),
        "forced_command": Register(47100, U16),
        "forced_soc_percent": Register(47101, U16, 10),
        "backup_soc_percent": Register(47102, U16, 10),
    },
)
FORCED: Final = Block(
    47242,
    9,
    {
        "grid_charge_w": Register(47242, U32),
        "most_grid_charge_w": Register(47244, U32),
        "forced_to_soc": Register(47246, U16),
        "forced_charge_w": Register(47247, U32),
        "forced_discharge_w": Register(47249, U32),
    },
)
EXPORT: Final = Block(
    47415,
    4,
    {
        "export_mode": Register(47415, U16),
        "export_limit_w": Register(47416, I32),
        "export_limit_percent": Register(47418, I16, 10),
    },
)
STORAGE_TYPE: Final = Block(47000, 1, {"storage_type": Register(47000, U16)})


def strings_block(strings: int) -> Block:
    """Return the block of states, alarms and the voltages and currents of the strings."""
    registers = {
        "state_1": Register(32000, U16, bits=True),
        "state_2": Register(32002, U16, bits=True),
        "state_3": Register(32003, U32, bits=True),
        "alarm_1": Register(32008, U16, bits=True),
        "alarm_2": Register(32009, U16, bits=True),
        "alarm_3": Register(32010, U16, bits=True),
    }
    for number in range(1, strings + 1):
        registers[f"pv{number}_voltage"] = Register(32014 + 2 * number, I16, 10)
        registers[f"pv{number}_current"] = Register(32015 + 2 * number, I16, 100)
    return Block(32000, 16 + 2 * strings, registers)
