"""Where things lie in the checkout."""

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[3]
FOLDER: Final = ROOT / ".demo"
"""The configuration folder of Home Assistant."""
INTEGRATION: Final = ROOT / "custom_components" / "energy_hub"
LOCK: Final = ROOT / ".tools" / "demo.lock"
HOME_ASSISTANT_LOG: Final = FOLDER / "home-assistant.log"
MEMORY: Final = FOLDER / "demo.json"
