"""The folder that Home Assistant starts from."""

import json
from pathlib import Path
from typing import Any

from homeassistant.util.yaml import parse_yaml
from script.lib.demo.config_files import configuration, write_config
from script.lib.demo.paths import INTEGRATION
from script.lib.demo.place import Place

PLACE = Place(50.85, -165.0, "Pacific/Pago_Pago")


def core_settings(text: str) -> dict[str, Any]:
    parsed = parse_yaml(text)
    assert isinstance(parsed, dict)
    settings: dict[str, Any] = parsed["homeassistant"]
    return settings


def stored(folder: Path, name: str) -> dict[str, object]:
    wrapped = json.loads((folder / ".storage" / name).read_text())
    assert wrapped["key"] == name
    data: dict[str, object] = wrapped["data"]
    return data


def test_the_home_stands_at_the_place() -> None:
    core = core_settings(configuration(PLACE))
    assert (core["latitude"], core["longitude"]) == (50.85, -165.0)
    assert core["time_zone"] == "Pacific/Pago_Pago"


def test_only_this_machine_gets_in_and_without_a_password(tmp_path: Path) -> None:
    write_config(tmp_path, PLACE, 8200)
    core = core_settings((tmp_path / "configuration.yaml").read_text())
    providers = core["auth_providers"]
    # The page offers the first one, the API of the tests uses the other one.
    assert [one["type"] for one in providers] == ["trusted_networks", "homeassistant"]
    assert providers[0]["trusted_networks"] == ["127.0.0.1", "::1"]
    assert providers[0]["allow_bypass_login"] is True
    http = stored(tmp_path, "http")
    assert http["pending"] is None
    assert isinstance(stable := http["stable"], dict)
    assert (stable["server_host"], stable["server_port"]) == (["127.0.0.1"], 8200)


def test_the_integration_is_the_one_of_this_checkout(tmp_path: Path) -> None:
    (tmp_path / "custom_components").symlink_to("/of/a/checkout/that/was/moved")
    write_config(tmp_path, PLACE, 8123)
    link = tmp_path / "custom_components"
    assert (link / "energy_hub" / "manifest.json").samefile(INTEGRATION / "manifest.json")


def test_a_second_start_moves_the_port_and_keeps_the_owner(tmp_path: Path) -> None:
    write_config(tmp_path, PLACE, 8123)
    onboarding = tmp_path / ".storage" / "onboarding"
    assert stored(tmp_path, "onboarding") == {"done": ["core_config", "analytics", "integration"]}
    onboarding.write_text("changed by Home Assistant")
    write_config(tmp_path, PLACE, 8200)
    assert onboarding.read_text() == "changed by Home Assistant"
    assert isinstance(stable := stored(tmp_path, "http")["stable"], dict)
    assert stable["server_port"] == 8200
