"""What users type as an address."""

from hypothesis import given, strategies as st
import pytest

from custom_components.energy_hub.errors import DeviceError
from custom_components.energy_hub.flow_base import InvalidHostError, split_host


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("p1.local", ("p1.local", None)),
        ("p1.local:2000", ("p1.local", 2000)),
        (" 192.168.1.9 ", ("192.168.1.9", None)),
        ("192.168.1.9:23", ("192.168.1.9", 23)),
        ("fe80::1", ("fe80::1", None)),
        ("[fe80::1]", ("fe80::1", None)),
        ("[fe80::1]:2000", ("fe80::1", 2000)),
        ("http://envoy.local", ("envoy.local", None)),
        ("https://envoy.local:8443/home", ("envoy.local", 8443)),
        ("socket://10.0.0.1:9988", ("10.0.0.1", 9988)),
    ],
)
def test_addresses(typed: str, expected: tuple[str, int | None]) -> None:
    assert split_host(typed) == expected


@pytest.mark.parametrize("typed", ["", "  ", "two words", "host:99999", "host:port", "http://["])
def test_what_is_no_address(typed: str) -> None:
    with pytest.raises(InvalidHostError) as caught:
        split_host(typed)
    assert caught.value.fields == {"host": "invalid_host"}


@given(st.text(max_size=40))
def test_any_text_gives_an_address_or_an_error(typed: str) -> None:
    try:
        host, port = split_host(typed)
    except DeviceError:
        return
    assert host
    assert not any(character.isspace() for character in host)
    assert port is None or 0 <= port <= 65535
