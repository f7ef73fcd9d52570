"""The one table of soaks: the name on the command line -> what watches."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Final

from . import enrg_kill, enrg_whole, homevolt_crash, huawei_crash, import_kill
from .diary import Diary

type Soak = Callable[[Path, Diary], Awaitable[list[str]]]
"""Works in a folder that vanishes afterwards, and returns what was wrong."""

SOAKS: Final[Mapping[str, Soak]] = {
    "enrg_kill": enrg_kill.watch,
    "enrg_whole": enrg_whole.watch,
    "homevolt_crash": homevolt_crash.watch,
    "huawei_crash": huawei_crash.watch,
    "import_kill": import_kill.watch,
}
