"""The address of a gateway as its library wants it."""

from ...flow_base import split_host


def authority(host: str) -> str:
    """Return `host` or `host:port` of what users type; raises InvalidHostError."""
    name, port = split_host(host)
    if ":" in name:
        name = f"[{name}]"
    return name if port is None else f"{name}:{port}"
