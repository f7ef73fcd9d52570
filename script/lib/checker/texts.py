"""The translation files by themselves: how they are built, and that all languages agree."""

from pathlib import Path
import re
from typing import Any, Final

from .rules import ANY, CENTRAL_ABORTS, TEXT, TRANSLATION, Shape
from .tree import LANGUAGES, Path_, Tree, at, leaves

_SLUG: Final = re.compile(r"(?!.*[_-]{2})[a-z0-9]([a-z0-9_-]*[a-z0-9])?")
_HTML: Final = re.compile(r"</?[a-zA-Z][^>]*>")
_PLACEHOLDER: Final = re.compile(r"{(\w+)}")
_ANY_BRACE: Final = re.compile(r"{[^{}]*}?|}")


def check(tree: Tree) -> None:
    """Check every language, and each against English."""
    english = tree.json(tree.translation("en"))
    for language in LANGUAGES:
        path = tree.translation(language)
        found = tree.json(path)
        check_shape(tree, path, found, TRANSLATION)
        for key, value in leaves(found):
            _text(tree, path, key, value)
        if found and language != "en":
            _agree(tree, path, dict(leaves(english)), dict(leaves(found)))
    _central(tree, english)
    _described(tree, english)
    others = {path.stem for path in tree.translation("en").parent.glob("*.json")} - {*LANGUAGES}
    for language in others:
        path = tree.translation(language)
        tree.problem(path, "", "unknown language; complete it and add it to checker/tree.py")


def check_shape(tree: Tree, path: Path, found: Any, shape: Shape, at_: Path_ = ()) -> None:
    """Note every key that Home Assistant does not know at its place."""
    if shape is TEXT or not isinstance(found, dict):
        if (shape is TEXT) == isinstance(found, dict):
            tree.problem(path, at_, "must be a text" if shape is TEXT else "must be an object")
        return
    for key, value in found.items():
        below = (*at_, key)
        if key not in shape and ANY not in shape:
            tree.problem(path, below, f"is no key here; use one of {', '.join(shape)}")
        elif key not in shape and not _SLUG.fullmatch(key):
            tree.problem(path, below, "use small letters, digits and single _ or - only")
        else:
            check_shape(tree, path, value, shape[key] if key in shape else shape[ANY], below)


def placeholders(text: object) -> set[str]:
    """Return the names in braces of a text."""
    return set(_PLACEHOLDER.findall(str(text)))


def _text(tree: Tree, path: Path, key: Path_, value: object) -> None:
    if not isinstance(value, str):
        tree.problem(path, key, "must be a text")
        return
    if not value.strip() or value != value.strip():
        tree.problem(path, key, "is empty, or begins or ends with a space")
    if _HTML.search(value):
        tree.problem(path, key, "takes no HTML; use Markdown")
    if "://" in value:
        tree.problem(path, key, "takes no address; pass it as a placeholder")
    if "[%key:" in value:
        tree.problem(path, key, "references are resolved only in the core; write the text")
    if "'{" in value or "}'" in value:
        tree.problem(path, key, "an apostrophe next to a placeholder hides it; use ’ or reword")
    if any(not _PLACEHOLDER.fullmatch(brace) for brace in _ANY_BRACE.findall(value)):
        tree.problem(path, key, "a brace may only enclose the name of a placeholder")


def _agree(tree: Tree, path: Path, english: dict[Path_, Any], found: dict[Path_, Any]) -> None:
    for key in english.keys() - found.keys():
        tree.problem(path, key, f"missing; translate {english[key]!r}")
    for key in found.keys() - english.keys():
        tree.problem(path, key, "is not in en.json; remove it, or add it there")
    for key in english.keys() & found.keys():
        wanted = placeholders(english[key])
        if placeholders(found[key]) != wanted:
            names = ", ".join(sorted(wanted)) or "none"
            tree.problem(path, key, f"placeholders must be those of en.json: {names}")


def _central(tree: Tree, english: dict[str, Any]) -> None:
    for key in CENTRAL_ABORTS & (at(english, ("config", "abort")) or {}).keys():
        advice = "Home Assistant translates this reason itself; remove it"
        tree.problem(tree.translation("en"), ("config", "abort", key), advice)


def _described(tree: Tree, english: dict[str, Any]) -> None:
    """Every field of a form has a line that helps to fill it in."""
    for flow in ("config", "options"):
        for step, texts in (at(english, (flow, "step")) or {}).items():
            for field in texts.get("data", {}).keys() - texts.get("data_description", {}).keys():
                key = (flow, "step", step, "data_description", field)
                tree.problem(tree.translation("en"), key, "missing; say what to fill in")
