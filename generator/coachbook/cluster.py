"""Work that the workers of a dask cluster share, on this computer or on several.

    with open_cluster("tcp://host:8786") as cluster:
        tasks = {"check": Distant(check_portion, ask=portion_of_school, take=keep_findings)}
        cluster.crew(tasks).do([("check", "otterbeck"), ("check", "fernhollow")])

It is asked as a `workers.Crew` is: what each part gives comes in their order. A part whose worker
is lost is done again by another. One that cannot be done gives `Failed`, and the others go on.
Only as many parts are on their way as there are workers, and one more; what comes back is taken
one by one, so that nobody holds all of it.

A worker answers only where it is the same program. What is sent and what comes back has no text
of a sealed section, and no key; tasks are known by numbers, and a task that fails says where in
the program, since everything else would stand in the cluster's logs.
"""

from __future__ import annotations

import pickle
import re
import secrets
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coachbook.errors import CoachbookError, UsageError
from coachbook.release import differences, release
from coachbook.sentences import join
from coachbook.workers import processors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from distributed import Client, Future, Security

    from coachbook.workers import Part

LOCAL = "local"
"""The address of a cluster on this computer, which is made and ended with the command."""

PATIENCE = 30
"""For so many seconds an address may stay silent, a worker's answer be on its way, or a cluster be
without a worker."""

_ADDRESS = re.compile(r"(?:(?:tcp|tls)://)?(?:\[[0-9A-Fa-f:]+\]|[\w.-]+):\d{1,5}")
_NO_PAGES: dict[str, list[str]] = {
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
}
"""No pages about its work: dask listens for them even where nobody wants any."""

_INSTALL = "install the same versions, of coachbook too, on every computer of the cluster"
_ALONE = threading.Lock()
"""In a worker: its threads take turns, as they would only wait for each other."""


class ClusterError(CoachbookError):
    """The workers of a cluster cannot do what they were asked for."""


class StrangeWorkerError(ClusterError):
    """A worker is another program, or does not see the same files."""


@dataclass(frozen=True, slots=True)
class Distant:
    """A task that is done far away.

    `work` is a function of a module, since the worker looks it up by its name. It is given what
    `ask` makes of what a part is about, and what it gives is handed to `take` beside that.
    """

    work: Callable[[Any], object]
    ask: Callable[[Any], object]
    take: Callable[[Any, Any], object]


@dataclass(frozen=True, slots=True)
class Failed:
    """What a part gives that could not be done, and why."""

    reason: str


@dataclass(frozen=True, slots=True, repr=False)
class _Answer:
    """What a worker sends back."""

    value: object


@dataclass(frozen=True, slots=True)
class _Refusal:
    """Why a worker did not begin: it is not one that may answer."""

    message: str
    hint: str


