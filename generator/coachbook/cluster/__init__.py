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

from coachbook.cluster.crew import PATIENCE, Cluster, ClusterCrew, Distant
from coachbook.cluster.errands import Failed, run_errand
from coachbook.cluster.faults import ClusterError, StrangeWorkerError
from coachbook.cluster.meeting import LOCAL, open_cluster

__all__ = [
    "LOCAL",
    "PATIENCE",
    "Cluster",
    "ClusterCrew",
    "ClusterError",
    "Distant",
    "Failed",
    "StrangeWorkerError",
    "open_cluster",
    "run_errand",
]
