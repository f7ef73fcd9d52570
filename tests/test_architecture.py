"""Who may import whom (docs/architecture.md), and how long files and functions may be.

The import statements are read, not run. `complaint` holds the table; a new module of the
top level must be named here as part of the base or as a door of the house.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
import sys
from typing import Final

import pytest

ROOT: Final = Path(__file__).parent.parent
HUB: Final = "custom_components.energy_hub"
INTEGRATION: Final = ROOT / "custom_components" / "energy_hub"

# What every room may use.
BASE: Final = {
    "actions",
    "command",
    "const",
    "control",
    "coordinator",
    "counter",
    "counters",
    "days",
    "entity",
    "errors",
    "flow_base",
    "identity",
    "memory",
    "metric",
    "periods",
    "planned",
    "reading",
    "rewrite",
    "site",
    "statistics",
}
PURE_BASE: Final = {"command", "counter", "days", "reading"}
# What Home Assistant opens; these reach rooms only through the table in `rooms`.
DOORS: Final = {
    "",
    "binary_sensor",
    "button",
    "calendar",
    "config_flow",
    "diagnostics",
    "energy",
    "enrg_services",
    "history_services",
    "number",
    "plan_services",
    "repairs",
    "rooms",
    "select",
    "sensor",
    "services",
    "switch",
    "system_health",
}
VENDORS: Final = {"dsmr_parser", "homevolt", "pyenphase", "pymodbus", "serialx"}
# Room -> what it may import besides itself and the standard library.
ROOMS: Final = {
    "ledger": PURE_BASE,
    "plan": PURE_BASE | {"ledger.tariff"},
    "house": BASE | {"ledger", "plan"},
    "export": BASE | {"ledger"},
}
PURE_ROOMS: Final = {"ledger", "plan"}


def complaint(module: str, imported: str) -> str | None:
    """Return what is wrong with `module` importing `imported` (absolute names), or None."""
    if module.partition(".")[0] == "simulator":
        return "the simulator knows nothing of the integration" if inside(imported, HUB) else None
    if imported.partition(".")[0] in {"simulator", "tests", "script"}:
        return "the integration is shipped without it"
    here = module.removeprefix(HUB).removeprefix(".")
    if not inside(imported, HUB):
        return _foreign(here, imported)
    return _own(here, imported.removeprefix(HUB).removeprefix("."))


def inside(module: str, package: str) -> bool:
    """Return whether `module` is `package` or a part of it."""
    return module == package or module.startswith(f"{package}.")


def _foreign(here: str, imported: str) -> str | None:
    """Check an import from outside the project."""
    library = imported.partition(".")[0]
    if library in VENDORS and not (here.startswith("devices.") and here.endswith(".client")):
        return "a vendor library belongs into the client.py of its brand"
    pure = here in PURE_BASE or here.partition(".")[0] in PURE_ROOMS
    if pure and library not in sys.stdlib_module_names:
        return "this part is pure: it uses the standard library only"
    return None


def _own(here: str, there: str) -> str | None:
    """Check an import from inside the integration (names relative to it)."""
    room = here.partition(".")[0]
    if here in PURE_BASE:
        return None if there in PURE_BASE else "the pure part of the base uses only itself"
    if here in BASE:
        return None if there in BASE else "the base knows no room and no platform"
    if here in DOORS:
        return None if there in BASE | DOORS else "rooms are reached through rooms.py"
    if room == "devices":
        brand = ".".join(here.split(".")[:2])
        if there in BASE or (brand != room and inside(there, brand)):
            return None
        return "a brand knows the base and itself"
    if room in ROOMS:
        known = any(inside(there, name) for name in {room, *ROOMS[room]})
        return None if known else f"{room} may use itself and {', '.join(sorted(ROOMS[room]))}"
    return "name this module in tests/test_architecture.py: base, door or room?"


def imports(module: str, source: str, *, package: bool, modules: set[str]) -> Iterator[str]:
    """Yield the absolute names of all modules that a module's source imports.

    `from x import y` imports x, or the module x.y where `modules` has one.
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = module.split(".")
                parents = parts[: len(parts) - node.level + package]
                base = ".".join([*parents, base] if base else parents)
            for alias in node.names:
                name = f"{base}.{alias.name}"
                yield name if name in modules else base


def _modules() -> dict[str, Path]:
    """Return all modules of integration and simulator by name."""
    found = {}
    for package in (INTEGRATION, ROOT / "simulator"):
        for path in sorted(package.rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts).removesuffix(".__init__")] = path
    return found


MODULES: Final = _modules()
PYTHON_FILES: Final = [
    *MODULES.values(),
    *sorted((ROOT / "script").rglob("*.py")),
    *sorted((ROOT / "tests").rglob("*.py")),
]


def test_every_import_is_allowed() -> None:
    wrong = []
    for module, path in MODULES.items():
        package = path.name == "__init__.py"
        source = path.read_text(encoding="utf-8")
        wrong += [
            f"{module} imports {name}: {why}"
            for name in imports(module, source, package=package, modules={*MODULES})
            if (why := complaint(module, name))
        ]
    assert wrong == []


