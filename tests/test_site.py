"""Where devices and listeners meet."""

from collections.abc import Callable

from custom_components.energy_hub.reading import Reading
from custom_components.energy_hub.site import Site, async_get_site
from homeassistant.core import HomeAssistant


class Device:
    """A source that counts who listens."""

    def __init__(self) -> None:
        self.readings: tuple[Reading, ...] = ()
        self.listeners: list[Callable[[], None]] = []

    def async_add_listener(self, update_callback: Callable[[], None]) -> Callable[[], None]:
        self.listeners.append(update_callback)
        return lambda: self.listeners.remove(update_callback)

    def change(self) -> None:
        for listener in list(self.listeners):
            listener()


def test_a_listener_hears_of_sources_that_are_there_and_of_later_ones() -> None:
    site, early, late = Site(), Device(), Device()
    heard: list[str] = []
    site.register("early", early)
    site.listen(heard.append)
    early.change()
    assert heard == ["early"]
    site.register("late", late)
    late.change()
    assert heard == ["early", "late", "late"]


def test_a_source_that_goes_is_announced_and_let_go() -> None:
    site, device = Site(), Device()
    heard: list[str] = []
    unregister = site.register("a", device)
    site.listen(heard.append)
    unregister()
    assert heard == ["a"]
    assert dict(site.sources) == {}
    assert device.listeners == []


def test_a_listener_that_stops_leaves_nothing_behind() -> None:
    site, device, other = Site(), Device(), Device()
    heard: list[str] = []
    stop = site.listen(heard.append)
    site.register("a", device)
    heard.clear()
    stop()
    device.change()
    site.register("b", other)
    assert heard == []
    assert device.listeners == other.listeners == []


def test_a_listener_keeps_a_source_alive() -> None:
    site, device = Site(), Device()
    site.register("a", device)
    assert device.listeners == []
    stop = site.listen(lambda _entry_id: None)
    assert len(device.listeners) == 1
    stop()
    assert device.listeners == []


def test_there_is_one_site(hass: HomeAssistant) -> None:
    assert async_get_site(hass) is async_get_site(hass)
