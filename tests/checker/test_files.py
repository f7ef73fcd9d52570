"""Manifest, hacs.json, quality scale, texts and icons by themselves."""

from pathlib import Path

import pytest

from .checkout import (
    DOMAIN,
    EN,
    HUB,
    ICONS,
    LEVEL,
    MANIFEST,
    NL,
    QUALITY,
    ROOM,
    Defect,
    assert_found,
    code,
    drop,
    put,
    write,
)

DEFECTS: dict[str, Defect] = {
    # manifest.json, hacs.json, quality_scale.yaml
    "manifest: unknown key": (put(MANIFEST, "colour", "red"), MANIFEST, "colour", "no key"),
    "manifest: no version": (drop(MANIFEST, "version"), MANIFEST, "version", "missing"),
    "manifest: bad version": (put(MANIFEST, "version", "one"), MANIFEST, "version", "1.2.3"),
    "manifest: order": (put(MANIFEST, "dhcp", []), MANIFEST, "order", "order the keys"),
    "manifest: iot class": (put(MANIFEST, "iot_class", "x"), MANIFEST, "iot_class", "use one"),
    "manifest: owner": (put(MANIFEST, "codeowners", ["me"]), MANIFEST, "codeowners", "@"),
    "manifest: domain": (put(MANIFEST, "domain", "hub"), MANIFEST, "domain", DOMAIN),
    "manifest: http": (
        put(MANIFEST, "documentation", "http://example.com"),
        MANIFEST,
        "documentation",
        "https",
    ),
    "manifest: library without version": (
        put(MANIFEST, "requirements", ["dsmr-parser"]),
        MANIFEST,
        "requirements",
        "needs a version",
    ),
    "manifest: library not tested": (
        put(MANIFEST, "requirements", ["dsmr-parser==0.1"]),
        MANIFEST,
        "requirements",
        "tests run with",
    ),
    "manifest: no flow": (
        lambda root: (root / HUB / "config_flow.py").unlink(),
        MANIFEST,
        "config_flow",
        "no config_flow.py",
    ),
    "hacs: unknown key": (put("hacs.json", "zip", 1), "hacs.json", "zip", "no key"),
    "hacs: no name": (drop("hacs.json", "name"), "hacs.json", "name", "missing"),
    "hacs: version": (
        put("hacs.json", "homeassistant", "2026"),
        "hacs.json",
        "homeassistant",
        "like",
    ),
    "quality: rule missing": (
        write(QUALITY, "rules:\n  brands: done\n"),
        QUALITY,
        "runtime-data",
        "missing",
    ),
    "quality: unknown rule": (write(QUALITY, "rules:\n  x: done\n"), QUALITY, "x", "no rule"),
    "quality: bad value": (write(QUALITY, "rules:\n  brands: yes\n"), QUALITY, "brands", "done"),
    "quality: exempt without reason": (
        write(QUALITY, "rules:\n  brands:\n    status: exempt\n"),
        QUALITY,
        "brands",
        "comment",
    ),
    # Files that cannot be read.
    "json: broken": (write(f"{HUB}/other.json", "{"), f"{HUB}/other.json", "file", "read"),
    "json: key twice": (
        write(f"{HUB}/other.json", '{"a": 1, "a": 2}'),
        f"{HUB}/other.json",
        "file",
        "twice",
    ),
    "json: no object": (write(f"{HUB}/other.json", "[]"), f"{HUB}/other.json", "file", "object"),
    "yaml: broken": (write(f"{HUB}/other.yaml", "a: ["), f"{HUB}/other.yaml", "file", "read"),
    "yaml: no mapping": (write(f"{HUB}/other.yaml", "- a"), f"{HUB}/other.yaml", "file", "mapping"),
    "python: broken": (code("def"), f"{ROOM}/extra.py", "line 1", "no Python"),
    "language: file missing": (lambda root: (root / NL).unlink(), NL, "file", "missing"),
    # How texts are built.
    "text: unknown key": (put(EN, f"{LEVEL}.colour", "x"), EN, f"{LEVEL}.colour", "no key"),
    "text: unknown top key": (put(EN, "texts", {}), EN, "texts", "no key"),
    "text: no slug": (put(EN, f"{LEVEL}.state.A B", "x"), EN, f"{LEVEL}.state.A B", "small"),
    "text: object": (put(EN, f"{LEVEL}.name", {}), EN, f"{LEVEL}.name", "must be a text"),
    "text: number": (put(EN, f"{LEVEL}.name", 1), EN, f"{LEVEL}.name", "must be a text"),
    "text: empty": (put(EN, f"{LEVEL}.name", " "), EN, f"{LEVEL}.name", "empty"),
    "text: html": (put(NL, f"{LEVEL}.name", "<b>x</b>"), NL, f"{LEVEL}.name", "HTML"),
    "text: address": (put(EN, f"{LEVEL}.name", "https://x"), EN, f"{LEVEL}.name", "address"),
    "text: reference": (put(EN, f"{LEVEL}.name", "[%key:a%]"), EN, f"{LEVEL}.name", "core"),
    "text: apostrophe": (
        put(NL, "exceptions.example_held.message", "l'{name}"),
        NL,
        "exceptions.example_held.message",
        "apostrophe",
    ),
    "text: brace": (put(EN, f"{LEVEL}.name", "{a b}"), EN, f"{LEVEL}.name", "brace"),
    "text: central reason": (
        put(EN, "config.abort.reauth_successful", "x"),
        EN,
        "config.abort.reauth_successful",
        "itself",
    ),
    "text: field not described": (
        put(EN, "config.step.example.data.host", "Host"),
        EN,
        "config.step.example.data_description.host",
        "missing",
    ),
    "language: key missing": (drop(NL, f"{LEVEL}.name"), NL, f"{LEVEL}.name", "translate"),
    "language: key too many": (put(NL, "title_2", "x"), NL, "title_2", "not in en.json"),
    "language: placeholder": (
        put(NL, "exceptions.example_held.message", "Vast door {naam}"),
        NL,
        "exceptions.example_held.message",
        "placeholders",
    ),
    "language: unknown": (
        write(f"{HUB}/translations/it.json", "{}"),
        f"{HUB}/translations/it.json",
        "file",
        "unknown language",
    ),
    # Icons.
    "icon: missing": (drop(ICONS, LEVEL), ICONS, LEVEL, "needs an icon"),
    "icon: none of Material Design": (
        put(ICONS, f"{LEVEL}.default", "hass:gauge"),
        ICONS,
        f"{LEVEL}.default",
        "no icon",
    ),
    "icon: does not exist": (
        put(ICONS, f"{LEVEL}.default", "mdi:gouge-gauge"),
        ICONS,
        f"{LEVEL}.default",
        "no icon",
    ),
    "icon: state as default": (
        put(ICONS, f"{LEVEL}.state", {"low": "mdi:gauge"}),
        ICONS,
        f"{LEVEL}.state.low",
        "equals",
    ),
    "icon: no default": (
        put(ICONS, LEVEL, {"state": {"low": "mdi:gauge"}}),
        ICONS,
        f"{LEVEL}.default",
        "missing",
    ),
    "icon: no entity": (
        put(ICONS, "entity.sensor.example_gone", {"default": "mdi:gauge"}),
        ICONS,
        "entity.sensor.example_gone",
        "no text",
    ),
    "icon: unknown key": (put(ICONS, "colours", {}), ICONS, "colours", "no key"),
}


@pytest.mark.parametrize("defect", DEFECTS.values(), ids=DEFECTS)
def test_finds(copy: Path, defect: Defect) -> None:
    assert_found(copy, defect)
