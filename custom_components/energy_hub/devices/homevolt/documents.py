"""The documents of one ECU, and how often each is asked for."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from .ecu import ClampValues, Measured, read_measured
from .plan import Plan, read_plan
from .poll import Document
from .report import Report, Status, read_limits, read_report, read_status, read_volts

_EVERY_POLL: Final = timedelta(0)
_MINUTE: Final = timedelta(minutes=1)
_SELDOM: Final = timedelta(minutes=5)
_HOUR: Final = timedelta(hours=1)


class Documents:
    """What is asked of one ECU; the batteries of its clamps come in as these become known."""

    def __init__(self) -> None:
        """Start with nothing said."""
        self.ems: Final = Document[Measured]("/ems.json", _EVERY_POLL, read_measured)
        self.plan: Final = Document[Plan]("/schedule.json", _MINUTE, read_plan)
        self.status: Final = Document[Status]("/status.json", _SELDOM, read_status, True)
        self.report: Final = Document[Report]("/error_report.json", _SELDOM, read_report, True)
        self.limits: Final = Document[Mapping[str, Any]]("/params.json", _HOUR, read_limits, True)
        self._nodes: Final[dict[str, Document[float | None]]] = {}

    @property
    def all(self) -> Sequence[Document[Any]]:
        """All documents, the measurements first."""
        one = (self.ems, self.plan, self.status, self.report, self.limits)
        return (*one, *self._nodes.values())

    def watch_plan(self, closely: bool) -> None:
        """Ask for the plan in every poll, or once a minute."""
        self.plan.every = _EVERY_POLL if closely else _MINUTE
        if closely:
            self.plan.next = None

    def follow(self, clamps: Iterable[ClampValues]) -> None:
        """Ask for the batteries of these clamps too."""
        for clamp in clamps:
            if clamp.id and clamp.node_id is not None and clamp.id not in self._nodes:
                path = f"/node_metrics.json?node_id={clamp.node_id}"
                self._nodes[clamp.id] = Document(path, _SELDOM, read_volts, True)

    @property
    def clamp_volts(self) -> Mapping[str, float | None]:
        """The voltage of the battery in each clamp, by its id."""
        return {name: document.value for name, document in self._nodes.items()}
