"""The settings: sections on the left, one page of them on the right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.widget import Widget
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from mojodex_tui.state.settings import Section
from mojodex_tui.ui.keys import FIELD_KEYS
from mojodex_tui.ui.screens.framed import Framed
from mojodex_tui.ui.screens.settings.account import AccountPage
from mojodex_tui.ui.screens.settings.appearance import AppearancePage
from mojodex_tui.ui.screens.settings.data import DataPage
from mojodex_tui.ui.screens.settings.keys import KeysPage
from mojodex_tui.ui.screens.settings.language import LanguagePage
from mojodex_tui.ui.screens.settings.model import ModelPage
from mojodex_tui.ui.screens.settings.page import Page
from mojodex_tui.ui.screens.settings.todos import TodosPage

_PAGES: Mapping[Section, type[Page]] = {
    Section.ACCOUNT: AccountPage,
    Section.LANGUAGE: LanguagePage,
    Section.APPEARANCE: AppearancePage,
    Section.KEYS: KeysPage,
    Section.TODOS: TodosPage,
    Section.MODEL: ModelPage,
    Section.DATA: DataPage,
}


class SectionList(OptionList):
    """The sections; the page follows the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,right", "select", "change", id="settings.enter", tooltip="Go to the page"),
        Binding("j", "cursor_down", "Down", id="settings.down", show=False),
        Binding("k", "cursor_up", "Up", id="settings.up", show=False),
    ]


class SettingsScreen(Framed):
    """Everything that can be set; changes hold at once, so there is nothing to save.

    Args:
        section: The section to show; `None` begins with the first, on the list of them.
    """

    PLACE = "Settings"
    AUTO_FOCUS = "SectionList"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "back", id="settings.leave"),
        *FIELD_KEYS,
    ]

    def __init__(self, section: Section | None = None) -> None:
        super().__init__()
        self._asked_for = section

    def compose_body(self) -> Iterator[Widget]:
        """Lay out sections and page."""
        with Container(classes="panes"):
            sections = SectionList(*(Option(section, id=section) for section in _PAGES))
            sections.border_title = "Settings"
            yield sections
            page = Container(classes="page")
            page.border_subtitle = "changes hold at once"
            yield page

    async def on_mount(self) -> None:
        """Show the section that was asked for."""
        await self.show(self._asked_for or Section.ACCOUNT, enter=self._asked_for is not None)

    async def show(self, section: Section, *, enter: bool = True) -> None:
        """Show a section.

        Args:
            section: Which one.
            enter: Go into its page, where something is to be changed.
        """
        sections = self.query_one(SectionList)
        with self.prevent(OptionList.OptionHighlighted):
            sections.highlighted = list(_PAGES).index(section)
        await self._turn_to(section)
        if enter:
            self._enter_page()

    async def _turn_to(self, section: Section) -> None:
        pane = self.query_one(".page", Container)
        pane.border_title = section.value
        self.say_nothing()
        await pane.remove_children()
        await pane.mount(_PAGES[section]())

    def _enter_page(self) -> None:
        page = self.query_one(Page)
        first = next((widget for widget in page.query("*") if widget.focusable), None)
        if first is not None:
            self.set_focus(first)

    @on(OptionList.OptionHighlighted, "SectionList")
    async def _follow_cursor(self, event: OptionList.OptionHighlighted) -> None:
        section = Section(str(event.option_id))
        # The cursor may have moved on since: what comes late must not turn the page back.
        is_late = event.option_index != event.option_list.highlighted
        if not is_late and self.query_one(".page").border_title != section.value:
            await self._turn_to(section)

    @on(OptionList.OptionSelected, "SectionList")
    def _enter(self) -> None:
        self._enter_page()

    def action_leave(self) -> None:
        """Leave a text for the sections, and anything else for where this was called from."""
        if isinstance(self.focused, Input):
            self.query_one(SectionList).focus()
        else:
            self.app.pop_screen()
