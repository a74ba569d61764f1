"""The scheduler of a cluster: one that answers at an address, or one begun on this computer."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from coachbook.cluster.crew import PATIENCE, Cluster
from coachbook.cluster.faults import ClusterError
from coachbook.errors import UsageError
from coachbook.workers import processors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from distributed import Security

LOCAL = "local"
"""The address of a cluster on this computer, which is made and ended with the command."""

_ADDRESS = re.compile(r"(?:(?:tcp|tls)://)?(?:\[[0-9A-Fa-f:]+\]|[\w.-]+):\d{1,5}")
_NO_PAGES: dict[str, list[str]] = {
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
}
"""No pages about its work: dask listens for them even where nobody wants any."""


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
