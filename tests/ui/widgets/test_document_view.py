from dataclasses import dataclass, field

import pytest
from textual.app import App, ComposeResult
from textual.geometry import Offset
from textual.pilot import Pilot
from textual.selection import SELECT_ALL, Selection

from mojodex_tui.ui.markdown import Block, Document
from mojodex_tui.ui.markdown import render_block as draw_block
from mojodex_tui.ui.widgets import document_view
from mojodex_tui.ui.widgets.document_view import DocumentView
from mojodex_tui.ui.widgets.strip_view import StripView
from tests.ui.markdown.sample import SAMPLE

LONG = "\n\n".join(f"Paragraph number {number} of the text." for number in range(200))


class Host(App[None]):
    """Shows one text and remembers what it was told."""

    def __init__(self, text: str = "", max_text_width: int = 88) -> None:
        super().__init__()
        self.view = DocumentView(text, max_text_width=max_text_width)
        self.told: list[str] = []

    def compose(self) -> ComposeResult:
        yield self.view

    def on_following_view_follow_changed(self, event: StripView.FollowChanged) -> None:
        self.told.append("follows" if event.follow else "holds")

    def on_following_view_new_below(self) -> None:
        self.told.append("new below")

    def on_strip_view_link_followed(self, event: StripView.LinkFollowed) -> None:
        self.told.append(event.href)


async def settle_down(pilot: Pilot[None], view: DocumentView) -> None:
    """Wait until all that arrived is drawn."""
    await pilot.pause()
    while view._frame_due:
        await pilot.pause(0.01)
    await pilot.pause()


def window(app: App[None]) -> list[str]:
    """Return the rows on the screen, without the scrollbar."""
    strips = app.screen._compositor.render_strips()
    return [strip.crop(0, app.size.width - 3).text.rstrip() for strip in strips]


@dataclass
class Drawn:
    """The blocks that were drawn, in order."""

    blocks: list[Block] = field(default_factory=list)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Drawn:
    seen = Drawn()

    def counting(block: Block, *rest: object) -> object:
        seen.blocks.append(block)
        return draw_block(block, *rest)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(document_view, "render_block", counting)
    return seen


async def test_a_text_is_shown_from_the_start_and_growth_is_followed() -> None:
    app = Host("# Title\n\nWords.")
    async with app.run_test(size=(40, 8)) as pilot:
        await pilot.pause()
        assert [row.strip() for row in window(app)[:4]] == ["Title", "━" * 36, "", "Words."]
        app.view.append("".join(f"\n\nmore {number}" for number in range(30)))
        await settle_down(pilot, app.view)
        assert window(app)[-1].strip().startswith("more 29")
        assert app.view.follow


async def test_moving_up_holds_and_end_follows_again() -> None:
    app = Host(LONG)
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.press("pageup")
        await pilot.pause()
        held = window(app)
        app.view.append("\n\nNew words.\n\nEven newer.")
        await settle_down(pilot, app.view)
        app.view.append("\n\nAnd more.")
        await settle_down(pilot, app.view)
        assert window(app) == held
        assert app.view.unread
        await pilot.press("end")
        await pilot.pause()
        assert "And more." in window(app)[-1]
        assert app.told == ["holds", "new below", "follows"]
        assert not app.view.unread


async def test_scrolling_down_to_the_end_follows_again() -> None:
    app = Host(LONG)
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.press("k", "k", "j")
        assert not app.view.follow
        await pilot.press("j")
        assert app.view.follow


async def test_home_shows_the_start() -> None:
    app = Host(LONG)
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.press("home")
        await pilot.pause()
        assert "Paragraph number 0 " in window(app)[0]
        await pilot.press("pagedown")
        await pilot.pause()
        assert not app.view.follow
        assert app.view.scroll_offset.y == 11


async def test_paging_up_through_guessed_heights_skips_no_row() -> None:
    text = "\n\n".join(f"{n} " + "word " * (n % 40) for n in range(120))
    app = Host(text)
    async with app.run_test(size=(30, 10)) as pilot:
        await pilot.pause()
        seen: list[str] = []
        while app.view.scroll_offset.y:
            await pilot.press("pageup")
            await pilot.pause()
            seen = window(app)[: 9 if seen else 10] + seen
        numbers = [int(row.split()[0]) for row in seen if row.split() and row.split()[0].isdigit()]
        assert sorted(set(numbers)) == list(range(max(numbers) + 1))
        assert max(numbers) >= 118


