"""What of an ECU helps to understand a problem: its documents, without whose they are."""

from typing import Any, Final

from homeassistant.components.diagnostics import async_redact_data

from .documents import Documents
from .homevolt import Homevolt

_REDACTED: Final = {
    "area_code",
    "bssid",
    "cell_id",
    "ecu_host",
    "ecu_id",
    "efr_id",
    "euid",
    "iccid",
    "imei",
    "imsi",
    "ip",
    "operator",
    "operator_name",
    "pan_id",
    "serial_number",
    "ssid",
}


def about(documents: Documents, data: Homevolt, digits: int | None) -> dict[str, Any]:
    """Return the documents as they came, redacted, and how each of them fares.

    The parameters stay away: keys of the maker are among them.
    """
    shown = (documents.ems, documents.plan, documents.status, documents.report)
    return {
        "ecus_known": len(data.cluster.known),
        "ecus_speaking": len(data.cluster.ecus),
        "clamps": [one.function for one in data.cluster.clamps],
        "digits_per_amp": digits,
        "documents": {
            one.path.partition("?")[0]: {"failures": one.failures, "missing": one.missing}
            for one in documents.all
        },
        "raw": {one.path: async_redact_data(one.raw, _REDACTED) for one in shown},
    }
