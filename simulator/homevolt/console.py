"""The console: one line in, text out. Of its many verbs only those that somebody could need.

The reply is the echo of the line, what the command prints, and a trailer that says how it went.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from .config import HomevoltConfig
from .faults import HomevoltFault
from .flags import CommandError, Wanted, parse
from .parameters import InvalidParameterError, UnknownParameterError
from .schedule import MANUAL, Entry, Plan, Type, listed
from .state import State

_PROMPT: Final = "ecu-hub-esp32>"
_OFF_W: Final = 500


class Console:
    """Obeys lines."""

    def __init__(
        self, state: State, config: HomevoltConfig, fault: Callable[[HomevoltFault], bool]
    ) -> None:
        """Make the console of one ECU; `fault` tells which switches are on."""
        self._state: Final = state
        self._config: Final = config
        self._fault: Final = fault
        self._verbs: Final[dict[str, Callable[[Sequence[str]], list[str]]]] = {
            "sched_set": lambda words: self._schedule(words, keep=False),
            "sched_add": lambda words: self._schedule(words, keep=True),
            "sched_del": self._delete,
            "sched_clear": lambda _words: self._write(()),
            "sched_list": lambda _words: self._list(),
            "param_get": self._get,
            "param_set": self._set,
            "param_store": lambda _words: self._store(),
            "time": lambda _words: [self._time()],
            "help": lambda _words: [f"{verb} " for verb in self._verbs],
            "reset": lambda _words: self._reboot(),
        }

    def run(self, line: str) -> str:
        """Obey a line; return what the console answers."""
        verb, *words = line.split() or [""]
        if self._fault(HomevoltFault.MUTE):
            return ""
        obey = self._verbs.get(verb)
        if obey is None or self._fault(HomevoltFault.UNRECOGNIZED):
            return f"{_PROMPT}  {line}\nUnrecognized command\n"
        try:
            self._refuse(verb)
            printed = obey(words)
        except CommandError as error:
            return self._reply(line, [str(error)], "returned non-zero error code: 0x1 (ERROR)")
        return self._reply(line, printed, "executed successfully")

    def _reply(self, line: str, printed: list[str], end: str) -> str:
        return "\n".join([f"{_PROMPT}  {line}", *printed, f"Command '{line}' {end}", ""])

    def _refuse(self, verb: str) -> None:
        if self._fault(HomevoltFault.REJECT):
            raise CommandError("Not allowed")
        if self._fault(HomevoltFault.INVALID_OPTION):
            raise CommandError("invalid option '--to'")
        writes = verb in {"sched_set", "sched_add", "sched_del", "sched_clear"}
        if writes and not self._config.lenient and not self._state.parameters.local:
            raise CommandError("Local mode is disabled")

    def _schedule(self, words: Sequence[str], *, keep: bool) -> list[str]:
        wanted = parse(words, self._state.zone)
        if wanted.type not in set(Type):
            raise CommandError("invalid argument <type>")
        entry = wanted.entry(self._state.own_s, self._kind(wanted))
        if self._fault(HomevoltFault.SETPOINT_OFF) and "setpoint" in entry.params:
            less = entry.params["setpoint"] - _OFF_W
            entry = replace(entry, params={**entry.params, "setpoint": less})
        kept = self._state.plan.entries if keep else ()
        return self._write((*kept, entry))

    def _kind(self, wanted: Wanted) -> Type:
        if wanted.type in self._config.powered and "setpoint" not in wanted.values:
            raise CommandError("Missing power setpoint")
        idled = wanted.type in self._config.idled or self._fault(HomevoltFault.IDLED)
        return Type.IDLE if idled else Type(wanted.type)

    def _write(self, entries: tuple[Entry, ...]) -> list[str]:
        self._state.write(Plan(MANUAL, entries))
        return []

    def _delete(self, words: Sequence[str]) -> list[str]:
        entries = self._state.plan.entries
        try:
            number = int(words[0])
        except IndexError, ValueError:
            raise CommandError("missing option <id>") from None
        if not 0 <= number < len(entries):
            raise CommandError("No such schedule")
        return self._write((*entries[:number], *entries[number + 1 :]))

    def _list(self) -> list[str]:
        plan, local = self._state.plan, self._state.local
        times = [(local(one.from_s), local(one.to_s) if one.to_s else None) for one in plan.entries]
        return listed(plan, times)

    def _get(self, words: Sequence[str]) -> list[str]:
        name = words[0] if words else ""
        try:
            value = self._state.parameters[name]
        except UnknownParameterError:
            raise CommandError("Param not found") from None
        return [f"{name} {str(value).lower() if isinstance(value, bool) else value}"]

    def _set(self, words: Sequence[str]) -> list[str]:
        plain = [word for word in words if not word.startswith("-")]
        try:
            name, text = plain
            self._state.set(name, text, store="-c" in words)
        except UnknownParameterError:
            raise CommandError("Param not found") from None
        except ValueError, InvalidParameterError:
            raise CommandError("Invalid value") from None
        return []

    def _store(self) -> list[str]:
        self._state.parameters.store()
        return []

    def _time(self) -> str:
        local = datetime.fromtimestamp(self._state.own_s, UTC).astimezone(self._state.zone)
        return local.strftime("%Y-%m-%d %H:%M:%S")

    def _reboot(self) -> list[str]:
        self._state.reboot()
        return []
