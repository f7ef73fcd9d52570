"""The meter on a serial adapter: a pty behind a link that stays the same when replugged."""

import asyncio
from fcntl import ioctl
import os
from pathlib import Path
import struct
import tempfile
import termios
import tty
from typing import override

from .outlet import Outlet

_PIECE = 62
"""Bytes that an FTDI adapter hands over at a time."""
_UNREAD = 4000
"""A pty holds 4095 bytes; a serial driver drops what nobody reads, so does this adapter."""


class SerialAdapter(Outlet):
    """A raw pty; closing it is pulling the adapter out of the machine."""

    def __init__(self) -> None:
        """Make an adapter that is not plugged in."""
        self._folder = tempfile.TemporaryDirectory(prefix="p1-")
        self.path = Path(self._folder.name) / "usb-p1"
        self._ours: int | None = None
        self._theirs: int | None = None

    @override
    async def open(self) -> None:
        if self._ours is None:
            self._ours, self._theirs = os.openpty()
            tty.setraw(self._theirs)
            os.set_blocking(self._ours, False)
            self.path.symlink_to(os.ttyname(self._theirs))

    @override
    async def close(self) -> None:
        if self._ours is not None and self._theirs is not None:
            self.path.unlink()
            os.close(self._ours)
            os.close(self._theirs)
            self._ours = self._theirs = None

    @override
    def reset(self) -> None:
        """Do nothing: a serial line has no connection that could be reset."""

    @override
    async def send(self, data: bytes) -> None:
        for start in range(0, len(data), _PIECE):
            if self._ours is None or self._theirs is None:
                return
            if _waiting(self._theirs) > _UNREAD:
                termios.tcflush(self._theirs, termios.TCIFLUSH)
            try:
                os.write(self._ours, data[start : start + _PIECE])
            except BlockingIOError:
                # The kernel holds more behind the line's own 4095 bytes, which it counts late.
                termios.tcflush(self._theirs, termios.TCIFLUSH)
            await asyncio.sleep(0)

    def remove(self) -> None:
        """Remove the link's folder, when the adapter is not needed any more."""
        self._folder.cleanup()


def _waiting(line: int) -> int:
    (count,) = struct.unpack("i", ioctl(line, termios.FIONREAD, b"\0" * 4))
    return int(count)
