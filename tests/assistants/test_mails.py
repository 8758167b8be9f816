import pytest

from mojodex_tui.backend.assistants.mails import mail_body


def test_plain_text_becomes_paragraphs() -> None:
    body = mail_body("Today: R&D at 5.\nThen rest.\n\nSee you.")
    assert body.html == "<p>Today: R&amp;D at 5.<br>Then rest.</p><p>See you.</p>"
    assert body.text == "Today: R&D at 5.\nThen rest.\n\nSee you."


@pytest.mark.parametrize(
    ("written", "html", "text"),
    [
        ('<p onclick="x()">Go <a href="https://evil.example">here</a></p>', "<p>Go here</p>",
         "Go here"),
        ("<p>Call<script>steal()</script> Ana</p>", "<p>Call Ana</p>", "Call Ana"),
        ('<style>p{}</style><img src="https://evil.example/x.png"><b>Now</b>', "<b>Now</b>", "Now"),
        ("<p>1 &lt; 2</p>", "<p>1 &lt; 2</p>", "1 < 2"),
        ("<ul><li>One</li><li>Two</li></ul>", "<ul><li>One</li><li>Two</li></ul>",
         "- One\n- Two"),
        ("</p></div>Left <i>open", "Left <i>open</i>", "Left open"),
        ("<script>only()", "", ""),
    ],
)  # fmt: skip
def test_only_words_and_plain_marks_survive(written: str, html: str, text: str) -> None:
    body = mail_body(written)
    assert (body.html, body.text) == (html, text)
