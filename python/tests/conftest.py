"""Closes the case that a test leaves open, so that the next one finds the host as it expects."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def closed(request):
    yield
    if "host" in request.fixturenames:
        host = request.getfixturevalue("host")
        if host.process.poll() is None:
            host.ask("close")
