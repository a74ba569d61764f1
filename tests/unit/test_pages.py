"""Templates see only what the page's readers may see, and nothing else at all."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from coachbook.audience import PUBLIC, FlowError, Labelled, audience, public
from coachbook.errors import BuildError
from coachbook.pages import open_templates, render_page, templates_stamp

if TYPE_CHECKING:
    from pathlib import Path

WREN = audience("p-7kq2m4xa")
IDRIS = audience("p-3fd0aaaa")


def render(workspace: Path, template: str, model: dict[str, object], to: str = "public") -> str:
    """Renders one template written in the workspace's own folder."""
    folder = workspace / "site_templates" / "pages"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "try.html").write_text(template, encoding="utf-8")
    page = PUBLIC if to == "public" else audience(*to.split())
    return render_page(open_templates(workspace), "pages/try.html", model, page)


def test_a_file_of_any_size_is_told_from_what_it_was_before(tmp_path: Path) -> None:
    """A picture that no memory holds is not read to see whether the look has changed."""
    picture = tmp_path / "site_templates/theme/assets/face.png"
    picture.parent.mkdir(parents=True)
    picture.write_bytes(b"")
    stamps = [templates_stamp(tmp_path)]
    for size, time in ((3, 1), (2**36, 1), (2**36, 2), (2**36 + 1, 2)):
        os.truncate(picture, size)
        os.utime(picture, ns=(time, time))
        stamps.append(templates_stamp(tmp_path))

    assert len(set(stamps)) == 5


def test_a_template_with_any_name_counts(tmp_path: Path) -> None:
    """A name that is no text, as an old archive leaves it, ends no build in a traceback."""
    folder = tmp_path / "site_templates"
    folder.mkdir()
    stamps = {templates_stamp(tmp_path)}
    for letter in (b"\xfc", b"\xfd") if sys.platform == "linux" else (b"u", b"y"):
        (folder / os.fsdecode(b"gr" + letter + b"n.css")).touch()
        stamps.add(templates_stamp(tmp_path))

    assert len(stamps) == 3


def test_value_is_shown_to_its_readers(tmp_path: Path) -> None:
    """A value is shown on a page whose readers may all see it."""
    model = {"goal": Labelled("wait time", audience("p-7kq2m4xa", "p-3fd0aaaa"), "c-1, Goal")}

    assert render(tmp_path, "{{ goal }}", model, to="p-7kq2m4xa") == "wait time"


def test_value_for_fewer_people_ends_the_build(tmp_path: Path) -> None:
    """A page that would show a value to one more person does not build, and says which."""
    model = {"cycles": [{"goal": Labelled("wait time", WREN, "c-0a1b, Goal")}]}

    with pytest.raises(FlowError) as caught:
        render(tmp_path, "nothing printed", model, to="p-7kq2m4xa p-3fd0aaaa")

    assert "p-3fd0aaaa" in caught.value.message
    assert "wait time" not in caught.value.message


def test_value_without_label_ends_the_build(tmp_path: Path) -> None:
    """Forgetting to say who may see a value is an error, never a default."""
    with pytest.raises(BuildError) as caught:
        render(tmp_path, "{{ cycles }}", {"cycles": [{"goal": "wait time"}]})

    assert caught.value.message == "the page's value cycles[].goal does not say who may see it"


def test_label_covers_all_that_it_holds(tmp_path: Path) -> None:
    """A labelled list or mapping is let through as a whole."""
    model = {"steps": public([{"text": "wait", "days": (1, 2)}], "test")}

    assert render(tmp_path, "{{ steps[0].text }} {{ steps[0].days[1] }}", model) == "wait 2"


def test_label_inside_a_label_still_counts(tmp_path: Path) -> None:
    """A narrow value inside a wide one is not let through with it."""
    model = {"steps": public([Labelled("wait", WREN, "c-0a1b")], "test")}

    with pytest.raises(FlowError):
        render(tmp_path, "{{ steps }}", model)


def test_text_is_not_read_as_html(tmp_path: Path) -> None:
    """Text from a record can't bring script or markup into a page."""
    page = render(tmp_path, "{{ name }}", {"name": public("<b>O'Shea</b>", "test")})

    assert page == "&lt;b&gt;O&#39;Shea&lt;/b&gt;"


@pytest.mark.parametrize(
    "template",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ cycler.__init__.__globals__.os.environ }}",
        "{{ lipsum.__globals__ }}",
        "{{ self.__init__.__globals__ }}",
        "{% include '../../secret.txt' %}",
        "{% include '/etc/hostname' %}",
        "{{ missing }}",
        "{{ name.missing }}",
        "{{ name + 1 }}",
        "{% if %}",
    ],
)
def test_template_cannot_reach_out(tmp_path: Path, template: str) -> None:
    """A workspace's template sees its model, not Python, the environment or other files."""
    (tmp_path / "secret.txt").write_text("canary", encoding="utf-8")

    with pytest.raises(BuildError) as caught:
        render(tmp_path, template, {"name": public("canary", "test")})

    assert caught.value.message.startswith("site_templates/")
    assert "canary" not in caught.value.message + caught.value.hint


def test_template_that_is_a_link_is_refused(tmp_path: Path) -> None:
    """A link to a file outside the templates is not followed."""
    (tmp_path / "secret.txt").write_text("canary", encoding="utf-8")
    (tmp_path / "site_templates").mkdir()
    (tmp_path / "site_templates" / "try.html").symlink_to(tmp_path / "secret.txt")

    with pytest.raises(BuildError, match="a link to a file elsewhere"):
        render_page(open_templates(tmp_path), "try.html", {}, PUBLIC)


def test_own_template_comes_first(tmp_path: Path) -> None:
    """A workspace's own template is used instead of the one that coachbook brings along."""
    (tmp_path / "site_templates" / "handbook").mkdir(parents=True)
    (tmp_path / "site_templates" / "handbook" / "about.md").write_text("Ours\n", encoding="utf-8")

    assert render_page(open_templates(tmp_path), "handbook/about.md", {}, PUBLIC) == "Ours\n"


def test_own_settings_and_pictures_are_found(tmp_path: Path) -> None:
    """A workspace's own mkdocs.yml and its theme assets are handed to the builder."""
    (tmp_path / "mkdocs.yml").write_bytes(b"site_name: ours\n")
    (tmp_path / "site_templates" / "theme" / "assets").mkdir(parents=True)

    templates = open_templates(tmp_path)

    assert templates.settings == b"site_name: ours\n"
    assert templates.assets == tmp_path / "site_templates" / "theme" / "assets"
    assert (templates.theme / "main.html").is_file()
    assert not templates.theme.is_relative_to(tmp_path)


def test_without_workspace_ours_are_used(tmp_path: Path) -> None:
    """A workspace that brings nothing along gets our templates and settings."""
    templates = open_templates(tmp_path)

    assert templates.assets is None
    assert b"docs_dir" in templates.settings
