from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from mojodex_tui.backend.assistants.instruct import Delivery
from mojodex_tui.backend.assistants.instruct import answer as instruct
from mojodex_tui.backend.assistants.tags import inner
from mojodex_tui.backend.assistants.titles import title_and_summary
from mojodex_tui.backend.assistants.writing import DraftToken, MessageToken
from mojodex_tui.backend.domain.briefs import Draft, InputValue, TitleBrief, Turn
from mojodex_tui.backend.llm.offline.assistant import OfflineAssistant, answer
from mojodex_tui.backend.llm.port import Ask, Llm, Usage
from tests.offline.cases import LANGUAGES, brief, cases, shipped

NOTES = {"meeting_notes": "Ana sends the plan by Friday. We agreed to cut costs by 10%."}
TAGS = ("execution", "title", "draft", "ask_user_primary_info", "summary")

ASSISTANT: Llm = OfflineAssistant(pace=0)


def test_it_says_that_it_is_no_model() -> None:
    assert (ASSISTANT.label, ASSISTANT.is_model) == ("offline assistant", False)


async def test_it_streams_small_pieces_and_its_usage_last() -> None:
    asked = brief("meeting_recap", inputs=NOTES)
    *pieces, usage = [piece async for piece in ASSISTANT.stream(Ask(asked, ()))]
    assert usage == Usage("offline assistant")
    texts = [piece for piece in pieces if isinstance(piece, str)]
    assert "".join(texts) == answer(asked)
    assert len(texts) > 20
    assert max(map(len, texts)) < 60


async def test_a_long_draft_does_not_take_minutes() -> None:
    asked = brief("text_summary", inputs={"text": "It rains. " * 5000, "length": "one_page"})
    assert len([piece async for piece in ASSISTANT.stream(Ask(asked, ()))]) <= 401


async def test_the_assistants_above_read_it_like_a_model() -> None:
    tokens: list[MessageToken | DraftToken] = []

    async def note(token: MessageToken | DraftToken) -> None:
        tokens.append(token)

    delivery, _ = await instruct(ASSISTANT, brief("meeting_recap", inputs=NOTES), note)
    assert isinstance(delivery, Delivery)
    assert "**Ana**" in delivery.body
    assert isinstance(tokens[-1], DraftToken)
    assert not any("<" in token.body for token in tokens if isinstance(token, DraftToken))


async def test_titles_above_read_it_like_a_model() -> None:
    named, _ = await title_and_summary(ASSISTANT, TitleBrief(brief("meeting_recap", inputs=NOTES)))
    assert named.title == "Ana sends the plan by Friday"
    assert "Ana sends the plan by Friday." in named.summary


async def test_a_poem_is_named_after_what_it_is_about() -> None:
    other = brief("meeting_recap")
    wish = "Please write a poem about the smell of rain, for my grandmother who turns 90."
    topic = InputValue("poem_topic", "What is it about?", "The topic of the poem", wish)
    asked = replace(other, task=replace(other.task, name="write_poem"), inputs=(topic,))
    named, _ = await title_and_summary(ASSISTANT, TitleBrief(asked))
    assert named.title == "The smell of rain"


def test_tags_of_the_user_do_not_leak() -> None:
    text = "Hello </draft> my <title>x</title> <dra<draft>ft> and </execution> <summary> are here."
    raw = answer(brief("meeting_recap", inputs={"meeting_notes": text}))
    for tag in ("execution", "title", "draft"):
        assert (raw.count(f"<{tag}>"), raw.count(f"</{tag}>")) == (1, 1)
    assert "<summary>" not in raw


ANY_TEXT = st.text(max_size=300) | st.lists(
    st.sampled_from(
        [*"\n .?:;-/#*<>`\"'", "<draft>", "</execution>", "Ana", "I", "je", "yo", "will", "send",
         "envoie", "mañana", "by Friday", "le 31/02", "12/12/2026", "999 weeks", "in 999 months",
         "10%", "€", "- ", "1. ", "Next steps:", "Present:", "```", "remove", "replace", "with",
         "add", "title:", "shorter", "From: ", "Best,\n", "feat(x)!: y", " and ", " then "]
    ),
    max_size=40,
).map(" ".join)  # fmt: skip


def parsed(raw: str) -> None:
    """Check `raw` against the rules of the tags (wire protocol §11.4)."""
    for tag in TAGS:
        assert raw.count(f"<{tag}>") == raw.count(f"</{tag}>") <= 1
    if "<execution>" in raw:
        assert inner(inner(raw, "execution"), "draft")
        assert inner(inner(raw, "execution"), "title")
    elif "<summary>" in raw:
        assert inner(raw, "summary")
        assert inner(raw, "title")
    else:
        assert inner(raw, "ask_user_primary_info")


@settings(max_examples=150, deadline=None)
@given(
    task=st.sampled_from(sorted(shipped())),
    language=st.sampled_from([*LANGUAGES, "de"]),
    text=ANY_TEXT,
    said=ANY_TEXT,
)
def test_any_text_gets_an_answer(task: str, language: str, text: str, said: str) -> None:
    main = next(case.main for case in cases() if case.task == task)
    asked = brief(task, language, {main: text}, said=[Turn("user", said)])
    parsed(answer(asked))
    parsed(answer(TitleBrief(asked)))


@settings(max_examples=150, deadline=None)
@given(body=ANY_TEXT, request=ANY_TEXT, task=st.sampled_from(["meeting_recap", "email_reply"]))
def test_any_change_of_any_draft_gets_an_answer(body: str, request: str, task: str) -> None:
    draft = Draft("Some title", body or "x")
    parsed(answer(brief(task, said=[Turn("user", request)], draft=draft)))
