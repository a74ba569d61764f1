"""The git host's page for changing a record, from its page for a new one."""

from __future__ import annotations

import re

_NEW = re.compile(r"(?P<host>https://[^?#]*/)(?P<mark>_?)new/(?P<branch>[^?#{}]+?)/?(?:[?{].*)?")


def edit_page(new_file_url: str) -> str:
    """The address with `{path}` where the record's path belongs; empty where it can't be told.

    Hosts whose page for a new file is `…/new/BRANCH?…` or `…/_new/BRANCH/?…`
    change one at `…/edit/BRANCH/PATH` or `…/_edit/BRANCH/PATH`.
    """
    found = _NEW.fullmatch(new_file_url)
    if found is None:
        return ""
    return f"{found['host']}{found['mark']}edit/{found['branch']}/{{path}}"
