"""Work that the workers of a dask cluster share: two processes, begun once for this file."""

from __future__ import annotations

import logging
import operator
import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Any

import cloudpickle
import pytest
from distributed import LocalCluster

from coachbook import distantportal, partcheck
from coachbook.book.workspace import Workspace
from coachbook.cache import Cache, open_cache
from coachbook.cli import main
from coachbook.cluster import (
    LOCAL,
    Cluster,
    ClusterError,
    Distant,
    Failed,
    StrangeWorkerError,
    crew,
    meeting,
    open_cluster,
)
from coachbook.distantportal import Away, DistantPortal
from coachbook.errors import UsageError
from coachbook.pages import open_templates, render_page, templates_stamp
from coachbook.partcheck import check_workspace
from coachbook.partportal import PartedPortal, Tools
from coachbook.publicpart import PORTAL
from coachbook.release import release
from coachbook.site import Job, build_site
from tests.schools import FIRST, make_schools
from tests.test_example import ROOT as EXAMPLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path
    from types import ModuleType

    from coachbook.audience import Audience
    from coachbook.fragments import Fragment
    from coachbook.listings import Shown

CANARY = "Heliotrope"
RELEASE = release()
NOTE = f"records/{FIRST}/2026-27/c-0a1b2c3d/2026-11-12-s-7kq2m4xa.md"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The scheduler of two workers."""
    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        memory_limit=None,
        local_directory=str(tmp_path_factory.mktemp("workers")),
        dashboard_address="127.0.0.1:0",
        silence_logs=logging.CRITICAL,
    ) as workers:
        yield workers.scheduler_address


@pytest.fixture
def cluster(address: str) -> Iterator[Cluster]:
    """Those workers, connected to."""
    with open_cluster(address) as connected:
        yield connected


@pytest.fixture
def alone() -> Iterator[Cluster]:
    """A scheduler that has no worker, and somebody who is not patient."""
    with (
        LocalCluster(
            n_workers=0,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            silence_logs=logging.CRITICAL,
        ) as workers,
        open_cluster(workers.scheduler_address, patience=2) as connected,
    ):
        yield connected


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace of two schools."""
    make_schools(tmp_path / "workspace")
    return tmp_path / "workspace"


@pytest.fixture
def cache(tmp_path: Path, root: Path) -> Cache:
    """A store that nothing has been left in."""
    return open_cache({"COACHBOOK_CACHE": str(tmp_path / "cache")}, root)


def do(cluster: Cluster, work: Callable[[Any], object], given: Sequence[object]) -> list[Any]:
    """What a task gives for each of these."""
    task = Distant(work, ask=lambda one: one, take=lambda _, found: found)
    return cluster.crew({"do": task}).do([("do", one) for one in given])


def fail(_: object) -> None:
    """Stops with words that nobody else may read."""
    raise ValueError(CANARY)


def kill_once(mark: Path) -> bool:
    """Kills the process that does this first; whoever does it then says so."""
    try:
        mark.touch(exist_ok=False)
    except FileExistsError:
        return True
    return kill(mark)


def kill(_: object) -> bool:
    """Kills the process that does this."""
    os.kill(os.getpid(), signal.SIGKILL)
    return False


def broken(module: ModuleType, name: str, school: str) -> None:
    """In a worker: from now on nothing can be made of one school."""
    make = getattr(module, name)

    def make_or_fail(first: object, view: object, of: str, *rest: object) -> object:
        if of == school:
            fail(of)
        return make(first, view, of, *rest)

    make_or_fail.mended = make  # type: ignore[attr-defined]
    setattr(module, name, make_or_fail)


def deadly(module: ModuleType, name: str, mark: Path) -> None:
    """In a worker: whoever calls this first is killed when it has done its work."""
    make = getattr(module, name)

    def make_and_die(*given: object) -> object:
        return (make(*given), kill_once(mark))[0]

    make_and_die.mended = make  # type: ignore[attr-defined]
    setattr(module, name, make_and_die)


def mended(module: ModuleType, name: str) -> None:
    """In a worker: everything is as it was."""
    now = getattr(module, name)
    setattr(module, name, getattr(now, "mended", now))


def test_every_part_is_done_in_its_order(cluster: Cluster) -> None:
    """Whichever worker is free does a part; what the parts give comes back in their order."""
    assert do(cluster, operator.neg, list(range(20))) == [-number for number in range(20)]


def test_a_part_that_fails_stops_no_other(cluster: Cluster) -> None:
    """What cannot be done says so, and everything else is done."""
    good, bad = Distant(operator.neg, int, lambda _, found: found), Distant(fail, int, max)

    found = cluster.crew({"good": good, "bad": bad}).do([("good", 1), ("bad", 2), ("good", 3)])

    assert found[::2] == [-1, -3]
    assert isinstance(found[1], Failed)


