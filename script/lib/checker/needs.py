"""The texts and icons that the code asks for."""

from pathlib import Path
from typing import Any

from .names import Entity, Names, collect
from .rules import CENTRAL_ABORTS
from .texts import placeholders
from .tree import Path_, Tree, at, leaves


def check(tree: Tree) -> None:
    """Compare the code with the English texts and with the icons."""
    names = collect(tree)
    english = tree.json(tree.translation("en"))
    for path, line, what in names.unreadable:
        tree.problem(path, f"line {line}", f"{what} must be written out, so that it can be checked")
    for place, path in names.texts.items():
        if place[1] != "abort" or place[2] not in CENTRAL_ABORTS:
            _need(tree, english, place, path)
    for entity in names.entities:
        _entity(tree, english, entity)
    _unused(tree, english, names)
    _fields(tree, english, names)
    _repairs(tree, english, names)
    _given(tree, english, names)


def _need(tree: Tree, english: dict[str, Any], place: Path_, path: Path) -> None:
    if at(english, place) is None:
        advice = f"missing, but {path.relative_to(tree.integration).as_posix()} uses it; add it"
        tree.problem(tree.translation("en"), place, advice)


def _entity(tree: Tree, english: dict[str, Any], entity: Entity) -> None:
    where = ("entity", entity.platform, entity.key)
    _need(tree, english, (*where, "name"), entity.file)
    states = at(english, (*where, "state")) or {}
    if entity.options is not None:
        for option in entity.options:
            _need(tree, english, (*where, "state", option), entity.file)
        for state in states.keys() - set(entity.options):
            tree.problem(
                tree.translation("en"), (*where, "state", state), "is no option; remove it"
            )
    icons = tree.integration / "icons.json"
    if not entity.has_device_class and at(tree.json(icons), where) is None:
        tree.problem(icons, where, "missing; an entity without device class needs an icon")


def _unused(tree: Tree, english: dict[str, Any], names: Names) -> None:
    used = {(entity.platform, entity.key) for entity in names.entities}
    for platform in {entity.platform for entity in names.entities}:
        for key in english.get("entity", {}).get(platform, {}):
            if (platform, key) not in used and ("entity", platform, key, "name") not in names.texts:
                advice = "no entity has this key; remove it"
                tree.problem(tree.translation("en"), ("entity", platform, key), advice)


def _fields(tree: Tree, english: dict[str, Any], names: Names) -> None:
    """Every field of a form has a label in a step (which one, only a test can know)."""
    labelled = {
        key[-1]
        for flow in ("config", "config_subentries", "options")
        for key, _ in leaves(at(english, (flow,)) or {})
        if len(key) > 1 and key[-2] == "data"
    }
    for field in names.fields.keys() - labelled:
        file = names.fields[field].relative_to(tree.integration).as_posix()
        advice = f"missing; {file} has this field, label it in its step"
        tree.problem(tree.translation("en"), ("config", "step", "*", "data", field), advice)


def _repairs(tree: Tree, english: dict[str, Any], names: Names) -> None:
    for key, fixable in names.repairs.items():
        wanted: list[Path_] = [("title",)]
        if fixable:
            wanted += [("fix_flow", "step", step, "title") for step in names.fix_steps]
            wanted += [("fix_flow", "abort", reason) for reason in names.fix_aborts]
        else:
            wanted += [("description",)]
        for place in wanted:
            if at(english, ("issues", key, *place)) is None:
                tree.problem(tree.translation("en"), ("issues", key, *place), "missing; add it")


def _given(tree: Tree, english: dict[str, Any], names: Names) -> None:
    """A text may only use the placeholders that the code fills in."""
    for place, given in names.given.items():
        texts = at(english, place)
        if place[0] == "issues":
            # The flow of a repair fills in its own; what both know is checked in its title.
            texts = at(english, (*place, "title"))
        for name in placeholders(texts) - given:
            tree.problem(tree.translation("en"), place, f"nothing fills in {{{name}}}; remove it")
