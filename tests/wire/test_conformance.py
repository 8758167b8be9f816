"""Our server says what an original one was recorded to say, but for what is meant."""

from tests.wire.conformance import PLAYED, WORKFLOWS_PLAYED, outcome
from tests.wire.conformance_differences import INTENDED
from tests.wire.conformance_document import DOCUMENT, document
from tests.wire.conformance_routes import Service, route_facts
from tests.wire.conformance_todos import SCENARIO
from tests.wire.recording import SCENARIOS


def test_differs_where_meant_and_nowhere_else() -> None:
    """One test, because playing it all takes most of a minute."""
    found = outcome()
    assert [str(each) for each in found.surprises] == []
    assert found.idle == ()
    assert found.identical["exchange"] > 250
    assert found.identical["event"] > 200


def test_every_recording_is_played_once() -> None:
    assert sorted([*PLAYED, *WORKFLOWS_PLAYED, SCENARIO]) == SCENARIOS


def test_no_entry_stands_twice() -> None:
    assert len({*INTENDED}) == len(INTENDED)


def test_a_route_that_is_not_served_has_its_word() -> None:
    silent = [
        fact for fact in route_facts() if fact.service is not Service.SERVED and not fact.word
    ]
    assert silent == []


def test_the_document_is_current() -> None:
    assert DOCUMENT.read_text("utf-8") == document()
