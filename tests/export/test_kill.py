"""SIGKILL at random moments: everything arrives, once. script/soak enrg_kill does it at length."""

from pathlib import Path

import pytest
import pytest_socket  # type: ignore[import-untyped]

from script.lib.soak.enrg_kill import Campaign
from simulator.enrg import EnrgFault


@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.parametrize("keeps", [EnrgFault.STORE_TWICE, EnrgFault.KEY_IGNORED])
async def test_killed_at_any_moment_nothing_is_lost_or_sent_twice(
    tmp_path: Path, keeps: EnrgFault
) -> None:
    # Processes are started by way of a Unix socket.
    pytest_socket.socket_allow_hosts(["127.0.0.1"], allow_unix_socket=True)
    campaign = Campaign(tmp_path, keeps, kills=5)
    assert await campaign.run() == []