async def test_a_token_costs_the_open_block_however_long_the_text(drawn: Drawn) -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        app.view.append(LONG * 20)
        await settle_down(pilot, app.view)
        drawn.blocks.clear()
        for _ in range(50):
            app.view.append("token ")
            await settle_down(pilot, app.view)
        assert len(drawn.blocks) <= 55
        assert len({block.line for block in drawn.blocks}) == 1


async def test_tokens_of_one_frame_are_drawn_once(drawn: Drawn) -> None:
    app = Host("Start.\n\n")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle_down(pilot, app.view)
        drawn.blocks.clear()
        for _ in range(500):
            app.view.append("token ")
        await settle_down(pilot, app.view)
        assert len(drawn.blocks) < 10
        assert app.view.text.count("token") == 500


async def test_a_long_text_is_drawn_near_the_window_only(drawn: Drawn) -> None:
    app = Host(LONG * 20)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("pageup", "home")
        await pilot.pause()
        assert len(drawn.blocks) < 150


async def test_a_continued_text_is_not_drawn_again(drawn: Drawn) -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        app.view.replace(LONG + "\n\nA para")
        await settle_down(pilot, app.view)
        drawn.blocks.clear()
        app.view.replace(LONG + "\n\nA paragraph that goes on")
        await settle_down(pilot, app.view)
        assert len(drawn.blocks) == 1
        assert "A paragraph that goes on" in window(app)[-1]


async def test_a_rewritten_text_is_shown_instead() -> None:
    app = Host("Old words.")
    async with app.run_test(size=(60, 12)) as pilot:
        app.view.replace("New words.")
        app.view.append(" And on.")
        assert app.view.text == "New words. And on."
        app.view.settle()
        await settle_down(pilot, app.view)
        assert window(app)[0].strip() == "New words. And on."


async def test_rewriting_is_shown_a_few_times_a_second_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 100.0
    monkeypatch.setattr(document_view, "monotonic", lambda: now)
    app = Host()
    async with app.run_test(size=(60, 12)) as pilot:
        app.view.replace("first")
        await settle_down(pilot, app.view)
        app.view.replace("second")
        await pilot.pause(0.06)
        assert app.view._document.text == "second"
        app.view.replace("third")
        await pilot.pause(0.2)
        assert app.view._document.text == "second"
        now += document_view.REWRITE_PAUSE
        await settle_down(pilot, app.view)
        assert window(app)[0].strip() == "third"


async def test_settling_reads_the_whole_text_and_does_not_move_the_view() -> None:
    long_list = "".join(f"- item {number} of the list\n" for number in range(300))
    text = f"{LONG}\n\n{long_list}\nSee [here].\n\n[here]: https://example.com\n"
    app = Host()
    async with app.run_test(size=(60, 12)) as pilot:
        for start in range(0, len(text), 700):
            app.view.append(text[start : start + 700])
            await settle_down(pilot, app.view)
        for _ in range(6):
            await pilot.press("pageup")
        await pilot.pause()
        before = window(app)
        app.view.settle()
        await settle_down(pilot, app.view)
        assert window(app) == before
        document = app.view._document
        whole = Document.finished(text)
        assert [document[i] for i in range(len(document))] == [whole[i] for i in range(len(whole))]


async def test_a_resize_keeps_what_is_read_at_the_top() -> None:
    text = "\n\n".join(f"Paragraph {n} " + "word " * 30 for n in range(100))
    app = Host(text)
    async with app.run_test(size=(80, 12)) as pilot:
        for _ in range(9):
            await pilot.press("pageup")
        await pilot.pause()
        index, _ = app.view._anchor
        await pilot.resize_terminal(50, 12)
        await pilot.pause()
        assert app.view._anchor[0] == index
        assert not app.view.follow
        assert app.view.virtual_size.width == 46
        assert all(len(row) <= 50 for row in window(app))


