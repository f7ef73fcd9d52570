"""Descriptions of actions, triggers and conditions."""

from pathlib import Path

import pytest

from .checkout import EN, HUB, ICONS, Defect, assert_found, services, write

ACTION = "do_it:\n  fields:\n    power:\n      selector:\n        number: { min: 0, max: 10 }\n"


def undescribed(copy: Path) -> None:
    """Register actions without describing any."""
    (copy / HUB / "services.yaml").unlink()


DEFECTS: dict[str, Defect] = {
    # Actions.
    "action: not described": (
        undescribed,
        f"{HUB}/services.yaml",
        "file",
        "describe",
    ),
    "action: name": (services(ACTION), EN, "services.do_it.name", "missing"),
    "action: field": (services(ACTION), EN, "services.do_it.fields.power.description", "missing"),
    "action: icon": (services(ACTION), ICONS, "services.do_it.service", "missing"),
    "action: selector": (
        services(ACTION.replace("number", "numberr")),
        f"{HUB}/services.yaml",
        "do_it.fields.power.selector",
        "not valid",
    ),
    "action: selector missing": (
        services("do_it:\n  fields:\n    power:\n      required: true\n"),
        f"{HUB}/services.yaml",
        "do_it.fields.power",
        "selector",
    ),
    "action: section": (
        services("do_it:\n  fields:\n    more:\n      fields: {}\n"),
        EN,
        "services.do_it.sections.more.name",
        "missing",
    ),
    "action: options": (
        services(
            "do_it:\n  fields:\n    mode:\n      selector:\n        select:\n"
            "          options: [fast]\n          translation_key: speed\n"
        ),
        EN,
        "selector.speed.options.fast",
        "missing",
    ),
    "trigger: name": (write(f"{HUB}/triggers.yaml", "t: {}"), EN, "triggers.t.name", "missing"),
}


@pytest.mark.parametrize("defect", DEFECTS.values(), ids=DEFECTS)
def test_finds(copy: Path, defect: Defect) -> None:
    assert_found(copy, defect)
