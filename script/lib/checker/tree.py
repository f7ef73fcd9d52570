"""The checkout that is checked: its files, read once, and the problems found in them."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
import json
from pathlib import Path
from typing import Any, override

from homeassistant.exceptions import HomeAssistantError
from homeassistant.util.yaml import parse_yaml

DOMAIN = "energy_hub"
LANGUAGES = ("de", "en", "es", "fr", "nl", "sv")

type Path_ = tuple[str, ...]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong: in which file, at which key, and what to do about it."""

    file: str
    key: str
    advice: str

    @override
    def __str__(self) -> str:
        """Return one line for people and editors."""
        return f"{self.file}: {self.key}: {self.advice}"


class _DuplicateError(ValueError):
    """A JSON object says one key twice."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise _DuplicateError(f"the key {twice!r} stands here twice; remove one")
    return found


class Tree:
    """A checkout and the problems found in it so far."""

    def __init__(self, root: Path) -> None:
        """Look at the checkout at `root`."""
        self.root = root
        self.integration = root / "custom_components" / DOMAIN
        self.problems: set[Problem] = set()
        self.json = cache(self._json)
        self.yaml = cache(self._yaml)
        self.modules = self._modules()

    def problem(self, file: Path, key: Sequence[str] | str, advice: str) -> None:
        """Note a problem; `key` is the place inside the file."""
        where = key if isinstance(key, str) else ".".join(key)
        self.problems.add(Problem(file.relative_to(self.root).as_posix(), where or "file", advice))

    def translation(self, language: str) -> Path:
        """Return where the texts of a language are."""
        return self.integration / "translations" / f"{language}.json"

    def read_everything(self) -> None:
        """Read also the files that no other check asked for."""
        for path in sorted(self.integration.rglob("*.json")):
            self.json(path)
        for path in sorted(self.integration.rglob("*.yaml")):
            self.yaml(path)

    def _json(self, path: Path) -> dict[str, Any]:
        """Return the object in a JSON file; empty, with a problem noted, if there is none."""
        try:
            found = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_unique)
        except FileNotFoundError:
            self.problem(path, "", "missing; add it")
        except ValueError as err:
            self.problem(path, "", f"cannot be read: {err}")
        else:
            if isinstance(found, dict):
                return found
            self.problem(path, "", "must be an object: { ... }")
        return {}

    def _yaml(self, path: Path) -> dict[str, Any]:
        """Return the mapping in a YAML file; empty, with a problem noted, if there is none."""
        try:
            found = parse_yaml(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            self.problem(path, "", "missing; add it")
        except HomeAssistantError as err:
            self.problem(path, "", f"cannot be read: {err}".replace("\n", " "))
        else:
            if isinstance(found, dict):
                return found
            self.problem(path, "", "must be a mapping: `key: value` lines")
        return {}

    def _modules(self) -> dict[Path, ast.Module]:
        modules = {}
        for path in sorted(self.integration.rglob("*.py")):
            try:
                modules[path] = _parsed(path.read_text(encoding="utf-8"))
            except SyntaxError as err:
                self.problem(path, f"line {err.lineno}", f"is no Python: {err.msg}")
        return modules


@cache
def _parsed(text: str) -> ast.Module:
    """Return a module; whoever checks many copies of a checkout reads the same ones again."""
    return ast.parse(text)


def leaves(found: Any, path: Path_ = ()) -> Iterator[tuple[Path_, Any]]:
    """Yield every value that is not an object, with the keys that lead to it."""
    if not isinstance(found, dict):
        yield path, found
        return
    for key, value in found.items():
        yield from leaves(value, (*path, str(key)))


def at(found: Any, path: Path_) -> Any:
    """Return what stands at `path`, or None."""
    for key in path:
        if not isinstance(found, dict) or key not in found:
            return None
        found = found[key]
    return found
