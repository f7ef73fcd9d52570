"""Lists that Home Assistant fixes."""

from typing import Final

# The rules of the Integration Quality Scale, all tiers.
QUALITY_RULES: Final = frozenset(
    {
        "action-exceptions",
        "action-setup",
        "appropriate-polling",
        "async-dependency",
        "brands",
        "common-modules",
        "config-entry-unloading",
        "config-flow",
        "config-flow-test-coverage",
        "dependency-transparency",
        "devices",
        "diagnostics",
        "discovery",
        "discovery-update-info",
        "docs-actions",
        "docs-conditions",
        "docs-configuration-parameters",
        "docs-data-update",
        "docs-examples",
        "docs-high-level-description",
        "docs-installation-instructions",
        "docs-installation-parameters",
        "docs-known-limitations",
        "docs-removal-instructions",
        "docs-supported-devices",
        "docs-supported-functions",
        "docs-triggers",
        "docs-troubleshooting",
        "docs-use-cases",
        "dynamic-devices",
        "entity-category",
        "entity-device-class",
        "entity-disabled-by-default",
        "entity-event-setup",
        "entity-translations",
        "entity-unavailable",
        "entity-unique-id",
        "exception-translations",
        "has-entity-name",
        "icon-translations",
        "inject-websession",
        "integration-owner",
        "log-when-unavailable",
        "parallel-updates",
        "reauthentication-flow",
        "reconfiguration-flow",
        "repair-issues",
        "runtime-data",
        "stale-devices",
        "strict-typing",
        "test-before-configure",
        "test-before-setup",
        "test-coverage",
        "unique-config-entry",
    }
)

# Reasons of an abort that Home Assistant translates itself.
CENTRAL_ABORTS: Final = frozenset(
    {
        "already_in_progress",
        "no_devices_found",
        "reauth_successful",
        "reconfigure_successful",
        "single_instance_allowed",
    }
)

# How a file of translations may be built: ANY stands for keys of ours, TEXT for a text.
ANY: Final = "*"
TEXT: Final = None

type Shape = dict[str, Shape] | None

_TEXTS: Final[Shape] = {ANY: TEXT}
_SECTION: Final[Shape] = {
    "name": TEXT,
    "description": TEXT,
    "data": _TEXTS,
    "data_description": _TEXTS,
}
_STEP: Final[Shape] = {
    "title": TEXT,
    "description": TEXT,
    "data": _TEXTS,
    "data_description": _TEXTS,
    "sections": {ANY: _SECTION},
    "menu_options": _TEXTS,
    "menu_option_descriptions": _TEXTS,
    "submit": TEXT,
}
_FLOW: Final[dict[str, Shape]] = {
    "step": {ANY: _STEP},
    "abort": _TEXTS,
    "error": _TEXTS,
    "flow_title": TEXT,
    "create_entry": _TEXTS,
    "progress": _TEXTS,
    "initiate_flow": _TEXTS,
}
_FIELD: Final[Shape] = {"name": TEXT, "description": TEXT, "example": TEXT}
_ACTION: Final[Shape] = {
    "name": TEXT,
    "description": TEXT,
    "fields": {ANY: _FIELD},
    "sections": {ANY: {"name": TEXT, "description": TEXT}},
}
_ENTITY: Final[Shape] = {
    "name": TEXT,
    "state": _TEXTS,
    "state_attributes": {ANY: {"name": TEXT, "state": _TEXTS}},
    "unit_of_measurement": TEXT,
}
TRANSLATION: Final[Shape] = {
    "title": TEXT,
    "config": _FLOW,
    "options": _FLOW,
    "config_subentries": {ANY: {**_FLOW, "entry_type": TEXT}},
    "entity": {ANY: {ANY: _ENTITY}},
    "device": {ANY: {"name": TEXT}},
    "exceptions": {ANY: {"message": TEXT}},
    "issues": {ANY: {"title": TEXT, "description": TEXT, "fix_flow": _FLOW, "short_title": TEXT}},
    "services": {ANY: _ACTION},
    "triggers": {ANY: _ACTION},
    "conditions": {ANY: _ACTION},
    "selector": {
        ANY: {
            "options": _TEXTS,
            "fields": {ANY: {"name": TEXT, "description": TEXT}},
            "unit_of_measurement": _TEXTS,
        }
    },
    "system_health": {"info": _TEXTS},
    "device_automation": {ANY: _TEXTS},
    "common": _TEXTS,
}
ICONS: Final[Shape] = {
    "entity": {
        ANY: {
            ANY: {
                "default": TEXT,
                "state": _TEXTS,
                "range": _TEXTS,
                "state_attributes": {ANY: {"default": TEXT, "state": _TEXTS, "range": _TEXTS}},
            }
        }
    },
    "services": {ANY: {"service": TEXT, "sections": _TEXTS}},
    "triggers": {ANY: {"trigger": TEXT}},
    "conditions": {ANY: {"condition": TEXT}},
    "config": {"step": {ANY: {"sections": _TEXTS}}},
    "options": {"step": {ANY: {"sections": _TEXTS}}},
}