@pytest.mark.parametrize(
    ("module", "imported"),
    [
        ("coordinator", "rooms"),
        ("entity", "devices.fluvius"),
        ("site", "house"),
        ("reading", "const"),
        ("reading", "homeassistant.core"),
        ("counter", "voluptuous"),
        ("sensor", "devices.fluvius.metrics"),
        ("config_flow", "devices.fluvius.flow"),
        ("services", "house.coordinator"),
        ("rooms", "devices.fluvius"),
        ("", "devices.fluvius"),
        ("devices", "devices.fluvius"),
        ("devices.fluvius.read", "dsmr_parser.objects"),
        ("devices.huawei.coordinator", "pymodbus"),
        ("coordinator", "serialx"),
        ("devices.fluvius.client", "devices.huawei.client"),
        ("devices.fluvius.client", "devices.fluvius2.client"),
        ("devices.fluvius.flow", "rooms"),
        ("devices.fluvius.flow", "sensor"),
        ("devices.fluvius.coordinator", "house.coordinator"),
        ("devices.fluvius.coordinator", "ledger.quarter"),
        ("ledger.bill", "homeassistant.util.dt"),
        ("ledger.bill", "const"),
        ("ledger.bill", "plan.battery"),
        ("plan.battery", "ledger.bill"),
        ("plan.battery", "aiohttp"),
        ("house.coordinator", "devices.homevolt.act"),
        ("house.coordinator", "export.outbox"),
        ("house.coordinator", "rooms"),
        ("export.enrg", "house.coordinator"),
        ("export.enrg", "plan.forecast"),
        ("sensor", "simulator.world"),
        ("devices.fluvius.client", "tests.conftest"),
        ("helpers", "const"),
        ("simulator.world", "reading"),
    ],
)
def test_forbidden_import_is_found(module: str, imported: str) -> None:
    assert complaint(_absolute(module), _absolute(imported))


@pytest.mark.parametrize(
    ("module", "imported"),
    [
        ("coordinator", "reading"),
        ("coordinator", "homeassistant.core"),
        ("reading", "datetime"),
        ("sensor", "metric"),
        ("repairs", "rooms"),
        ("", "rooms"),
        ("devices.fluvius.client", "dsmr_parser.objects"),
        ("devices.fluvius.flow", "devices.fluvius.client"),
        ("devices.fluvius", "devices.fluvius.coordinator"),
        ("devices.fluvius.flow", "flow_base"),
        ("ledger.bill", "ledger.tariff"),
        ("ledger.bill", "reading"),
        ("plan.battery", "ledger.tariff"),
        ("house.coordinator", "plan.battery"),
        ("house.coordinator", "homeassistant.core"),
        ("export.enrg", "ledger.quarter"),
        ("simulator.world", "aiohttp"),
        ("simulator.world", "simulator.clock"),
    ],
)
def test_allowed_import_is_not_found(module: str, imported: str) -> None:
    assert complaint(_absolute(module), _absolute(imported)) is None


def _absolute(name: str) -> str:
    """Return the absolute name of a module that may be ours, foreign or the simulator's."""
    first = name.partition(".")[0]
    if first in BASE | DOORS | {"devices", "helpers", *ROOMS}:
        return f"{HUB}.{name}".rstrip(".")
    return name


@pytest.mark.parametrize(
    ("statement", "imported"),
    [
        ("import serialx.asyncio", "serialx.asyncio"),
        ("from homeassistant.core import callback", "homeassistant.core"),
        ("from . import client", f"{HUB}.devices.fluvius.client"),
        ("from .client import parse", f"{HUB}.devices.fluvius.client"),
        ("from .. import huawei", f"{HUB}.devices.huawei"),
        ("from ... import rooms", f"{HUB}.rooms"),
        ("from ...house.coordinator import X", f"{HUB}.house.coordinator"),
        ("def f():\n    from ...rooms import ROOMS", f"{HUB}.rooms"),
        ("if TYPE_CHECKING:\n    from ...sensor import X", f"{HUB}.sensor"),
    ],
)
def test_imports_are_read(statement: str, imported: str) -> None:
    module = f"{HUB}.devices.fluvius.flow"
    assert [*imports(module, statement, package=False, modules={imported})] == [imported]


def test_a_package_imports_relative_to_itself() -> None:
    found = imports(f"{HUB}.devices.x", "from .client import A", package=True, modules=set())
    assert [*found] == [f"{HUB}.devices.x.client"]


def test_files_and_functions_are_short() -> None:
    wrong = []
    for path in PYTHON_FILES:
        source = path.read_text(encoding="utf-8")
        name = path.relative_to(ROOT).as_posix()
        if source.count("\n") > 400:
            wrong.append(f"{name} has more than 400 lines: split it")
        wrong += [f"{name}: {function} has more than 60 lines" for function in too_long(source)]
    assert wrong == []


def too_long(source: str, most: int = 60) -> list[str]:
    """Return the names of the functions of more than `most` lines."""
    return [
        node.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= most
    ]


def test_a_long_function_is_found() -> None:
    assert too_long("def f():\n" + "    pass\n" * 60) == ["f"]
    assert too_long("async def f():\n" + "    pass\n" * 59) == []
