"""The digest of firmware before 7, with its answers remembered like all others."""

from functools import partial
from typing import override

from aiohttp import ClientHandlerType, ClientRequest, ClientResponse, DigestAuthMiddleware

from .replies import Replies


class SeenDigest(DigestAuthMiddleware):
    """A digest behind `Replies`: the session leaves its own middlewares out where one is given."""

    def __init__(self, login: str, password: str, replies: Replies) -> None:
        """Answer challenges with this user and password."""
        super().__init__(login, password)
        self._replies = replies

    @override
    async def __call__(self, request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        return await self._replies(request, partial(super().__call__, handler=handler))
