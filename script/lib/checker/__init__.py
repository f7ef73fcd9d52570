"""Checks of what Home Assistant reads beside the code: manifest, texts, icons, actions.

Home Assistant's own checker for these, hassfest, runs only in its hosted action; this
one repeats the rules that apply to an integration outside the core, and compares the
texts with the code. `check` returns the problems of one checkout.
"""

from pathlib import Path

from . import actions, icons, manifest, needs, texts
from .tree import Problem, Tree

__all__ = ["Problem", "check"]


def check(root: Path) -> list[Problem]:
    """Return every problem of the checkout at `root`, sorted; empty when all is well."""
    tree = Tree(root)
    for part in (manifest, texts, icons, actions, needs):
        part.check(tree)
    tree.read_everything()
    return sorted(tree.problems)
