"""How a SUN2000 writes a value: words, types, gains, and what stands for "not available".

Source of the rules: Huawei, Solar Inverter Modbus Interface Definitions, Issue 05, by way
of published drivers that agree on them. Big endian, most significant word first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

WORD: Final = 0xFFFF


class Type(Enum):
    """Type of a register: its words, whether it is signed."""

    U16 = (1, False)
    I16 = (1, True)
    U32 = (2, False)
    I32 = (2, True)

    @property
    def words(self) -> int:
        """How many words a value takes."""
        return self.value[0]

    @property
    def signed(self) -> bool:
        """Whether a value is in two's complement."""
        return self.value[1]


@dataclass(frozen=True, slots=True)
class Register:
    """One number in the register map; its physical value is the raw one over `gain`."""

    address: int
    type: Type
    gain: int = 1
    bits: bool = False
    """A field of bits has no value that stands for "not available"."""

    def decode(self, words: Sequence[int]) -> float | None:
        """Return the value that stands in the first words; None where it is not available."""
        raw = 0
        for word in words[: self.type.words]:
            raw = raw << 16 | word
        size = 16 * self.type.words
        highest = (1 << size - 1) - 1 if self.type.signed else (1 << size) - 1
        if raw == highest and not self.bits:
            return None
        if self.type.signed and raw > highest:
            raw -= 1 << size
        return raw if self.gain == 1 else raw / self.gain

    def encode(self, value: float) -> list[int]:
        """Return the words of a value; raises OverflowError when it does not fit."""
        raw = round(value * self.gain)
        content = raw.to_bytes(2 * self.type.words, "big", signed=self.type.signed)
        return [int.from_bytes(content[place : place + 2]) for place in range(0, len(content), 2)]


@dataclass(frozen=True, slots=True)
class Block:
    """Registers that one request reads together."""

    address: int
    count: int
    registers: Mapping[str, Register]

    def decode(self, words: Sequence[int]) -> dict[str, float | None]:
        """Return every value of the block by name.

        Raises ValueError when all words are 0xFFFF, which is how some proxies and energy
        managers answer for a part that they do not reach.
        """
        if all(word == WORD for word in words):
            raise ValueError(f"block {self.address} holds nothing")
        return {
            name: register.decode(words[register.address - self.address :])
            for name, register in self.registers.items()
        }


def text(words: Sequence[int]) -> str | None:
    """Return the text in a field: two characters a word, ended by the first NUL."""
    raw = b"".join(word.to_bytes(2, "big") for word in words)
    return raw.split(b"\0", 1)[0].decode("ascii", errors="replace").strip() or None
