"""The configuration folder of Home Assistant."""

import json
from pathlib import Path
from typing import Any, Final

from .paths import INTEGRATION
from .place import Place
from .ports import HOST

# No `default_config`: much of it looks for devices in the network or asks the internet.
# No `http`: what stands there is on trial for five minutes, then Home Assistant restarts.
_CONFIGURATION: Final = """\
# Written by script/demo at every start.
homeassistant:
  name: Demo house
  latitude: {latitude}
  longitude: {longitude}
  elevation: 50
  unit_system: metric
  currency: EUR
  country: BE
  language: en
  time_zone: {zone}
  auth_providers:
    - type: trusted_networks
      trusted_networks: [127.0.0.1, "::1"]
      allow_bypass_login: true
    - type: homeassistant
frontend:
recorder:
  commit_interval: 1
history:
logbook:
energy:
system_health:
usb:
logger:
  default: warning
  # Camera parts that every Home Assistant loads; this machine may lack their programs.
  logs:
    haffmpeg: critical
    homeassistant.components.camera: critical
"""


def write_config(folder: Path, place: Place, port: int) -> None:
    """Write what Home Assistant finds when it starts; what it has made itself stays."""
    storage = folder / ".storage"
    storage.mkdir(parents=True, exist_ok=True)
    (folder / "configuration.yaml").write_text(configuration(place))
    _link(folder / "custom_components", INTEGRATION.parent)
    _store(storage / "http", 2, http_settings(port))
    if not (storage / "onboarding").exists():
        # All steps but the owner's: the others set up integrations that need the internet.
        _store(storage / "onboarding", 4, {"done": ["core_config", "analytics", "integration"]})


def configuration(place: Place) -> str:
    """Return the text of configuration.yaml."""
    return _CONFIGURATION.format(
        latitude=place.latitude, longitude=place.longitude, zone=place.zone
    )


def http_settings(port: int) -> dict[str, Any]:
    """Return the settings of the web server, as if the user had confirmed them."""
    stable = {
        "server_host": [HOST],
        "server_port": port,
        "cors_allowed_origins": [],
        "login_attempts_threshold": -1,
        "ip_ban_enabled": False,
        "ssl_profile": "modern",
        "use_x_frame_options": True,
        "created_at": "2026-01-01T00:00:00+00:00",
        "error": None,
        "error_message": None,
    }
    return {"stable": stable, "pending": None, "yaml_migration_done": True}


def _store(path: Path, version: int, data: dict[str, Any]) -> None:
    wrapped = {"version": version, "minor_version": 1, "key": path.name, "data": data}
    path.write_text(json.dumps(wrapped, indent=2))


def _link(link: Path, target: Path) -> None:
    if link.is_symlink():
        link.unlink()
    link.symlink_to(target, target_is_directory=True)
