"""A model's server for the tests of this area."""

from collections.abc import Iterator

import pytest

from tests.llm_server import LlmServer, serving


@pytest.fixture
def server() -> Iterator[LlmServer]:
    """Return a scripted server that listens."""
    with serving() as started:
        yield started
