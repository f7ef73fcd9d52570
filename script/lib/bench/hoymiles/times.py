"""The moments of the simulated day."""

from datetime import UTC, datetime, timedelta
from typing import Final

START: Final = datetime(2026, 6, 17, 10, 2, tzinfo=UTC)
"""About noon: the day behind it has many samples."""
STEP: Final = timedelta(minutes=5)
"""How often there is something new."""
