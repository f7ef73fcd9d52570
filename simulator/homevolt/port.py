"""The port of the web server, which can be closed and opened again."""

from typing import Final

from aiohttp import web


class Port:
    """Serves an application on one port."""

    def __init__(self, app: web.Application) -> None:
        """Listen nowhere yet."""
        self._runner: Final = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        self._site: web.TCPSite | None = None
        self._host, self._number = "", 0

    async def open(self, host: str, number: int) -> int:
        """Listen on a port (0: any) and return it; raises OSError when it is taken."""
        await self._runner.setup()
        self._host, self._number = host, number
        await self.reopen()
        self._number = self._runner.addresses[0][1]
        return self._number

    async def reopen(self) -> None:
        """Listen again."""
        self._site = web.TCPSite(self._runner, self._host, self._number)
        await self._site.start()

    async def shut(self) -> None:
        """Listen no more, and end every connection."""
        if self._site is not None:
            await self._site.stop()
            self._site = None
        if self._runner.server is not None:
            for connection in self._runner.server.connections:
                if connection.transport is not None:
                    connection.transport.abort()

    async def close(self) -> None:
        """Free the port for good."""
        await self.shut()
        await self._runner.cleanup()
