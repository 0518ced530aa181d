"""What a text may hold, asked of letters and of bytes."""

import pytest

from autocoder_action.backlog.text import harmless, holds_banned

_BORDERS = (0x20, 0x7E, 0x7F, 0x80, 0x9F, 0xA0, 0xA9, 0xE9, 0x2013, 0x2027, 0x2028, 0x202E, 0x202F, 0x2065, 0x2066)
_MORE = (0x2069, 0x206A, 0x4E66, 0xFEFF, 0xFFFD, 0xFFFE, 0xFFFF, 0x10000, 0x1F642, 0x10FFFF)


@pytest.mark.parametrize("code", [*_BORDERS, *_MORE], ids=hex)
def test_bytes_hold_a_banned_letter_where_the_text_does(code: int) -> None:
    for few_or_many in (1, 50):  # letters that begin as banned ones do
        text = f"{'’…« ' * few_or_many}{chr(code)} »，。é"  # noqa: RUF001
        assert holds_banned(text.encode()) is not harmless([text])
