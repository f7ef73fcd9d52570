"""icons.json by itself: known keys, existing icons, states that differ from the default."""

from functools import cache
import json
from pathlib import Path
from typing import Any

import hass_frontend

from .rules import ICONS
from .texts import check_shape
from .tree import Path_, Tree, at, leaves


def check(tree: Tree) -> None:
    """Check the file and that everything in it has a text, so that it is used."""
    path = tree.integration / "icons.json"
    found = tree.json(path)
    check_shape(tree, path, found, ICONS)
    for key, icon in leaves(found):
        if not str(icon).startswith("mdi:") or str(icon)[4:] not in _known_icons():
            tree.problem(path, key, f"{icon} is no icon; choose one that begins with mdi:")
    english = tree.json(tree.translation("en"))
    for platform, entities in found.get("entity", {}).items():
        for key, icons in entities.items():
            where = ("entity", platform, key)
            if at(english, where) is None:
                tree.problem(path, where, "has no text in en.json; remove it, or add the text")
            _states(tree, path, where, icons)


def _states(tree: Tree, path: Path, where: Path_, icons: dict[str, Any]) -> None:
    if "default" not in icons:
        tree.problem(path, (*where, "default"), "missing; add the icon of the other states")
    for kind in ("state", "range"):
        for state, icon in icons.get(kind, {}).items():
            if icon == icons.get("default"):
                tree.problem(path, (*where, kind, state), "equals the default; remove it")


@cache
def _known_icons() -> frozenset[str]:
    """Return the names of the icons that Home Assistant's frontend brings."""
    path = hass_frontend.where() / "static" / "mdi" / "iconList.json"
    return frozenset(icon["name"] for icon in json.loads(path.read_text(encoding="utf-8")))
