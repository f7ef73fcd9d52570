"""Who may come in, and what is too much."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EnrgConfig:
    """The platform. The credential opens nothing."""

    credential: str = "demo-installer-4711"
    token_s: int = 365 * 86_400
    most_devices: int = 200
    """More in one message are too large."""
    retry_after_s: int = 90
