"""What a cluster may have to say, in our words."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from coachbook.errors import CoachbookError

if TYPE_CHECKING:
    from collections.abc import Iterator

INSTALL = "install the same versions, of coachbook too, on every computer of the cluster"


class ClusterError(CoachbookError):
    """The workers of a cluster cannot do what they were asked for."""


class StrangeWorkerError(ClusterError):
    """A worker is another program, or does not see the same files."""


@contextmanager
def translated() -> Iterator[None]:
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
            hint=INSTALL,
        ) from error
