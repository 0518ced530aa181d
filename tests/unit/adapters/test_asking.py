"""Whose certificates count where a model's service is asked."""

import ssl

import pytest

from autocoder_action.adapters.claude.asking import trust


@pytest.mark.parametrize(
    "url", ["https://api.anthropic.com", "HTTPS://API.ANTHROPIC.COM", "https://127.0.0.1:8443/api", "//gateway/api"]
)
def test_a_service_is_known_by_the_usual_certificates(url: str) -> None:
    assert trust(url) is True


@pytest.mark.parametrize("url", ["http://127.0.0.1:4000", "HTTP://gateway.internal/https:/api"])
def test_a_service_that_shows_no_certificate_has_none_loaded_and_nobody_else_is_believed(url: str) -> None:
    chosen = trust(url)
    assert isinstance(chosen, ssl.SSLContext)
    assert chosen.get_ca_certs() == []
    assert (chosen.verify_mode, chosen.check_hostname) == (ssl.CERT_REQUIRED, True)