def test_a_failure_says_where_in_the_program_and_nothing_else(cluster: Cluster) -> None:
    """What a task had in its hands stands neither in its answer nor in a log of the cluster."""
    (found,) = do(cluster, fail, [CANARY])
    logs = (cluster.client.get_worker_logs(), cluster.client.get_scheduler_logs())

    assert re.fullmatch(r"ValueError in test_cluster\.py:\d+", found.reason)
    assert CANARY not in repr(logs)


def test_tasks_are_known_by_numbers(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever looks at a cluster's tasks sees no name of a school."""
    keys: list[str] = []
    submit: Callable[..., object] = cluster.client.submit

    def noted(*arguments: object, key: str, **options: object) -> object:
        keys.append(key)
        return submit(*arguments, key=key, **options)

    monkeypatch.setattr(cluster.client, "submit", noted)
    do(cluster, str, ["otterbeck", "saltmere"])

    assert [re.sub(r"[0-9a-f]{16}", "…", key) for key in keys] == [
        "coachbook-…-0",
        "coachbook-…-1",
    ]


def test_what_a_killed_worker_had_begun_is_done_by_another(
    cluster: Cluster, tmp_path: Path
) -> None:
    """A worker that is killed in the middle costs time and nothing else."""
    assert do(cluster, kill_once, [tmp_path / "mark"] * 5) == [True] * 5


def test_a_check_whose_worker_is_killed_finds_the_same(
    cluster: Cluster, root: Path, tmp_path: Path
) -> None:
    """Even one that is killed when it has checked a school, and not yet said what it found."""
    cluster.client.run(deadly, partcheck, "check_part", tmp_path / "mark")
    try:
        checked = check_workspace(Workspace(root), cluster=cluster)
    finally:
        cluster.client.run(mended, partcheck, "check_part")

    assert (tmp_path / "mark").exists()
    assert checked == check_workspace(Workspace(root))


def test_the_portal_is_the_same_byte_for_byte_before_it_is_sealed(cluster: Cluster) -> None:
    """Each page of the example has the same text, readers and place in the indexes."""
    made: dict[str, bytes] = {}
    here = portal_of(Workspace(EXAMPLE), None, made)

    sealed: dict[str, bytes] = {}
    there = portal_of(Workspace(EXAMPLE), cluster, sealed)

    assert there == here
    assert sealed.keys() == made.keys()


def portal_of(
    workspace: Workspace, cluster: Cluster | None, made: dict[str, bytes]
) -> tuple[Shown, ...]:
    """A portal with the findings of its check; what was made of it is put into `made`."""
    templates = open_templates(workspace.root)
    findings = check_workspace(workspace, cluster=cluster).findings

    def render(name: str, model: Mapping[str, object], audience: Audience) -> str:
        return render_page(templates, name, model, audience)

    def keep(fragment: Fragment) -> None:
        assert fragment.name not in made
        made[fragment.name] = fragment.plaintext

    look = templates_stamp(workspace.root)
    tools = Tools(render, keep, lambda _view, _school: None, lambda _: False, look)
    if cluster is None:
        return PartedPortal(workspace, findings, tools).make()
    away = Away(cluster, {}, made.__setitem__)
    return DistantPortal(workspace, findings, tools, (), away).make()


def test_check_finds_the_same(cluster: Cluster, root: Path) -> None:
    """Findings, files and sealed sections are those of one process."""
    assert check_workspace(Workspace(root), cluster=cluster) == check_workspace(Workspace(root))


def test_check_hands_over_only_what_has_changed(
    alone: Cluster, cluster: Cluster, root: Path, cache: Cache
) -> None:
    """What an earlier check has left is taken over, and no worker is asked for it."""
    checked = check_workspace(Workspace(root, cache=cache), cluster=cluster)

    assert check_workspace(Workspace(root, cache=cache), cluster=alone) == checked


def test_the_command_prints_the_same(
    address: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`check --scheduler ADDRESS` differs in nothing from `check`."""
    status = main(["check", "-C", str(root)]), capsys.readouterr().out
    distant = main(["check", "-C", str(root), "--scheduler", address]), capsys.readouterr().out

    assert distant == status


def job(root: Path, cache: Cache, cluster: Cluster) -> Job:
    """A build of the portal alone, whatever a check finds."""
    workspace = Workspace(root, cache=cache)
    return Job(
        workspace.shared,
        (),
        os.urandom,
        parts=(PORTAL,),
        cache=cache,
        workspace=workspace,
        cluster=cluster,
    )


def test_a_school_that_cannot_be_made_is_held_back_alone(
    cluster: Cluster, root: Path, cache: Cache, tmp_path: Path
) -> None:
    """Its last good pages stay, sealed as they were; the site says so and is published."""
    out = tmp_path / "site"
    good = build_site(job(root, cache, cluster), out)
    before = {path.name: path.read_bytes() for path in (out / PORTAL / "data").iterdir()}
    note = (root / NOTE).read_text(encoding="utf-8")
    (root / NOTE).write_text(note.replace("minutes: 14", "minutes: 13"), encoding="utf-8")

    cluster.client.run(broken, distantportal, "held_by_part", FIRST)
    try:
        built = build_site(job(root, cache, cluster), out)
    finally:
        cluster.client.run(mended, distantportal, "held_by_part")

    after = {path.name: path.read_bytes() for path in (out / PORTAL / "data").iterdir()}
    assert (good.stopped, list(built.stopped)) == ({}, [FIRST])
    assert "ValueError" in built.failed[FIRST]
    assert sum(after.get(name) == data for name, data in before.items()) > len(before) / 2


def test_the_last_good_site_stays_where_no_worker_is_left(
    alone: Cluster, root: Path, cache: Cache, tmp_path: Path
) -> None:
    """The command ends, says so, and nothing was touched."""
    (tmp_path / "site").mkdir()

    with pytest.raises(ClusterError, match="the cluster has no worker left") as caught:
        build_site(job(root, cache, alone), tmp_path / "site")

    assert caught.value.exit_status == 2
    assert [path.name for path in tmp_path.iterdir() if "site" in path.name] == ["site"]


def test_a_worker_with_another_program_is_refused(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What differs is named, with the versions on either side."""
    monkeypatch.setattr(crew, "release", lambda: {**RELEASE, "jinja2": "1.0"})

    with pytest.raises(StrangeWorkerError, match=r"another program: jinja2 \S+ there, 1\.0 here"):
        do(cluster, operator.neg, [1])


def test_a_worker_without_coachbook_is_refused() -> None:
    """What is sent runs there as far as it takes to say so."""
    sent = cloudpickle.dumps(crew._messenger())
    script = (
        "import pickle, sys; sys.modules['coachbook'] = None; "
        "print(pickle.loads(sys.stdin.buffer.read())({}, b''))"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, input=sent, capture_output=True, check=True)

    assert (done.stdout.split(), done.stderr) == ([b"ModuleNotFoundError"], b"")


def test_a_worker_that_sees_other_records_is_refused(cluster: Cluster, root: Path) -> None:
    """Where one file differs from what was counted on, nothing is taken from the worker."""
    workspace = Workspace(root)
    assert workspace.record_prints
    (root / NOTE).write_bytes((root / NOTE).read_bytes() + b"\n")

    with pytest.raises(StrangeWorkerError, match="does not see the same records: 1 of"):
        check_workspace(workspace, cluster=cluster)


def test_a_worker_that_sees_other_templates_is_refused(cluster: Cluster, root: Path) -> None:
    """Pages of another look are never mixed in."""
    workspace = Workspace(root)
    nothing = Tools(
        lambda _name, _model, _audience: "",
        lambda _: None,
        lambda _view, _school: None,
        lambda _: False,
        b"another look",
    )
    away = Away(cluster, {}, lambda _name, _sealed: None)

    with pytest.raises(StrangeWorkerError, match="the same templates"):
        DistantPortal(workspace, (), nothing, (), away).make()


def test_nobody_at_an_address_is_said_in_time() -> None:
    """Neither an address where nothing listens nor one that stays silent is waited for."""
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        where = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(ClusterError, match=f"no scheduler answers at {where}"):
            open_cluster(where, patience=1).__enter__()
    with pytest.raises(ClusterError, match="no scheduler answers"):
        open_cluster(where, patience=1).__enter__()


@pytest.mark.parametrize("address", ["", "host", "http://host:1", "tcp://", "tcp://a b:1"])
def test_what_is_no_address_is_said_at_once(address: str) -> None:
    """An address has the form that dask prints."""
    with pytest.raises(UsageError, match="is no address of a scheduler"):
        open_cluster(address).__enter__()


def test_a_missing_library_is_named_with_what_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Most schools never need it, so it comes with an extra."""
    monkeypatch.setitem(sys.modules, "distributed", None)

    with pytest.raises(UsageError, match="needs dask") as caught:
        open_cluster(LOCAL).__enter__()

    assert caught.value.hint == "run: pip install 'coachbook[scale]'"


def test_a_cluster_of_this_computer_is_its_users_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """It asks for a certificate that was made now, so nobody else on the computer can use it."""
    monkeypatch.setattr(meeting, "processors", lambda: 1)

    with open_cluster(LOCAL) as own:
        where: str = own.client.scheduler_info()["address"]
        found = do(own, operator.neg, [1])
        with pytest.raises(ClusterError, match="no scheduler answers"):
            open_cluster(where.replace("tls://", "tcp://"), patience=1).__enter__()

    assert found == [-1]
