"""What the account API says of a plant and of its devices."""

from datetime import datetime
from typing import Any, Final

from simulator.world import Place

from .config import MicroConfig
from .faults import HoymilesFault as Fault
from .plant import Plant

_DTU: Final = 1
_MICRO: Final = 3
_WRONG_ZONE: Final = "America/Menominee"


def details(plant: Plant, now: datetime, place: Place, *, home: bool) -> dict[str, Any]:
    """Return where a plant stands and how it is; `home` leaves out where."""
    local = now.astimezone(plant.zone)
    wrong = Fault.WRONG_ZONE in plant.faults
    name = _WRONG_ZONE if wrong else plant.zone.key
    standard = (local.utcoffset() or now - now) - (local.dst() or now - now)
    about: dict[str, Any] = {
        "name": plant.config.name,
        "capacitor": f"{2.6 * plant.config.scale:.1f}",
        "timezone": {
            "name": name,
            "tz_name": name,
            "offset": -21_600_000 if wrong else int(standard.total_seconds() * 1000),
        },
        "local_time": f"{local:%Y-%m-%d %H:%M:%S}",
        "status": 40,
        "create_at": "2023-05-04 12:00:00",
        "warn_data": _flags(plant),
    }
    if not home:
        about |= {"latitude": f"{place.latitude}", "longitude": f"{place.longitude}"}
    return about


def _flags(plant: Plant) -> dict[str, Any] | None:
    if Fault.NULL_FLAGS in plant.faults:
        return None
    names = ("s_uoff", "s_ustable", "s_uid", "l3_warn", "g_warn", "me_warn", "pw_off")
    flags = dict.fromkeys(names, False)
    flags["s_uoff"] = Fault.OFFLINE in plant.faults
    flags["l3_warn"] = Fault.DYING in plant.faults
    return flags


def tree(plant: Plant, *, home: bool) -> list[dict[str, Any]]:
    """Return the DTU of a plant with its inverters; nothing for a plant without any."""
    micros = () if Fault.NO_DEVICES in plant.faults else plant.micros
    if not micros:
        return []
    serial = f"10D3{plant.config.id:08d}"
    children = "devices" if home else "children"
    dtu = {
        "id": plant.config.id + 1,
        "sn": serial,
        "dtu_sn": serial,
        "type": _DTU,
        "warn_data": {"connect": Fault.OFFLINE not in plant.faults, "warn": False},
        children: [_micro(one, serial, children, home=home) for one in micros],
    }
    return [dtu if home else dtu | _versions("DTU-Pro-S")]


def _micro(micro: MicroConfig, dtu: str, children: str, *, home: bool) -> dict[str, Any]:
    node: dict[str, Any] = {
        "id": micro.id,
        "sn": micro.serial,
        "dtu_sn": dtu,
        "type": _MICRO,
        "extend_data": {"grid_name": "BE_C10/11", "port_array": list(micro.ports)},
        "warn_data": {"connect": True, "warn": False},
        children: [],
    }
    return node if home else node | _versions(micro.model)


def _versions(model: str) -> dict[str, Any]:
    return {"model_no": model, "soft_ver": "V01.01.10", "hard_ver": "H00.04.00"}
