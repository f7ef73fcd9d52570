"""What the names in the code stand for, as far as it can be read without running it."""

import ast
from pathlib import Path
from typing import Final

import homeassistant.const

from .tree import Tree

# Calls that keep the strings of what they are given: tuple(X), list(X.values()) ...
_KEEPING: Final = {
    "dict",
    "frozenset",
    "fromkeys",
    "keys",
    "list",
    "set",
    "sorted",
    "tuple",
    "values",
}


class Constants:
    """The constants of all modules: texts, and collections of texts."""

    def __init__(self, tree: Tree) -> None:
        """Remember what every module assigns at its top level, by module and name."""
        self._values: dict[str, dict[Path, ast.expr | ast.ClassDef]] = {}
        for path, module in tree.modules.items():
            for statement in module.body:
                for name, value in _assigned(statement):
                    self._values.setdefault(name, {})[path] = value

    def text(self, node: ast.expr | None, path: Path) -> str | None:
        """Return the text that `node` stands for in a module, or None."""
        match node:
            case ast.Constant(value=str(text)):
                return text
            case ast.Name(id=name):
                value = self._find(name, path)
                if isinstance(value, ast.expr):
                    return self.text(value, path)
                known = getattr(homeassistant.const, name, None)
                return known if isinstance(known, str) else None
        return None

    def texts(self, node: ast.expr | None, path: Path) -> tuple[str, ...] | None:
        """Return the texts in a collection (keys, for a dictionary), or None."""
        match node:
            case ast.Tuple(elts=items) | ast.List(elts=items) | ast.Set(elts=items):
                return self._all(items, path)
            case ast.Dict(keys=keys):
                return self._all(keys, path)
            case ast.Name(id=name):
                value = self._find(name, path)
                return (
                    _members(value) if isinstance(value, ast.ClassDef) else self.texts(value, path)
                )
            case ast.Call(func=func, args=args) if called(node) in _KEEPING:
                inner = next(iter(args), None) or (
                    func.value if isinstance(func, ast.Attribute) else None
                )
                if called(node) == "values":
                    return self._dictionary_values(inner, path)
                return self.texts(inner, path)
        return None

    def call(self, node: ast.expr | None, path: Path) -> ast.Call | None:
        """Return the call that made what `node` stands for, or None."""
        if isinstance(node, ast.Name):
            value = self._find(node.id, path)
            node = value if isinstance(value, ast.expr) else None
        return node if isinstance(node, ast.Call) else None

    def _find(self, name: str, path: Path) -> ast.expr | ast.ClassDef | None:
        """Return what a name stands for: in its own module, else where it is defined."""
        places = self._values.get(name, {})
        return places.get(path) or next(iter(places.values()), None)

    def _all(
        self, items: list[ast.expr] | list[ast.expr | None], path: Path
    ) -> tuple[str, ...] | None:
        found: list[str | None] = []
        for item in items:
            if isinstance(item, ast.Starred):
                found += self.texts(item.value, path) or (None,)
            else:
                found.append(self.text(item, path))
        return None if None in found else tuple(text for text in found if text is not None)

    def _dictionary_values(self, node: ast.expr | None, path: Path) -> tuple[str, ...] | None:
        if isinstance(node, ast.Name):
            value = self._find(node.id, path)
            node = value if isinstance(value, ast.expr) else None
        return self._all(node.values, path) if isinstance(node, ast.Dict) else None


def called(node: ast.AST) -> str:
    """Return the last name of what a call calls: `Metric` for `metric.Metric[X](...)`."""
    func = node.func if isinstance(node, ast.Call) else None
    if isinstance(func, ast.Subscript):
        func = func.value
    if isinstance(func, ast.Attribute):
        return func.attr
    return func.id if isinstance(func, ast.Name) else ""


def keyword(node: ast.Call, name: str) -> ast.expr | None:
    """Return the argument that a call passes by this name, or None."""
    return next((word.value for word in node.keywords if word.arg == name), None)


def _assigned(statement: ast.stmt) -> list[tuple[str, ast.expr | ast.ClassDef]]:
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            return [(name, value)]
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            return [(name, value)]
        case ast.ClassDef(name=name):
            return [(name, statement)]
    return []


def _members(node: ast.ClassDef) -> tuple[str, ...] | None:
    """Return the values of an enumeration of texts."""
    if not any(ast.unparse(base).endswith("StrEnum") for base in node.bases):
        return None
    values = [value for statement in node.body for _, value in _assigned(statement)]
    texts = [v.value for v in values if isinstance(v, ast.Constant) and isinstance(v.value, str)]
    return tuple(texts) if len(texts) == len(values) else None
