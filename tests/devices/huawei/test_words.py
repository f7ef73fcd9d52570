"""Numbers that stand for words."""

import pytest

from custom_components.energy_hub.devices.huawei.words import (
    ALARM_OPTIONS,
    STATUS,
    alarms,
    word,
)


@pytest.mark.parametrize(
    ("number", "means"),
    [(0x0200, "on_grid"), (0xA000, "no_irradiation"), (0x1234, None), (None, None)],
)
def test_status(number: float | None, means: str | None) -> None:
    assert word(STATUS, number) == means


@pytest.mark.parametrize(
    ("fields", "on"),
    [
        ((0, 0, 0), []),
        ((1, 0, 0), ["a2001"]),
        ((0x8000, 0, 0), ["a2040"]),
        ((0, 1 << 7, 1 << 13), ["a61440", "a2003"]),
        ((None, 0, 0), None),
    ],
)
def test_alarms(
    fields: tuple[float | None, float | None, float | None], on: list[str] | None
) -> None:
    assert alarms(*fields) == on


def test_every_bit_has_its_alarm() -> None:
    everything = alarms(0xFFFF, 0xFFFF, 0xFFFF)
    assert everything == list(ALARM_OPTIONS[1:])
    assert len(set(ALARM_OPTIONS)) == 49