async def test_lines_are_no_longer_than_is_good_to_read() -> None:
    app = Host("word " * 100)
    async with app.run_test(size=(200, 12)) as pilot:
        await pilot.pause()
        assert max(len(row.strip()) for row in window(app)) <= 88
        app.view.max_text_width = 40
        await pilot.pause()
        assert max(len(row.strip()) for row in window(app)) <= 40


async def test_another_theme_draws_in_other_colours(drawn: Drawn) -> None:
    app = Host("# Title")
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.pause()
        dark = app.view.render_line(0)
        drawn.blocks.clear()
        app.theme = "textual-light"
        await pilot.pause()
        light = app.view.render_line(0)
        assert drawn.blocks
        assert light.text == dark.text
        assert light != dark


async def test_no_timer_runs_while_nothing_arrives() -> None:
    app = Host("Words.")
    async with app.run_test(size=(60, 12)) as pilot:
        app.view.append(" More.")
        await settle_down(pilot, app.view)
        app.view.append(" More.")
        await settle_down(pilot, app.view)
        await pilot.pause()
        assert not list(app.view._timers)


async def test_selected_text_is_what_is_shown() -> None:
    app = Host("one two\n\n- three\n- four")
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.pause()
        part = Selection(Offset(4, 0), Offset(3, 2))
        assert app.view.get_selection(part) == ("two\n\n• t", "\n")
        assert app.view.get_selection(SELECT_ALL) == ("one two\n\n- three\n- four", "\n")


async def test_the_mouse_selects_and_the_selection_is_seen() -> None:
    app = Host("one two three")
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.pause()
        plain = app.view.render_line(0)
        await pilot.mouse_down(offset=(5, 0))
        await pilot.hover(offset=(8, 0))
        await pilot.mouse_up(offset=(8, 0))
        await pilot.pause()
        assert app.screen.get_selected_text() == "two"
        assert app.view.render_line(0) != plain


async def test_a_clicked_link_is_told() -> None:
    app = Host("[there](https://example.com)")
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.pause()
        await pilot.click(offset=(2, 0))
        await pilot.pause()
        assert app.told == ["https://example.com"]


async def test_found_places_are_marked_and_brought_to_the_top() -> None:
    app = Host(LONG)
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.press("home")
        app.view.find("NUMBER 17", from_window=True)
        assert not app.view.has_found
        assert app.view.find_next()
        await pilot.pause()
        assert "Paragraph number 17 " in window(app)[0]
        assert app.view.find_next()
        await pilot.pause()
        assert "Paragraph number 170 " in window(app)[0]
        assert app.view.find_next(-1)
        await pilot.pause()
        assert "Paragraph number 17 " in window(app)[0]
        assert not app.view.find_next(-1)
        assert app.view.has_found
        app.view.find("")
        assert not app.view.has_found


async def test_a_sample_streams_to_the_same_window_as_its_whole() -> None:
    whole, streamed = Host(SAMPLE), Host()
    async with whole.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        expected = window(whole)
    async with streamed.run_test(size=(80, 24)) as pilot:
        for start in range(0, len(SAMPLE), 50):
            streamed.view.append(SAMPLE[start : start + 50])
            await settle_down(pilot, streamed.view)
        streamed.view.settle()
        await settle_down(pilot, streamed.view)
        assert window(streamed) == expected


@pytest.mark.parametrize("is_shown", [True, False])
async def test_a_text_can_begin_at_its_top_before_there_is_a_window(is_shown: bool) -> None:
    app = Host("short")
    async with app.run_test(size=(60, 12)) as pilot:
        app.view.display = is_shown
        await settle_down(pilot, app.view)
        app.view.replace(LONG)
        app.view.settle()
        app.view.begin_at_top()
        app.view.display = True
        await settle_down(pilot, app.view)
        assert window(app)[0].strip() == "Paragraph number 0 of the text."
        assert not app.view.follow


async def test_a_text_that_begins_at_its_top_and_fits_is_followed() -> None:
    app = Host()
    async with app.run_test(size=(60, 12)) as pilot:
        app.view.replace("short")
        app.view.begin_at_top()
        await settle_down(pilot, app.view)
        app.view.append("\n\n" + LONG)
        await settle_down(pilot, app.view)
        assert app.view.follow
        assert window(app)[-1].strip() == "Paragraph number 199 of the text."
