"""What a worker does: what it was sent for, or why it does not."""

from __future__ import annotations

import pickle
import threading
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coachbook.cluster.faults import INSTALL, StrangeWorkerError
from coachbook.errors import CoachbookError
from coachbook.release import differences, release
from coachbook.sentences import join
from coachbook.values import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_ALONE = threading.Lock()
"""In a worker: its threads take turns, as they would only wait for each other."""


@frozen
class Failed:
    """What a part gives that could not be done, and why."""

    reason: str


@frozen(repr=False)
class Answer:
    """What a worker sends back."""

    value: object


@frozen
class Refusal:
    """Why a worker did not begin: it is not one that may answer."""

    message: str
    hint: str


def run_errand(theirs: Mapping[str, str], packed: bytes) -> bytes:
    """In a worker: does what it was sent for, and packs what that gives.

    Nothing is raised, as dask would write it into its log.
    """
    unlike = differences(theirs, release())
    if unlike:
        return pickle.dumps(Refusal(f"a worker has another program: {join(unlike)}", INSTALL))
    work, given = pickle.loads(packed)  # noqa: S301 (a cluster is trusted: docs/scale.md)
    with _ALONE:
        return pickle.dumps(_done(work, given))


def _done(work: Callable[[Any], object], given: object) -> Answer | Refusal | Failed:
    try:
        return Answer(work(given))
    except StrangeWorkerError as error:
        return Refusal(error.message, error.hint)
    except CoachbookError as error:
        return Failed(error.message)
    except Exception as error:  # noqa: BLE001 - it goes to whoever asked, without what it quotes
        return Failed(f"{type(error).__name__} in {_place(error)}")


def _place(error: Exception) -> str:
    """Where in the program an error arose, without what was at hand there."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno}"
