"""The words that passphrases and printed keys are made of."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import xkcdpass

if TYPE_CHECKING:
    from coachbook.age import Random

SOURCE = "the long list of the EFF (Creative Commons Attribution 3.0), without words with a hyphen"


@cache
def word_list() -> tuple[str, ...]:
    """The long list of the EFF without its four words that have a hyphen."""
    text = resources.files(xkcdpass).joinpath("static", "eff-long").read_text(encoding="ascii")
    return tuple(word for word in text.split() if word.isalpha())


def word_script() -> bytes:
    """The list as a script that hands it to the portal's page, where somebody makes a key."""
    words = ",".join(f'"{word}"' for word in word_list())
    return f'/* The words are {SOURCE}. */\ncoachbook.put("words",[{words}]);\n'.encode("ascii")


def draw_word(random: Random) -> str:
    """One word of the list by chance, each as likely as the others."""
    words = word_list()
    top = 65536 - 65536 % len(words)  # beyond it, the first words would come up more often
    while (number := int.from_bytes(random(2), "big")) >= top:
        pass
    return words[number % len(words)]
