"""The workers of a cluster, given parts of some work until all are done."""

from __future__ import annotations

import pickle
import secrets
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from coachbook.cluster.errands import Answer, Failed, Refusal
from coachbook.cluster.faults import INSTALL, ClusterError, StrangeWorkerError, translated
from coachbook.release import release
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from distributed import Client, Future

    from coachbook.workers import Part

PATIENCE = 30
"""For so many seconds an address may stay silent, a worker's answer be on its way, or a cluster be
without a worker."""


@frozen
class Distant:
    """A task that is done far away.

    `work` is a function of a module, since the worker looks it up by its name. It is given what
    `ask` makes of what a part is about, and what it gives is handed to `take` beside that.
    """

    work: Callable[[Any], object]
    ask: Callable[[Any], object]
    take: Callable[[Any, Any], object]


@frozen
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
        with translated():
            found: Mapping[str, object] = self.cluster.client.ncores()
        return found

    def _begin(self, part: Part, key: str) -> Future[Any]:
        name, given = part
        task = self.tasks[name]
        packed = pickle.dumps((task.work, task.ask(given)))
        with translated():
            return self.cluster.client.submit(
                _messenger(), dict(release()), packed, key=key, pure=False
            )

    def _finished(self) -> list[Future[Any]]:
        """Those that have ended by now, after waiting for a second at most."""
        from distributed import wait  # noqa: PLC0415 (only where there is a cluster)

        with translated():
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

        with translated():
            try:
                found = future.result(timeout=self.cluster.patience)
            except KilledWorker:
                return Failed("each worker that began with it was lost, perhaps for want of memory")
            except TimeoutError:
                self._require_workers(waited=self.cluster.patience)
                return None
        future.release()
        if not isinstance(found, bytes):
            raise StrangeWorkerError(f"a worker has no coachbook that runs: {found}", hint=INSTALL)
        answer: object = pickle.loads(found)  # noqa: S301 (a cluster is trusted: docs/scale.md)
        return answer

    def _taken(self, part: Part, answer: object) -> object:
        if isinstance(answer, Refusal):
            raise StrangeWorkerError(answer.message, hint=answer.hint)
        if not isinstance(answer, Answer):
            return answer
        return self.tasks[part[0]].take(part[1], answer.value)


def _messenger() -> Callable[[Mapping[str, str], bytes], bytes | str]:
    """A function that is sent as it is, and not by its name.

    So a worker without coachbook can say that, and a scheduler needs to know nothing of it.
    """

    def coachbook(theirs: Mapping[str, str], packed: bytes) -> bytes | str:
        try:
            from coachbook.cluster.errands import run_errand  # noqa: PLC0415 (it may not be there)
        except Exception as error:  # noqa: BLE001 - a broken one raises anything
            return type(error).__name__
        return run_errand(theirs, packed)

    return coachbook
