"""The words of an alarm on a page: every number to call can be pressed, and nothing else is changed."""

from web.chat_page import calls


def test_numbers_can_be_pressed_and_nothing_else() -> None:
    """A code or a date is no number to call, and what looks like markup stays words."""
    html = calls(
        "GỌI NGAY:\n114 Cháy, cứu nạn · 115 Cấp cứu · 0200 000 0113 Trực xã 24/7\nMã: LM-6NYWV4N <b>"
    )
    assert '<a class="call" href="tel:114">114 Cháy, cứu nạn</a><a' in html
    assert '<a class="call" href="tel:115">115 Cấp cứu</a><a' in html
    assert 'href="tel:02000000113">0200 000 0113 Trực xã 24/7</a>' in html
    assert html.count("<a ") == 3
    assert html.endswith("Mã: LM-6NYWV4N &lt;b&gt;")
