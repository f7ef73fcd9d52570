"""Texts, icons and descriptions that the code asks for."""

from pathlib import Path

import pytest

from script.lib.checker import check

from .checkout import EN, LEVEL, ROOM, Defect, assert_found, code, drop, put, write

FLOW = "class ExampleFlow(RoomFlow):\n    async def async_step_example(self, user_input=None):\n"

DEFECTS: dict[str, Defect] = {
    # What the code needs.
    "entity: name": (drop(EN, f"{LEVEL}.name"), EN, f"{LEVEL}.name", "missing"),
    "entity: binary sensor": (
        drop(EN, "entity.binary_sensor.example_fault"),
        EN,
        "entity.binary_sensor.example_fault.name",
        "missing",
    ),
    "entity: state": (drop(EN, f"{LEVEL}.state.low"), EN, f"{LEVEL}.state.low", "missing"),
    "entity: state too many": (
        put(EN, f"{LEVEL}.state.middle", "x"),
        EN,
        f"{LEVEL}.state.middle",
        "no option",
    ),
    "entity: unused text": (
        put(EN, "entity.sensor.example_gone", {"name": "x"}),
        EN,
        "entity.sensor.example_gone",
        "no entity",
    ),
    "entity: key not readable": (
        code("METRICS = [Metric(f'l{n}', POWER, None) for n in (1, 2)]\n"),
        f"{ROOM}/extra.py",
        "line 1",
        "written out",
    ),
    "entity: options not readable": (
        code("M = Metric('example_level', STATE, None, options=tuple(find()))\n"),
        f"{ROOM}/extra.py",
        "line 1",
        "written out",
    ),
    "entity: other platform": (
        code("M = NumberMetric('limit', POWER, None)\n"),
        EN,
        "entity.number.limit.name",
        "missing",
    ),
    "entity: description": (
        code("D = ButtonEntityDescription(key='x', translation_key='press')\n"),
        EN,
        "entity.button.press.name",
        "missing",
    ),
    "entity: enumeration": (
        code(
            "class Mode(StrEnum):\n    IDLE = 'idle'\n\n"
            "M = Metric('example_level', STATE, None, options=tuple(Mode))\n"
        ),
        EN,
        f"{LEVEL}.state.idle",
        "missing",
    ),
    "device": (
        code("D = DeviceInfo(translation_key='toaster')\n"),
        EN,
        "device.toaster.name",
        "missing",
    ),
    "exception": (
        code("KEY = 'too_hot'\nraise UpdateFailed(translation_domain=D, translation_key=KEY)\n"),
        EN,
        "exceptions.too_hot.message",
        "missing",
    ),
    "exception: placeholder": (
        code(
            "raise UpdateFailed(translation_domain=D, translation_key='example_held',"
            " translation_placeholders={'other': x})\n"
        ),
        EN,
        "exceptions.example_held.message",
        "{name}",
    ),
    "error class: exception": (
        code("class HotError(DeviceError):\n    key = 'too_hot'\n"),
        EN,
        "exceptions.too_hot.message",
        "missing",
    ),
    "error class: form": (
        code("class HotError(DeviceError):\n    key = 'too_hot'\n"),
        EN,
        "config.error.too_hot",
        "missing",
    ),
    "error of a field": (
        code("raise CannotConnectError(fields={'host': 'no_such_house'})\n"),
        EN,
        "config.error.no_such_house",
        "missing",
    ),
    "flow: step": (
        code(f"{FLOW}        return self.async_show_form(step_id='example')\n", "flow.py"),
        EN,
        "config.step.example.title",
        "missing",
    ),
    "flow: step through a helper": (
        code(f"{FLOW}        return await self.async_device_step('example', S, user_input)\n"),
        EN,
        "config.step.example.title",
        "missing",
    ),
    "flow: menu": (
        code(f"{FLOW}        return self.async_show_menu(step_id='m', menu_options=['one'])\n"),
        EN,
        "config.step.m.menu_options.one",
        "missing",
    ),
    "flow: error": (
        code(f"{FLOW}        errors = {{}}\n        errors['base'] = 'too_hot'\n"),
        EN,
        "config.error.too_hot",
        "missing",
    ),
    "flow: abort": (
        code(f"{FLOW}        return self.async_abort(reason='too_hot')\n"),
        EN,
        "config.abort.too_hot",
        "missing",
    ),
    "flow: field": (
        code("S = vol.Schema({vol.Required('window'): str})\n", "flow.py"),
        EN,
        "config.step.*.data.window",
        "label",
    ),
    "options: step": (
        code(
            "class O(OptionsFlowWithReload):\n    async def async_step_init(self):\n"
            "        return self.async_show_form(step_id='second')\n"
        ),
        EN,
        "options.step.second.title",
        "missing",
    ),
    "issue": (
        code("async_create_issue(h, D, 'i', is_fixable=False, translation_key='wet')\n"),
        EN,
        "issues.wet.description",
        "missing",
    ),
    "issue: fix flow": (
        code("async_create_issue(h, D, 'i', is_fixable=True, translation_key='wet')\n"),
        EN,
        "issues.wet.fix_flow.step.confirm.title",
        "missing",
    ),
    "selector": (
        code("SelectSelectorConfig(options=['fast'], translation_key='speed')\n"),
        EN,
        "selector.speed.options.fast",
        "missing",
    ),
    "system health": (
        write(f"{ROOM}/system_health.py", "def info():\n    return {'speed': 1}\n"),
        EN,
        "system_health.info.speed",
        "missing",
    ),
}


@pytest.mark.parametrize("defect", DEFECTS.values(), ids=DEFECTS)
def test_finds(copy: Path, defect: Defect) -> None:
    assert_found(copy, defect)


def test_readable_code_is_no_problem(copy: Path) -> None:
    """Forms of writing that the checker must understand."""
    before = check(copy)
    code(
        "LOW = 'low'\n"
        "A = Metric('example_level', STATE, None, options=(LOW, 'high'))\n"
        "B = metric.Metric[int](key='example_level', kind=STATE, options=tuple(LEVELS.values()))\n"
    )(copy)
    assert check(copy) == before
