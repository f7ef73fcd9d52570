"""What is done before anything is started."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
import fcntl
import shutil

from .config_files import write_config
from .memory import House, Memory, new_house
from .options import Options
from .paths import FOLDER, LOCK, MEMORY
from .place import Place, machine_place, noon_place
from .ports import is_free
from .say import DemoError


@contextmanager
def alone() -> Iterator[None]:
    """Hold the checkout for one demo; raises DemoError when another one runs in it."""
    LOCK.parent.mkdir(exist_ok=True)
    with LOCK.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise DemoError("a demo of this checkout is running already") from error
        yield


def prepare(options: Options) -> tuple[Memory, Place]:
    """Write the configuration folder; return what is remembered and where the home stands.

    Raises DemoError when the port of the page is taken, or .demo does not suit the options.
    """
    if not is_free(options.port):
        raise DemoError(
            f"port {options.port} is in use, perhaps by another Home Assistant. "
            "Choose another one with --port."
        )
    if options.fresh and FOLDER.exists():
        shutil.rmtree(FOLDER)
    FOLDER.mkdir(exist_ok=True)
    memory = Memory.load(MEMORY)
    now = datetime.now(UTC)
    if options.simulator:
        memory.house = house(options, memory.house, now)
        memory.save(MEMORY)
    # Devices of somebody's own stand where the machine stands.
    place = memory.house.place if options.simulator and memory.house else machine_place(now)
    write_config(FOLDER, place, options.port)
    return memory, place


def house(options: Options, known: House | None, now: datetime) -> House:
    """Return the house of earlier starts, or a new one; raises DemoError when it is elsewhere."""
    if known is None:
        return new_house(machine_place(now) if options.here else noon_place(now), now)
    if options.here and known.place.zone != machine_place(now).zone:
        raise DemoError(
            f"the house of .demo stands in the time zone {known.place.zone}; "
            "to build a new one here, add --fresh"
        )
    return known
