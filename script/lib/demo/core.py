"""Home Assistant as a program."""

from pathlib import Path
import sys

from .child import Child


def home_assistant(folder: Path) -> Child:
    """Return a Home Assistant with this configuration folder."""
    options = ["-c", str(folder), "--skip-pip", "--log-no-color"]
    command = [sys.executable, "-P", "-m", "homeassistant", *options]
    return Child("Home Assistant", command, folder / "console.log")
