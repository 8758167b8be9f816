"""Markdown as rows of a terminal: text to blocks, blocks to strips, nothing twice."""

from mojodex_tui.ui.markdown.blocks import Block, split
from mojodex_tui.ui.markdown.document import Document
from mojodex_tui.ui.markdown.render import render_block
from mojodex_tui.ui.markdown.styles import PLAIN, MarkdownStyles

__all__ = ["PLAIN", "Block", "Document", "MarkdownStyles", "render_block", "split"]