@contextmanager
def open_cluster(address: str, patience: int = PATIENCE) -> Iterator[Cluster]:
    """The cluster whose scheduler has this address, or one of this computer's own.

    Args:
        address: as dask writes it, such as tcp://host:8786, or `LOCAL`.
        patience: how many seconds to wait where nobody answers.
    """
    if address != LOCAL and not _ADDRESS.fullmatch(address):
        raise UsageError(
            f"`{address}` is no address of a scheduler; expected one such as tcp://host:8786",
            hint=f"dask prints it when its scheduler begins; `{LOCAL}` uses this computer alone",
        )
    with ExitStack() as stack:
        stack.enter_context(_quiet())
        with _installed():
            from distributed import Client, Security  # noqa: PLC0415 (only where it is asked for)
        where, security = address, Security()
        if address == LOCAL:
            where, security = stack.enter_context(_local_scheduler())
        _require_answer(where, security, patience)
        client = Client(where, security=security, timeout=patience)
        stack.callback(client.close, timeout=patience)
        yield Cluster(client, patience)


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster that somebody has connected to."""

    client: Client
    patience: int = PATIENCE

    def crew(self, tasks: Mapping[str, Distant]) -> ClusterCrew:
        """The workers, for as long as they are asked for these tasks."""
        return ClusterCrew(self, tasks)


@dataclass(slots=True)
class ClusterCrew:
    """The workers of a cluster, and what they can be asked to do."""

    cluster: Cluster
    tasks: Mapping[str, Distant]
    _lonely: int = 0
    _running: dict[Future[Any], int] = field(default_factory=dict)

    def do(self, parts: Sequence[Part]) -> list[Any]:
        """What each part gives, in their order; `Failed` for one that could not be done."""
        run, found = secrets.token_hex(8), dict[int, Any]()
        waiting = iter(enumerate(parts))
        while len(found) < len(parts):
            for number, part in islice(waiting, self._room()):
                self._running[self._begin(part, f"coachbook-{run}-{number}")] = number
            for future in self._finished():
                number = self._running[future]
                answer = self._answer(future)
                if answer is None:
                    continue  # its worker is lost, and another one does it again
                del self._running[future]
                found[number] = self._taken(parts[number], answer)
        return [found[number] for number in range(len(parts))]

    def _room(self) -> int:
        """How many more parts may be on their way; none where workers have just been lost."""
        return max(0, 1 + len(self._workers()) - len(self._running))

    def _workers(self) -> Mapping[str, object]:
        with _translated():
            found: Mapping[str, object] = self.cluster.client.ncores()
        return found

    def _begin(self, part: Part, key: str) -> Future[Any]:
        name, given = part
        task = self.tasks[name]
        packed = pickle.dumps((task.work, task.ask(given)))
        with _translated():
            return self.cluster.client.submit(
                _messenger(), dict(release()), packed, key=key, pure=False
            )

    def _finished(self) -> list[Future[Any]]:
        """Those that have ended by now, after waiting for a second at most."""
        from distributed import wait  # noqa: PLC0415 (only where there is a cluster)

        with _translated():
            try:
                done = wait(list(self._running), timeout=1, return_when="FIRST_COMPLETED").done
            except TimeoutError:
                self._require_workers(waited=1)
                return []
        self._lonely = 0
        return sorted(done, key=self._running.__getitem__)

    def _require_workers(self, waited: int) -> None:
        """Raises ClusterError where for too long there has been nobody to do anything."""
        self._lonely = 0 if self._workers() else self._lonely + waited
        if self._lonely >= self.cluster.patience:
            raise ClusterError(
                "the cluster has no worker left",
                hint="start its workers again, then repeat the command",
            )

    def _answer(self, future: Future[Any]) -> object | None:
        """What a worker has sent back; None where it was lost before that."""
        from distributed import KilledWorker  # noqa: PLC0415 (only where there is a cluster)

        with _translated():
            try:
                found = future.result(timeout=self.cluster.patience)
            except KilledWorker:
                return Failed("each worker that began with it was lost, perhaps for want of memory")
            except TimeoutError:
                self._require_workers(waited=self.cluster.patience)
                return None
        future.release()
        if not isinstance(found, bytes):
            raise StrangeWorkerError(f"a worker has no coachbook that runs: {found}", hint=_INSTALL)
        answer: object = pickle.loads(found)  # noqa: S301 (a cluster is trusted: docs/scale.md)
        return answer

    def _taken(self, part: Part, answer: object) -> object:
        if isinstance(answer, _Refusal):
            raise StrangeWorkerError(answer.message, hint=answer.hint)
        if not isinstance(answer, _Answer):
            return answer
        return self.tasks[part[0]].take(part[1], answer.value)


def run_errand(theirs: Mapping[str, str], packed: bytes) -> bytes:
    """In a worker: does what it was sent for, and packs what that gives.

    Nothing is raised, as dask would write it into its log.
    """
    unlike = differences(theirs, release())
    if unlike:
        return pickle.dumps(_Refusal(f"a worker has another program: {join(unlike)}", _INSTALL))
    work, given = pickle.loads(packed)  # noqa: S301 (a cluster is trusted: docs/scale.md)
    with _ALONE:
        return pickle.dumps(_done(work, given))


def _done(work: Callable[[Any], object], given: object) -> _Answer | _Refusal | Failed:
    try:
        return _Answer(work(given))
    except StrangeWorkerError as error:
        return _Refusal(error.message, error.hint)
    except CoachbookError as error:
        return Failed(error.message)
    except Exception as error:  # noqa: BLE001 - it goes to whoever asked, without what it quotes
        return Failed(f"{type(error).__name__} in {_place(error)}")


def _messenger() -> Callable[[Mapping[str, str], bytes], bytes | str]:
    """A function that is sent as it is, and not by its name.

    So a worker without coachbook can say that, and a scheduler needs to know nothing of it.
    """

    def coachbook(theirs: Mapping[str, str], packed: bytes) -> bytes | str:
        try:
            from coachbook.cluster import run_errand  # noqa: PLC0415 (it may not be there)
        except Exception as error:  # noqa: BLE001 - a broken one raises anything
            return type(error).__name__
        return run_errand(theirs, packed)

    return coachbook


@contextmanager
def _translated() -> Iterator[None]:
    """Says in our words what the library has to say."""
    from distributed import CancelledError  # noqa: PLC0415 (only where there is a cluster)

    try:
        yield
    except ClusterError:
        raise
    except (OSError, CancelledError) as error:
        raise ClusterError(
            "the connection to the cluster was lost",
            hint="see whether its scheduler still runs, then repeat the command",
        ) from error
    except Exception as error:
        raise StrangeWorkerError(
            f"the cluster cannot run coachbook: {type(error).__name__}",
            hint=_INSTALL,
        ) from error


@contextmanager
def _installed() -> Iterator[None]:
    """Says what to install where the library is missing."""
    try:
        yield
    except ImportError as error:
        raise UsageError(
            "--scheduler needs dask, which is not installed here",
            hint="run: pip install 'coachbook[scale]'",
        ) from error


def _require_answer(address: str, security: Security, patience: int) -> None:
    """Raises ClusterError where no scheduler answers in time; the library itself would wait."""
    import asyncio  # noqa: PLC0415 (slow to import, and needed where there is a cluster alone)

    from distributed.comm.core import connect  # noqa: PLC0415 (only where there is a cluster)

    async def greet() -> None:
        arguments = security.get_connection_args("client")
        comm = await connect(address, timeout=patience, **arguments)
        await comm.close()

    def ask() -> None:
        asyncio.run(asyncio.wait_for(greet(), patience))

    try:
        # In a thread of its own: in this one a loop of somebody else's may be running.
        with ThreadPoolExecutor(1) as alone:
            alone.submit(ask).result()
    except (OSError, ValueError, TypeError, RuntimeError) as error:
        raise ClusterError(
            f"no scheduler answers at {address}",
            hint="see whether it runs there, and whether this computer may reach it",
        ) from error


@contextmanager
def _local_scheduler() -> Iterator[tuple[str, Security]]:
    """A cluster of this computer's own: a worker for each processor, and how to reach them.

    It has certificates of its own, made now: on a computer that several people use, nobody else
    can ask it for anything.
    """
    import logging  # noqa: PLC0415 (only where there is a cluster)
    import tempfile  # noqa: PLC0415 (only where there is a cluster)

    import dask.config  # noqa: PLC0415 (only where there is a cluster)
    from distributed import LocalCluster, Security  # noqa: PLC0415 (only where there is a cluster)

    security = Security.temporary()
    with (
        tempfile.TemporaryDirectory() as folder,
        dask.config.set({**_NO_PAGES, "temporary-directory": folder}),
        LocalCluster(
            n_workers=processors(),
            threads_per_worker=1,
            memory_limit=None,
            local_directory=folder,
            dashboard_address="127.0.0.1:0",
            scheduler_kwargs={"dashboard": False},
            silence_logs=logging.CRITICAL,
            protocol="tls://",
            security=security,
        ) as cluster,
    ):
        yield cluster.scheduler_address, security


@contextmanager
def _quiet() -> Iterator[None]:
    """Lets nothing but our own words onto the terminal meanwhile."""
    import logging  # noqa: PLC0415 (only where there is a cluster)

    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)


def _place(error: Exception) -> str:
    """Where in the program an error arose, without what was at hand there."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno}"
