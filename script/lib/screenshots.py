"""Takes the screenshots of the manual from a running demo."""

from argparse import ArgumentParser
import asyncio
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
import shutil
import sys
from typing import Final

from aiohttp import ClientError, ClientSession
from PIL import Image
from playwright.async_api import Page, async_playwright

from .demo.api import HomeAssistant
from .demo.paths import ROOT
from .demo.ports import HOST

_IMAGES: Final = ROOT / "docs" / "images"
_WIDTH: Final = 1400
_ANIMATION_MS: Final = 2000
"""Charts and dialogs move until then."""

# Charts take the height of a line from the width of this character, for which a machine
# without Chinese fonts has a narrow box: they would cut their labels off.
_LINE_HEIGHT: Final = r"""
const measure = CanvasRenderingContext2D.prototype.measureText;
CanvasRenderingContext2D.prototype.measureText = function (text) {
  return text === "国" ? { width: parseFloat(this.font.match(/[\d.]+px/)) } : measure.call(this, text);
};
"""


@dataclass(frozen=True, slots=True)
class Shot:
    """A page: its path ({device} is the P1 meter's id), and what it shows once it is complete."""

    path: str
    complete: str
    height: int = 1000
    click: str | None = None
    """What stands in between and wants to be clicked."""


SHOTS: Final = {
    "p1-device": Shot("/config/devices/device/{device}", "text=Grid power", height=1510),
    "energy-dashboard": Shot("/energy", "hui-energy-usage-graph-card canvas"),
    "add-menu": Shot(
        "/config/integrations/dashboard/add?domain=energy_hub",
        "text=Fluvius P1 meter",
        click="ha-button:has-text('OK')",
    ),
}


@dataclass(frozen=True, slots=True)
class Running:
    """The running demo: its address, the time zone of its home, the id of its P1 meter."""

    address: str
    zone: str
    device: str


def main() -> int:
    """Take them; return 1 when no demo is running."""
    parser = ArgumentParser(prog="script/screenshots", description=__doc__)
    parser.add_argument("--port", type=int, default=8123, help="of the demo (default: 8123)")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(SHOTS)}")
    options = parser.parse_args()
    try:
        demo = asyncio.run(_look_up(f"http://{HOST}:{options.port}"))
    except ClientError as error:
        print(f"screenshots: no demo on port {options.port}, start script/demo first ({error})")
        return 1
    asyncio.run(_take(demo, options.names or list(SHOTS)))
    return 0


async def _look_up(address: str) -> Running:
    async with ClientSession() as session:
        home = HomeAssistant(session, address)
        await home.log_in()
        zone = (await home.get("/api/config"))["time_zone"]
        devices = await home.command("config/device_registry/list")
    meters = (one["id"] for one in devices if one["manufacturer"] == "Fluvius")
    return Running(address, zone, next(meters))


async def _take(demo: Running, names: list[str]) -> None:
    async with async_playwright() as playwright:
        # Without a sandbox, so that it starts as root too; it only sees our own pages.
        browser = await playwright.chromium.launch(
            executable_path=_browser(), args=["--no-sandbox"]
        )
        context = await browser.new_context(
            base_url=demo.address,
            locale="en-GB",
            timezone_id=demo.zone,
            reduced_motion="reduce",
        )
        await context.add_init_script(_LINE_HEIGHT)
        page = await context.new_page()
        # The log-in without questions leads back to a page, but not to what it was asked to show.
        await page.goto("/")
        await page.locator("ha-sidebar").wait_for()
        for name in names:
            await _open(page, SHOTS[name], demo)
            _save(await page.screenshot(), _IMAGES / f"{name}.png")
        await browser.close()


async def _open(page: Page, shot: Shot, demo: Running) -> None:
    await page.goto(shot.path.format(device=demo.device))
    if shot.click:
        await page.locator(shot.click).first.click()
    await page.locator(shot.complete).first.wait_for()
    # Charts measure their labels once, perhaps before the page's font is there; once it is,
    # a new width lets them do it again.
    await page.evaluate("document.fonts.ready.then(() => true)")
    for width in (_WIDTH - 20, _WIDTH):
        await page.set_viewport_size({"width": width, "height": shot.height})
        await page.wait_for_timeout(_ANIMATION_MS)


def _browser() -> str | None:
    """Return what script/setup --browser brought, otherwise what the machine has."""
    ours = ROOT / ".tools" / "chromium"
    return str(ours) if ours.exists() else shutil.which("chromium")


def _save(png: bytes, path: Path) -> None:
    """Save it with 256 colours, which shows no difference on pages and a third of the size."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.open(BytesIO(png)).convert("RGB").quantize(256, dither=Image.Dither.NONE).save(
        path, optimize=True
    )
    print(f"screenshots: {path.relative_to(ROOT)}, {path.stat().st_size // 1024} kB")


if __name__ == "__main__":
    sys.exit(main())
