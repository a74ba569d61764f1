"""The words that passphrases and printed keys are made of."""

from __future__ import annotations

import json

from coachbook.wordlist import draw_word, word_list, word_script


def test_words_are_told_apart() -> None:
    """No word comes twice, and none has anything in it but letters."""
    words = word_list()

    assert len(words) == len(set(words)) == 7772
    assert all(word.isalpha() and word.islower() for word in words)


def test_the_portal_is_handed_the_same_words() -> None:
    """Whoever makes a key in the browser draws from the list that the command draws from."""
    script = word_script().decode("ascii")
    _, _, call = script.partition("\n")

    assert script.startswith("/* The words are the long list of the EFF")
    assert tuple(json.loads(call.removeprefix('coachbook.put("words",').removesuffix(");\n"))) == (
        word_list()
    )


def test_no_word_comes_up_more_often_than_others() -> None:
    """Numbers beyond the last whole round of the list are drawn again."""
    top = 65536 - 65536 % len(word_list())
    numbers = iter([top, 65535, 1])

    assert draw_word(lambda length: next(numbers).to_bytes(length, "big")) == word_list()[1]
