"""Rules as a table, one module per family, and the functions that run them.

    findings = check_book(book)
    find_rule("CB202").page.why

A rule is a function whose docstring is its manual page (`rule`), with a row in
`table`; `checking` runs them. `tests/rules/<code>` has a record that passes, one
that does not, and the exact report.
"""

from coachbook.rules.checking import (
    Tally,
    check_book,
    check_plain,
    check_record,
    check_section,
    check_since,
    check_text,
    forbids_sealing,
    tally,
)
from coachbook.rules.rule import AnyRule, Case, Finding, Page, Passage, Rule, Since
from coachbook.rules.table import (
    BOOK_RULES,
    PLAIN_RULES,
    RECORD_RULES,
    RULES,
    TEXT_RULES,
    find_rule,
)

__all__ = [
    "BOOK_RULES",
    "PLAIN_RULES",
    "RECORD_RULES",
    "RULES",
    "TEXT_RULES",
    "AnyRule",
    "Case",
    "Finding",
    "Page",
    "Passage",
    "Rule",
    "Since",
    "Tally",
    "check_book",
    "check_plain",
    "check_record",
    "check_section",
    "check_since",
    "check_text",
    "find_rule",
    "forbids_sealing",
    "tally",
]
