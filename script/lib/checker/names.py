"""What the code shows to people by a key: entities, errors, steps, repairs."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
import re
from typing import Final

from .constants import Constants, called, keyword
from .tree import Path_, Tree

_FORM_MODULES: Final = {"config_flow", "flow", "flow_base", "options"}
_MARKERS: Final = {"Required", "Optional", "Inclusive", "Exclusive"}


@dataclass(frozen=True, slots=True)
class Entity:
    """An entity that a table of metrics or a description declares."""

    platform: str
    key: str
    options: tuple[str, ...] | None
    has_device_class: bool
    file: Path


@dataclass(slots=True)
class Names:
    """All that was found; a text is the place it must have in a translation file."""

    entities: list[Entity] = field(default_factory=list)
    texts: dict[Path_, Path] = field(default_factory=dict)
    given: dict[Path_, set[str]] = field(default_factory=dict)
    fields: dict[str, Path] = field(default_factory=dict)
    repairs: dict[str, bool] = field(default_factory=dict)
    fix_steps: set[str] = field(default_factory=set)
    fix_aborts: set[str] = field(default_factory=set)
    unreadable: list[tuple[Path, int, str]] = field(default_factory=list)


def collect(tree: Tree) -> Names:
    """Return what the modules of a checkout show to people."""
    names = Names()
    constants = Constants(tree)
    step_arguments = _step_arguments(tree)
    for path, module in tree.modules.items():
        for node, flow in _statements(module):
            reader = _Reader(names, constants, path, flow, step_arguments)
            match node:
                case ast.Call():
                    reader.call(node)
                case ast.Assign():
                    reader.assignment(node)
                case ast.ClassDef(name=name) if name.endswith("Error"):
                    reader.error_class(node)
                case ast.Return(value=ast.Dict() as figures) if path.stem == "system_health":
                    reader.health(figures)
    return names


@cache
def _statements(module: ast.Module) -> Sequence[tuple[ast.AST, str]]:
    """Return what `collect` looks at in a module."""
    looked_at = ast.Call | ast.Assign | ast.ClassDef | ast.Return
    return [(node, flow) for node, flow in _walk(module, "") if isinstance(node, looked_at)]


def _walk(node: ast.AST, flow: str) -> Iterator[tuple[ast.AST, str]]:
    """Yield all nodes, each with the section of the texts that its class belongs to."""
    for child in ast.iter_child_nodes(node):
        below = _flow_of(child) if isinstance(child, ast.ClassDef) else flow
        yield child, below
        yield from _walk(child, below)


def _flow_of(node: ast.ClassDef) -> str:
    bases = " ".join(ast.unparse(base) for base in node.bases)
    # The class of a part does not say which part it is of: its fields are checked, not its steps.
    for part, flow in (
        ("SubentryFlow", ""),
        ("OptionsFlow", "options"),
        ("RepairsFlow", "fix"),
        ("Flow", "config"),
    ):
        if part in bases:
            return flow
    return ""


def _step_arguments(tree: Tree) -> dict[str, int]:
    """Return, for own functions that take a `step_id`, which argument that is."""
    found: dict[str, int] = {}
    for module in tree.modules.values():
        found |= _steps_of(module)
    return found


@cache
def _steps_of(module: ast.Module) -> Mapping[str, int]:
    found = {}
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            arguments = [a.arg for a in node.args.args if a.arg != "self"]
            if "step_id" in arguments:
                found[node.name] = arguments.index("step_id")
    return found


@dataclass(slots=True)
class _Reader:
    """Reads single statements of one module."""

    names: Names
    constants: Constants
    path: Path
    flow: str
    step_arguments: dict[str, int]

    def call(self, node: ast.Call) -> None:
        """Read a call: of a metric, an error, a form, a repair ..."""
        name = called(node)
        if name.endswith("Metric"):
            self._metric(node, _platform(name.removesuffix("Metric")))
        elif name == "async_create_issue":
            self._repair(node)
        elif name == "SelectSelectorConfig":
            self._selector(node)
        elif keyword(node, "translation_key") is not None:
            self._translated(node, name)
        elif name in _MARKERS and self.path.stem in _FORM_MODULES and node.args:
            self._field(node.args[0])
        self._form(node, name)

    def assignment(self, node: ast.Assign) -> None:
        """Read `errors = {...}` and `errors["base"] = ...` of a flow."""
        target = ast.unparse(node.targets[0])
        if self.flow and re.match(r"errors(\[|$)", target):
            values = node.value.values if isinstance(node.value, ast.Dict) else [node.value]
            for value in values:
                self._need("config" if self.flow == "fix" else self.flow, "error", node=value)

    def error_class(self, node: ast.ClassDef) -> None:
        """Read the `key` of an error that flows and coordinators share.

        What a coordinator defines for itself never shows on a form.
        """
        for statement in node.body:
            match statement:
                case ast.Assign(targets=[ast.Name(id="key")], value=value):
                    self._need("exceptions", node=value, end="message")
                    if self.path.stem != "coordinator":
                        self._need("config", "error", node=value)

    def health(self, figures: ast.Dict) -> None:
        """Read the names of the figures on the page of system health."""
        for key in figures.keys:
            self._need("system_health", "info", node=key)

    def _field(self, node: ast.expr) -> None:
        if (name := self._text(node)) is not None:
            self.names.fields.setdefault(name, self.path)

    def _text(self, node: ast.expr | None) -> str | None:
        return self.constants.text(node, self.path)

    def _need(self, *section: str, node: ast.expr | None, end: str | None = None) -> Path_ | None:
        """Note that a text is needed at section + key (+ end); returns that place."""
        key = self._text(node)
        if key is None:
            return None
        place = (*section, key) if end is None else (*section, key, end)
        self.names.texts.setdefault(place, self.path)
        return place

    def _metric(self, node: ast.Call, platform: str) -> None:
        # Metrics that differ by a number share a name, which fills the number in.
        first = keyword(node, "name") or (node.args[0] if node.args else keyword(node, "key"))
        key = self._text(first)
        wanted = keyword(node, "options")
        options = self.constants.texts(wanted, self.path)
        kind = self.constants.call(node.args[1] if len(node.args) > 1 else None, self.path)
        if key is None or (wanted is not None and options is None):
            what = "the key of a metric" if key is None else "the options of a metric"
            self.names.unreadable.append((self.path, node.lineno, what))
            return
        known = keyword(node, "device_class") or (kind and keyword(kind, "device_class"))
        # An enumeration has a device class, but no icon of its own.
        has_device_class = known is not None and not ast.unparse(known).endswith(".ENUM")
        entity = Entity(platform, key, options, has_device_class, self.path)
        self.names.entities.append(entity)

    def _repair(self, node: ast.Call) -> None:
        key = self._text(keyword(node, "translation_key"))
        if key is None:
            return
        fixable = keyword(node, "is_fixable")
        self.names.repairs[key] = isinstance(fixable, ast.Constant) and bool(fixable.value)
        self._placeholders(node, ("issues", key))

    def _selector(self, node: ast.Call) -> None:
        key = self._text(keyword(node, "translation_key"))
        for option in self.constants.texts(keyword(node, "options"), self.path) or ():
            if key is not None:
                self.names.texts.setdefault(("selector", key, "options", option), self.path)

    def _translated(self, node: ast.Call, name: str) -> None:
        key = keyword(node, "translation_key")
        if keyword(node, "translation_domain") is not None:
            if place := self._need("exceptions", node=key, end="message"):
                self._placeholders(node, place)
        elif name.endswith("DeviceInfo"):
            self._need("device", node=key, end="name")
        elif name.endswith("EntityDescription"):
            platform = _platform(name.removesuffix("EntityDescription"))
            self._need("entity", platform, node=key, end="name")

    def _form(self, node: ast.Call, name: str) -> None:
        """Read the step, the errors and the abort reason that a flow may show."""
        errors = keyword(node, "fields") if name.endswith("Error") else keyword(node, "errors")
        if isinstance(errors, ast.Dict):
            for value in errors.values:
                self._need(self.flow if self.flow == "options" else "config", "error", node=value)
        if not self.flow:
            return
        step = keyword(node, "step_id")
        if step is None and self.step_arguments.get(name, len(node.args)) < len(node.args):
            step = node.args[self.step_arguments[name]]
        reason = keyword(node, "reason")
        if name == "AbortFlow" and node.args:
            reason = node.args[0]
        if name == "_abort_if_unique_id_configured":
            reason = ast.Constant("already_configured")
        elif name == "_abort_if_unique_id_mismatch" and reason is None:
            reason = ast.Constant("unique_id_mismatch")
        self._step(node, self._text(step), self._text(reason))

    def _step(self, node: ast.Call, step: str | None, reason: str | None) -> None:
        if self.flow == "fix":
            self.names.fix_steps |= {step} if step else set()
            self.names.fix_aborts |= {reason} if reason else set()
            return
        if reason is not None:
            self.names.texts.setdefault((self.flow, "abort", reason), self.path)
        if step is None:
            return
        self.names.texts.setdefault((self.flow, "step", step, "title"), self.path)
        for option in self.constants.texts(keyword(node, "menu_options"), self.path) or ():
            place = (self.flow, "step", step, "menu_options", option)
            self.names.texts.setdefault(place, self.path)

    def _placeholders(self, node: ast.Call, place: Path_) -> None:
        given = self.constants.texts(keyword(node, "translation_placeholders"), self.path)
        if given is not None or keyword(node, "translation_placeholders") is None:
            self.names.given[place] = self.names.given.get(place, set(given or ())) & set(
                given or ()
            )


def _platform(name: str) -> str:
    """Return the platform that the first part of a class's name stands for."""
    return (
        re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower() + "_sensor" * (name == "Binary") or "sensor"
    )
