"""One life of a Home Assistant that imports ten years, in a process of its own, until killed."""

import asyncio
from pathlib import Path

from ..bench.core import running
from ..bench.forecast.importing import async_house, async_import
from ..bench.probe import Probe


def live(folder: Path) -> None:
    """Go on with the import of a folder, or begin it; ends when it is over."""
    asyncio.run(_live(folder))


async def _live(folder: Path) -> None:
    async with running(folder, Probe()) as core:
        entry = await async_house(core.hass)
        imports = entry.runtime_data.imports
        if not imports.known:
            await async_import(core.hass, entry)
        (folder / "living").touch()
        await asyncio.gather(*imports.running.values())
        (folder / "over").write_text(str(imports.over), encoding="utf-8")
