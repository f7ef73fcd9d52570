"""Draw the brand images that Home Assistant and HACS show, from the SVG files."""

from pathlib import Path
from typing import Final, Literal

from playwright.sync_api import ViewportSize, sync_playwright

_ROOT: Final = Path(__file__).parent.parent.parent
_SOURCE: Final = _ROOT / "docs" / "brand"
_TARGET: Final = _ROOT / "custom_components" / "energy_hub" / "brand"
# Image -> drawing, width and height in pixels, and the theme it is meant for.
_IMAGES: Final[dict[str, tuple[str, int, int, Literal["light", "dark"]]]] = {
    "icon.png": ("icon.svg", 256, 256, "light"),
    "icon@2x.png": ("icon.svg", 512, 512, "light"),
    "logo.png": ("logo.svg", 780, 160, "light"),
    "logo@2x.png": ("logo.svg", 1560, 320, "light"),
    "dark_logo.png": ("logo.svg", 780, 160, "dark"),
    "dark_logo@2x.png": ("logo.svg", 1560, 320, "dark"),
}


def main() -> None:
    """Write all images, and say which."""
    _TARGET.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_ROOT / ".tools" / "chromium")
        for name, (drawing, width, height, theme) in _IMAGES.items():
            size: ViewportSize = {"width": width, "height": height}
            page = browser.new_page(viewport=size, color_scheme=theme)
            page.goto((_SOURCE / drawing).as_uri())
            page.screenshot(path=_TARGET / name, omit_background=True)
            page.close()
            print(f"brand: {name} {width}x{height}")
        browser.close()


if __name__ == "__main__":
    main()
