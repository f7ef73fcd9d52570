"""manifest.json, hacs.json and quality_scale.yaml."""

from pathlib import Path
import re
from typing import Any, Final

from awesomeversion import AwesomeVersion, AwesomeVersionException, AwesomeVersionStrategy
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from .rules import QUALITY_RULES
from .tree import DOMAIN, LANGUAGES, Tree

_REQUIRED: Final = ("domain", "name", "codeowners", "documentation", "iot_class", "issue_tracker")
_ALLOWED: Final = {
    *_REQUIRED,
    "after_dependencies",
    "bluetooth",
    "config_flow",
    "dependencies",
    "dhcp",
    "homekit",
    "import_executor",
    "integration_type",
    "loggers",
    "mqtt",
    "quality_scale",
    "requirements",
    "ssdp",
    "usb",
    "version",
    "zeroconf",
}
_IOT_CLASSES: Final = (
    "assumed_state",
    "calculated",
    "cloud_polling",
    "cloud_push",
    "local_polling",
    "local_push",
)
_VERSIONS: Final = [
    AwesomeVersionStrategy.CALVER,
    AwesomeVersionStrategy.SEMVER,
    AwesomeVersionStrategy.SIMPLEVER,
    AwesomeVersionStrategy.BUILDVER,
    AwesomeVersionStrategy.PEP440,
]
_CORE_DOCS: Final = "https://www.home-assistant.io/"
_HACS: Final = {
    "content_in_root",
    "country",
    "filename",
    "hacs",
    "hide_default_branch",
    "homeassistant",
    "name",
    "persistent_directory",
    "render_readme",
    "zip_release",
}


def check(tree: Tree) -> None:
    """Check the three files, and that the languages are there."""
    path = tree.integration / "manifest.json"
    found = tree.json(path)
    if found:
        _keys(tree, path, found)
        _values(tree, path, found)
        _requirements(tree, path, found)
    _hacs(tree)
    _quality(tree)
    for language in LANGUAGES:
        tree.json(tree.translation(language))


def _keys(tree: Tree, path: Path, found: dict[str, Any]) -> None:
    for key in found.keys() - _ALLOWED:
        tree.problem(path, key, "is no key of a manifest; remove it")
    for key in (*_REQUIRED, "version"):
        if not found.get(key):
            tree.problem(path, key, "missing; add it")
    wanted = ["domain", "name", *sorted(found.keys() - {"domain", "name"})]
    if list(found) != wanted:
        tree.problem(path, "order", f"order the keys: {', '.join(wanted)}")


def _values(tree: Tree, path: Path, found: dict[str, Any]) -> None:
    if found.get("domain") != DOMAIN:
        tree.problem(path, "domain", f"must be {DOMAIN}, the name of the folder")
    if found.get("iot_class") not in _IOT_CLASSES:
        tree.problem(path, "iot_class", f"use one of {', '.join(_IOT_CLASSES)}")
    for owner in found.get("codeowners", []):
        if not owner.startswith("@"):
            tree.problem(path, "codeowners", f"begin {owner} with @")
    for key in ("documentation", "issue_tracker"):
        address = str(found.get(key))
        if not address.startswith("https://") or address.startswith(_CORE_DOCS):
            tree.problem(path, key, "must be an https address of this project")
    try:
        AwesomeVersion(str(found.get("version")), ensure_strategy=_VERSIONS)
    except AwesomeVersionException:
        tree.problem(path, "version", "write it like 1.2.3")
    if found.get("config_flow") and not (tree.integration / "config_flow.py").exists():
        tree.problem(path, "config_flow", "is true but there is no config_flow.py")


def _requirements(tree: Tree, path: Path, found: dict[str, Any]) -> None:
    """Every library has a version, and it is the one that the tests run with."""
    pins = _tested_versions(tree)
    for text in found.get("requirements", []):
        try:
            requirement = Requirement(text)
        except InvalidRequirement:
            tree.problem(path, "requirements", f"{text} is not of the form name==version")
            continue
        tested = pins.get(canonicalize_name(requirement.name))
        if not requirement.specifier:
            tree.problem(path, "requirements", f"{text} needs a version, such as =={tested}")
        elif tested is None:
            tree.problem(path, "requirements", f"add {text} to requirements_test.in")
        elif tested not in requirement.specifier:
            tree.problem(path, "requirements", f"{text}, but the tests run with {tested}")


def _tested_versions(tree: Tree) -> dict[str, str]:
    pins: dict[str, str] = {}
    for line in (tree.root / "requirements_test.txt").read_text(encoding="utf-8").splitlines():
        name, _, version = line.partition(";")[0].strip().partition("==")
        pins[canonicalize_name(name)] = version
    return pins


def _hacs(tree: Tree) -> None:
    path = tree.root / "hacs.json"
    found = tree.json(path)
    for key in found.keys() - _HACS:
        tree.problem(path, key, "is no key of hacs.json; remove it")
    if found and not found.get("name"):
        tree.problem(path, "name", "missing; add it")
    if not re.fullmatch(r"\d{4}\.\d{1,2}\.\d+", str(found.get("homeassistant", "2026.1.0"))):
        tree.problem(path, "homeassistant", "write the oldest version that works, like 2026.10.0")
    if found.get("zip_release") and not found.get("filename"):
        tree.problem(path, "filename", "zip_release needs the name of the file")


def _quality(tree: Tree) -> None:
    path = tree.integration / "quality_scale.yaml"
    found = tree.yaml(path)
    if not found:
        return
    rules = found.get("rules")
    if set(found) != {"rules"} or not isinstance(rules, dict):
        tree.problem(path, "rules", "must be the only key, with one line for each rule")
        return
    for rule in QUALITY_RULES - rules.keys():
        tree.problem(path, rule, "missing; say done, todo or exempt")
    for rule in rules.keys() - QUALITY_RULES:
        tree.problem(path, str(rule), "is no rule of the quality scale; remove it")
    for rule, value in rules.items():
        status = value.get("status") if isinstance(value, dict) else value
        if status not in ("done", "todo", "exempt"):
            tree.problem(path, str(rule), "must be done, todo, or a status with a comment")
        if status == "exempt" and not (isinstance(value, dict) and value.get("comment")):
            tree.problem(path, str(rule), "exempt needs a comment that says why")
