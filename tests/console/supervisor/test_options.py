"""What the environment says about a run."""

import pytest

from console.supervisor.options import ROOT, Options
from console.supervisor.refusal import RefusedError


def test_defaults_are_those_of_the_documentation() -> None:
    options = Options.from_environment({})
    assert options.data_dir == ROOT / "var"
    assert (options.web.bind, options.gateway.bind) == ("127.0.0.1:8000", "127.0.0.1:8080")
    assert options.is_embedded
    assert options.gateway_tls is None


def test_the_tls_port_counts_only_with_a_certificate() -> None:
    options = Options.from_environment({"GATEWAY_TLS_CERT": "/srv/cert.pem", "GATEWAY_TLS_PORT": "9000"})
    assert [listener.port for listener in options.listeners] == [8000, 8080, 9000]


def test_an_empty_variable_means_the_default() -> None:
    options = Options.from_environment({"WEB_PORT": "", "DATABASE_URL": "", "GATEWAY_HOST": ""})
    assert options == Options.from_environment({})


@pytest.mark.parametrize("port", ["web", "0", "65536", "-1", "²"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    with pytest.raises(RefusedError, match=r"^GATEWAY_PORT is .* set it to a number from 1 to 65535\.$"):
        Options.from_environment({"GATEWAY_PORT": port})


@pytest.mark.parametrize(("debug", "is_off"), [("", False), ("0", True), ("False", True), ("1", False)])
def test_debug_counts_as_off_only_when_it_is_said(debug: str, is_off: bool) -> None:
    assert Options.from_environment({"DEBUG": debug}).is_debug_off is is_off


def test_an_ipv6_address_is_bracketed_for_servers() -> None:
    assert Options.from_environment({"WEB_HOST": "::1"}).web.bind == "[::1]:8000"


@pytest.mark.parametrize(("host", "local"), [("0.0.0.0", "127.0.0.1"), ("::", "127.0.0.1"), ("10.0.0.7", "10.0.0.7")])
def test_every_address_is_reached_through_this_machines_own(host: str, local: str) -> None:
    assert Options.from_environment({"WEB_HOST": host}).web.local_host == local
