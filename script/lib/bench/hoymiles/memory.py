"""How much memory this process holds."""

import ctypes
import gc
from pathlib import Path
import resource
import tracemalloc


def allocated_bytes() -> int:
    """Return what is allocated and still in use of all that was since the first call."""
    if not tracemalloc.is_tracing():
        tracemalloc.start()
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


def resident_bytes() -> int:
    """Return the resident memory, after what is free was given back."""
    gc.collect()
    ctypes.CDLL("libc.so.6").malloc_trim(0)
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize()
