"""A copy of this checkout to break on purpose, and the ways to break it."""

from collections.abc import Callable
import json
from pathlib import Path
import shutil
from typing import Any

from script.lib.checker import check
from script.lib.checker.tree import DOMAIN, LANGUAGES

ROOT = Path(__file__).parent.parent.parent
HUB = f"custom_components/{DOMAIN}"
EN = f"{HUB}/translations/en.json"
NL = f"{HUB}/translations/nl.json"
ICONS = f"{HUB}/icons.json"
MANIFEST = f"{HUB}/manifest.json"
QUALITY = f"{HUB}/quality_scale.yaml"
ROOM = f"{HUB}/devices/example"
LEVEL = "entity.sensor.example_level"

type Mutation = Callable[[Path], None]
type Defect = tuple[Mutation, str, str, str]
"""How to break the copy; in which file, at which key, and with which word it is reported."""


def make_copy(tmp_path: Path) -> Path:
    """Return a copy of what the checker reads, with a small room of its own added."""
    hidden = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / HUB, tmp_path / HUB, ignore=hidden)
    for name in ("hacs.json", "requirements_test.txt"):
        shutil.copy(ROOT / name, tmp_path / name)
    write(
        f"{ROOM}/metrics.py",
        "LEVELS = {1: 'low', 2: 'high'}\n"
        "METRICS = (\n"
        "    Metric[int]('example_level', STATE, lambda v: v, options=tuple(LEVELS.values())),\n"
        "    BinaryMetric[int]('example_fault', lambda v: v),\n"
        ")\n",
    )(tmp_path)
    for language in LANGUAGES:
        path = f"{HUB}/translations/{language}.json"
        level = {"name": "Level", "state": {"low": "Low", "high": "High"}}
        put(path, "entity.sensor.example_level", level)(tmp_path)
        put(path, "entity.binary_sensor.example_fault", {"name": "Fault"})(tmp_path)
        put(path, "exceptions.example_held", {"message": "Held by {name}"})(tmp_path)
    put(ICONS, "entity.sensor.example_level", {"default": "mdi:gauge"})(tmp_path)
    put(ICONS, "entity.binary_sensor.example_fault", {"default": "mdi:alert"})(tmp_path)
    return tmp_path


def edit(path: str, change: Callable[[dict[str, Any]], object]) -> Mutation:
    """Return a mutation that changes the object in a JSON file."""

    def mutate(root: Path) -> None:
        found = json.loads((root / path).read_text())
        change(found)
        (root / path).write_text(json.dumps(found))

    return mutate


def put(path: str, key: str, value: object) -> Mutation:
    """Return a mutation that sets a value deep in a JSON file."""

    def change(found: dict[str, Any]) -> None:
        *way, last = key.split(".")
        for step in way:
            found = found.setdefault(step, {})
        found[last] = value

    return edit(path, change)


def drop(path: str, key: str) -> Mutation:
    """Return a mutation that removes a key deep in a JSON file."""

    def change(found: dict[str, Any]) -> None:
        *way, last = key.split(".")
        for step in way:
            found = found[step]
        del found[last]

    return edit(path, change)


def write(path: str, text: str) -> Mutation:
    """Return a mutation that writes a file."""

    def mutate(root: Path) -> None:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)

    return mutate


def replace(path: str, old: str, new: str) -> Mutation:
    """Return a mutation that replaces the first occurrence of a text in a file."""

    def mutate(root: Path) -> None:
        text = (root / path).read_text()
        assert old in text
        (root / path).write_text(text.replace(old, new, 1))

    return mutate


def code(text: str, name: str = "extra.py") -> Mutation:
    """Return a mutation that adds a module to the room."""
    return write(f"{ROOM}/{name}", text)


def services(text: str) -> Mutation:
    """Return a mutation that writes a services.yaml."""
    return write(f"{HUB}/services.yaml", text)


def assert_found(copy: Path, defect: Defect) -> None:
    """Break the copy and fail when the checker does not say so."""
    mutate, file, key, word = defect
    mutate(copy)
    found = check(copy)
    assert [p for p in found if (p.file, p.key) == (file, key) and word in p.advice], found
