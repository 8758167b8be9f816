from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mojodex_tui.client.growth import GrowingText
from mojodex_tui.client.hearing import Hearing
from mojodex_tui.wire.events import DraftMessage, MojoMessage, ServerEvent, parse_event
from mojodex_tui.wire.heard import Channel, TokenAppended, TokenReplaced
from tests.wire.recording import of_type

TEXT = st.text(alphabet=st.sampled_from("abAB <>/_-é\n🌸"), max_size=300)


def shown(tokens: list[str], growing: GrowingText | None = None) -> str:
    """What a screen shows after it heard `tokens`."""
    growing = growing or GrowingText("s", Channel.DRAFT_BODY)
    screen = ""
    for token in tokens:
        match growing.read(token):
            case TokenAppended(suffix=suffix):
                assert suffix
                screen += suffix
            case TokenReplaced(text=text):
                screen = text
    return screen


@given(TEXT, st.lists(st.integers(0, 300), max_size=30))
def test_a_continued_text_is_shown_whole(text: str, cuts: list[int]) -> None:
    tokens = [text[:cut] for cut in sorted(cuts)] + [text + "."]
    assert shown(tokens) == text + "."


@given(TEXT, st.lists(st.integers(0, 300), max_size=30))
def test_a_continued_text_is_replaced_once_at_most(text: str, cuts: list[int]) -> None:
    growing = GrowingText("s", Channel.MESSAGE)
    changes = [growing.read(text[:cut]) for cut in sorted(cuts)]
    assert sum(isinstance(change, TokenReplaced) for change in changes) <= 1


@given(TEXT, TEXT)
def test_another_text_replaces_unless_it_agrees_at_both_ends(first: str, second: str) -> None:
    second += "."
    agrees = second.startswith(first[:64]) and second[: len(first)].endswith(first[-64:])
    if not agrees or len(first) <= 64:
        assert shown([first, second]) == second


@given(TEXT)
def test_the_beginning_of_a_closing_tag_is_never_shown(text: str) -> None:
    whole = text + "." + "</draft>"
    for cut in range(len(text) + 2, len(whole)):
        assert shown([whole[:cut]]) == text + "."


def test_what_looked_like_a_tag_comes_once_it_is_none() -> None:
    assert shown(["if a <b", "if a <b and c"]) == "if a <b and c"


def test_a_shorter_text_replaces() -> None:
    assert shown(["Title Body", "Body"]) == "Body"


@pytest.mark.parametrize("scenario", ["03_instruct_form", "04_instruct_chat", "05_ack_and_resend"])
def test_recorded_tokens_grow_into_the_recorded_message(scenario: str) -> None:
    hearings: dict[str, Hearing] = {}
    screens: dict[tuple[str, Channel], str] = {}
    ended: list[int] = []
    for event in recorded_events(scenario):
        session = str(event.to_wire().get("session_id"))
        for heard in hearings.setdefault(session, Hearing(session)).take(event):
            match heard:
                case TokenAppended(channel=channel, suffix=suffix):
                    screens[session, channel] += suffix
                case TokenReplaced(channel=channel, text=text):
                    screens[session, channel] = text
                case DraftMessage(produced_text=whole, message_pk=pk):
                    assert whole.startswith(screens.pop((session, Channel.DRAFT_BODY), ""))
                    ended.append(pk)
                case MojoMessage(message_pk=pk):
                    ended.append(pk)
    assert ended
    assert len(ended) == len(set(ended))


def recorded_events(scenario: str) -> Iterator[ServerEvent]:
    for line in of_type(scenario, "sio_event"):
        args = line["args"]
        assert isinstance(args, list)
        yield parse_event(str(line["event"]), args[0])
