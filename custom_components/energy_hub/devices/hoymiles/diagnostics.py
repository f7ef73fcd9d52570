"""What helps to understand a problem: no name, no credential, numbers only as hashes."""

from collections.abc import Mapping
from datetime import datetime, timedelta
import hashlib
import secrets
from typing import Any, Final

from .account import Account
from .asker import Asker
from .key import Key
from .plan import Job
from .plant import PlantState

# Numbers are short: without it, a hash could be looked up.
_SALT: Final = secrets.token_hex(16)


def diagnostics(cloud: Account | Key, asker: Asker, now: datetime) -> dict[str, Any]:
    """Return how the calls go and what is known of each plant."""
    about: Mapping[str, Any] = (
        {"calls_left": cloud.budget.left(now), "calls_a_day": round(cloud.budget.a_day(now))}
        if isinstance(cloud, Key)
        else {"surface": cloud.surface, "log_ins": len(cloud.logins)}
    )
    return {
        **about,
        "calls": [_job(asker, job, now) for job in asker.agenda if job.serial is None],
        "plants": {_hash(state.plant.id): _plant(state, now) for state in asker.states.values()},
    }


def _job(asker: Asker, job: Job, now: datetime) -> dict[str, Any]:
    return {
        "task": job.task.name.lower(),
        "plant": None if job.plant is None else _hash(job.plant),
        "every_s": asker.every(job, now).total_seconds(),
        "failures": job.failures,
        "done_s": None if job.done is None else round((now - job.done) / timedelta(seconds=1)),
    }


def _plant(state: PlantState, now: datetime) -> dict[str, Any]:
    return {
        "zone": str(state.zone),
        "placed": state.place is not None and state.place.exact,
        "resting": state.is_resting(now),
        "step_s": state.step.total_seconds(),
        "days": {day.isoformat(): len(packed) for day, packed in state.days.items()},
        "inverters": {
            _hash(one.serial): {
                "model": one.model,
                "firmware": one.firmware,
                "ports": state.ports_of(one),
            }
            for one in state.inverters
        },
    }


def _hash(number: object) -> str:
    return hashlib.sha256(f"{_SALT} {number}".encode()).hexdigest()[:8]
