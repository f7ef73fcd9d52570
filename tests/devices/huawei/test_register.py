"""How numbers stand in registers."""

import pytest

from custom_components.energy_hub.devices.huawei.register import Block, Register, Type, text
from custom_components.energy_hub.devices.huawei.registers import (
    BATTERIES,
    BATTERY,
    ID,
    INVERTER,
    METER,
    METER_STATUS,
    SETTINGS,
    STORAGE_TYPE,
    UNIT1,
    strings_block,
)

BLOCKS = (
    ID,
    INVERTER,
    METER,
    METER_STATUS,
    BATTERY,
    BATTERIES,
    UNIT1,
    SETTINGS,
    STORAGE_TYPE,
    strings_block(2),
    strings_block(24),
)


@pytest.mark.parametrize(
    ("register", "words", "value"),
    [
        (Register(0, Type.U16), [7], 7),
        (Register(0, Type.U16, 10), [2345], 234.5),
        (Register(0, Type.U16), [0xFFFE], 65534),
        (Register(0, Type.I16, 10), [0xFFFF], -0.1),
        (Register(0, Type.I16), [0x8000], -32768),
        (Register(0, Type.U32, 100), [0x0001, 0x0000], 655.36),
        (Register(0, Type.I32), [0xFFFF, 0xFF38], -200),
        (Register(0, Type.I32), [0x0000, 0x00C8, 0x1234], 200),
    ],
)
def test_values(register: Register, words: list[int], value: float) -> None:
    assert register.decode(words) == pytest.approx(value)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (Type.U16, [0xFFFF]),
        (Type.I16, [0x7FFF]),
        (Type.U32, [0xFFFF, 0xFFFF]),
        (Type.I32, [0x7FFF, 0xFFFF]),
    ],
)
def test_not_available_is_unknown(kind: Type, words: list[int]) -> None:
    assert Register(0, kind).decode(words) is None


def test_a_field_of_bits_may_be_all_ones() -> None:
    assert Register(0, Type.U16, bits=True).decode([0xFFFF]) == 0xFFFF


def test_a_block_of_nothing_is_no_answer() -> None:
    with pytest.raises(ValueError, match="holds nothing"):
        METER_STATUS.decode([0xFFFF])


def test_a_block_decodes_each_value_by_itself() -> None:
    block = Block(
        100, 3, {"power_w": Register(100, Type.I32), "voltage": Register(102, Type.U16, 10)}
    )
    assert block.decode([0xFFFF, 0xFF38, 0xFFFF]) == {"power_w": -200, "voltage": None}


@pytest.mark.parametrize("block", BLOCKS)
def test_blocks_hold_their_registers_in_one_request(block: Block) -> None:
    assert 1 <= block.count <= 125
    taken: list[int] = []
    for register in block.registers.values():
        assert block.address <= register.address
        assert register.address + register.type.words <= block.address + block.count
        taken += range(register.address, register.address + register.type.words)
    assert len(taken) == len(set(taken))


@pytest.mark.parametrize(
    ("raw", "expected"),
    [(b"SUN2000-5KTL-L1\0", "SUN2000-5KTL-L1"), (b"AB\0x\xff\xff", "AB"), (b"\0\0", None)],
)
def test_texts_end_at_the_first_nul(raw: bytes, expected: str | None) -> None:
    words = [int.from_bytes(raw[i : i + 2], "big") for i in range(0, len(raw), 2)]
    assert text(words) == expected
