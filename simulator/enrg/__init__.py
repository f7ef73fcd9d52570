"""The ENRG platform of Erco Energy: it gives tokens, takes values, and knows what it stored.

service = EnrgService(clock)
url = await service.start()
await service.faults.set(EnrgFault.SERVER_ERROR, True)
service.times[EnrgFault.SERVER_ERROR] = 3       # strike three times, not for ever
service.archive.count("116099000101", "2026-06-17 12:00:00")
"""

from .archive import Archive, Row
from .call import Call
from .config import EnrgConfig
from .faults import EnrgFault
from .serve import serve
from .service import EnrgService

__all__ = ["Archive", "Call", "EnrgConfig", "EnrgFault", "EnrgService", "Row", "serve"]
