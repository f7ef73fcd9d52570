"""services.yaml, triggers.yaml and conditions.yaml: selectors, texts and icons."""

import ast
from functools import cache
from pathlib import Path
from typing import Any, Final

import probatio

from homeassistant.helpers.selector import validate_selector

from .tree import Tree, at

# What registers actions; whoever calls one of these needs a services.yaml.
_REGISTER: Final = {
    "async_register_admin_service",
    "async_register_platform_entity_service",
    "async_register_entity_service",
}
_KINDS: Final = {"services": "service", "triggers": "trigger", "conditions": "condition"}


def check(tree: Tree) -> None:
    """Check each of the files that exists, and that one exists where the code needs it."""
    for kind in _KINDS:
        path = tree.integration / f"{kind}.yaml"
        if path.exists():
            for name, described in tree.yaml(path).items():
                _one(tree, path, kind, name, described or {})
    if _registers(tree) and not (tree.integration / "services.yaml").exists():
        path = tree.integration / "services.yaml"
        tree.problem(path, "", "missing, but the code registers actions; describe them")


def _one(tree: Tree, path: Path, kind: str, name: str, described: dict[str, Any]) -> None:
    texts = at(tree.json(tree.translation("en")), (kind, name)) or {}
    _needs(tree, (kind, name), texts)
    if at(tree.json(tree.integration / "icons.json"), (kind, name, _KINDS[kind])) is None:
        icons = tree.integration / "icons.json"
        tree.problem(icons, (kind, name, _KINDS[kind]), "missing; add an icon")
    for field, value in described.get("fields", {}).items():
        if "fields" in value:
            if at(texts, ("sections", field, "name")) is None:
                english = tree.translation("en")
                tree.problem(english, (kind, name, "sections", field, "name"), "missing; add it")
            inner = value["fields"]
        else:
            inner = {field: value}
        for key, one in inner.items():
            _needs(tree, (kind, name, "fields", key), at(texts, ("fields", key)) or {})
            _selector(tree, path, (name, "fields", key), (one or {}).get("selector"))


def _needs(tree: Tree, key: tuple[str, ...], texts: dict[str, Any]) -> None:
    for text in ("name", "description"):
        if not texts.get(text):
            tree.problem(tree.translation("en"), (*key, text), "missing; add it")


def _selector(tree: Tree, path: Path, key: tuple[str, ...], selector: Any) -> None:
    if selector is None:
        tree.problem(path, key, "has no selector; add one")
        return
    try:
        # A bare `text:` is an empty configuration.
        validate_selector({name: value or {} for name, value in selector.items()})
    except probatio.Invalid as err:
        tree.problem(path, (*key, "selector"), f"is not valid: {err}")
        return
    config = selector.get("select") or {}
    if "translation_key" not in config:
        return
    english = tree.json(tree.translation("en"))
    for option in config["options"]:
        value = option["value"] if isinstance(option, dict) else option
        where = ("selector", config["translation_key"], "options", value)
        if at(english, where) is None:
            tree.problem(tree.translation("en"), where, "missing; name this option")


def _registers(tree: Tree) -> bool:
    return any(_registers_some(module) for module in tree.modules.values())


@cache
def _registers_some(module: ast.Module) -> bool:
    calls = (
        node.func
        for node in ast.walk(module)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    )
    return any(
        func.attr in _REGISTER
        or (func.attr == "async_register" and ast.unparse(func.value).endswith("services"))
        for func in calls
    )
