"""What happens to values that have reached the platform: let in, checked, stored, answered."""

from typing import Any, Final

from aiohttp import web

from .archive import PLANT, Archive
from .call import Call
from .config import EnrgConfig
from .faults import KINDS, EnrgFault as Fault
from .fields import MICRO_INVERTER, SHAPES, ComplaintError, Shape, check
from .switches import Switches
from .tokens import Tokens
from .wire import answer, refusal, results

_KEPT_ANSWERS: Final = 100_000


class Desk:
    """Takes values in."""

    def __init__(
        self, config: EnrgConfig, switches: Switches, tokens: Tokens, archive: Archive
    ) -> None:
        """Open the desk."""
        self._config: Final = config
        self._switches: Final = switches
        self._tokens: Final = tokens
        self._archive: Final = archive
        self._answers: Final[dict[str, dict[str, Any]]] = {}

    def create(self, body: object) -> web.Response:
        """Answer a credential."""
        if not isinstance(body, dict) or not isinstance(body.get("credential"), str):
            return refusal(400, "credential is missing")
        told = self._tokens.create(body["credential"])
        return refusal(401, "unknown credential") if told is None else answer(told)

    def take(self, request: web.Request, call: Call, body: object) -> web.Response:
        """Answer values."""
        if (closed := self._closed(request)) is not None:
            return closed
        kind = request.match_info["kind"]
        if (status := self._closed_to(kind)) is not None:
            return refusal(status, f"no values of {kind} here")
        shape = SHAPES[kind]
        if not isinstance(body, dict):
            return refusal(400, "the body must be a JSON object")
        if len(call.devices) > self._config.most_devices:
            return refusal(413, "too many devices")
        on = self._switches.on
        try:
            check(
                body,
                shape,
                all_keys=kind == MICRO_INVERTER and on(Fault.ALL_KEYS),
                new_keys=on(Fault.NEW_KEYS),
                nulls=not on(Fault.NO_NULL),
            )
        except ComplaintError as error:
            return refusal(422, str(error))
        if refused := self._switches.devices(Fault.DEVICE_REFUSED, call.devices):
            return refusal(422, f"values of {', '.join(sorted(refused))} are not plausible")
        return self._store(call, body, shape)

    def slots(self, request: web.Request) -> web.Response:
        """Answer which slots of a plant are stored; a proposal, no real platform does it yet."""
        if (closed := self._closed(request)) is not None:
            return closed
        start, end = request.query.get("from", ""), request.query.get("to", "9999")
        rows = self._archive.of_kind(PLANT)
        of_plant = [row for row in rows if row.id == request.match_info["id"]]
        dates = [row.date for row in of_plant if start <= row.date < end]
        return answer({"data": {"slots": [{"DATE_GENERATION": one} for one in dates]}})

    def _closed(self, request: web.Request) -> web.Response | None:
        """Return why somebody may not come in."""
        strikes = self._switches.strikes
        if strikes(Fault.NOT_FOUND):
            return refusal(404, "no such path")
        if strikes(Fault.MOVED):
            return refusal(307, "moved", {"Location": "http://127.0.0.1:9/"})
        given = request.headers.get("Authorization", "")
        echo = f" to {given}" if self._switches.on(Fault.ECHO) else ""
        scheme, _, token = given.partition(" ")
        if scheme != "Bearer" or not self._tokens.is_good(token):
            return refusal(401, f"unknown token{echo}")
        return refusal(403, f"not allowed{echo}") if strikes(Fault.TOKEN_REFUSED) else None

    def _closed_to(self, kind: str) -> int | None:
        """Return the status that values of a kind are refused with."""
        if kind == MICRO_INVERTER:
            return None
        strikes = self._switches.strikes
        other = next((status for fault, status in KINDS.items() if strikes(fault)), None)
        return other if kind in SHAPES else 404

    def _store(self, call: Call, body: dict[str, Any], shape: Shape) -> web.Response:
        on, strikes = self._switches.on, self._switches.strikes
        if not on(Fault.KEY_IGNORED) and call.key in self._answers:
            return answer(self._answers[call.key])
        if on(Fault.CONFLICT) and any(
            self._archive.has(one["ID_DEVICE"], one["DATE"]) for one in shape.devices_in(body)
        ):
            return refusal(409, "stored already")
        if strikes(Fault.PLANT_ERROR):
            return answer(results(body["ID_PLANT"], "error", "plant is not active"))
        failed = self._switches.devices(Fault.PARTIAL, call.devices)
        self._archive.store(body, shape, failed, call.key, twice=on(Fault.STORE_TWICE))
        told = self._told(body, call.devices, failed)
        if call.key is not None and not failed:
            self._answers[call.key] = told
            if len(self._answers) > _KEPT_ANSWERS:
                del self._answers[next(iter(self._answers))]
        return answer(told)

    def _told(
        self, body: dict[str, Any], devices: tuple[str, ...], failed: frozenset[str]
    ) -> dict[str, Any]:
        """Return the rows about what was stored and what was not."""
        missing = self._switches.devices(Fault.ROWS_MISSING, devices)
        if self._switches.on(Fault.ERRORS_ONLY):
            missing = frozenset(devices) - failed
        told = results(body["ID_PLANT"], "ok", "")
        if self._switches.strikes(Fault.NO_PLANT_ROW):
            told["data"]["results"].clear()
        told["data"]["results"] += [
            {"id_device": one, "status": "error", "message": "device is not registered"}
            if one in failed
            else {"id_device": one, "status": "ok", "message": ""}
            for one in devices
            if one not in missing
        ]
        return told
