"""Work that several processes share."""

from __future__ import annotations

import gc
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from coachbook.workers import Crew, left_over, processors

if TYPE_CHECKING:
    from pathlib import Path

NUMBERS = [("double", number) for number in range(20)]


@pytest.mark.parametrize("hands", [1, 2, 3])
def test_every_part_is_done_in_its_order(hands: int) -> None:
    """However many hands there are, what the parts give comes back in their order."""
    with Crew({"double": lambda number: 2 * number}, hands) as crew:
        found = crew.do(NUMBERS)

    assert found == [2 * number for number in range(20)]


@pytest.mark.parametrize("hands", [1, 2])
def test_parts_can_be_begun_and_waited_for_later(hands: int) -> None:
    """While helpers are at their parts, whoever asked goes on; it is told what each gives."""
    with Crew({"double": lambda number: 2 * number}, hands) as crew:
        first, then = crew.begin(NUMBERS[:10]), crew.begin(NUMBERS[10:])
        found = [*then(), *first()]

    assert found == [2 * number for number in (*range(10, 20), *range(10))]


@pytest.mark.parametrize(
    ("sizes", "hands", "shared"),
    [
        ([], 2, None),
        ([7], 2, 0),
        ([7, 7], 2, None),
        ([7, 7, 7], 2, 2),
        ([7, 7, 7, 1], 2, 2),
        ([7, 7, 7, 7], 2, None),
        ([40, 7], 2, 0),
        ([7] * 50, 2, None),
        ([7] * 50 + [0.2], 2, None),
        ([7] * 25, 2, None),
        ([7, 7, 7], 1, None),
        ([7, 7, 7], 3, None),
        ([7, 7, 7, 7], 3, 3),
    ],
)
def test_a_part_that_would_leave_others_idle_is_shared(
    sizes: list[float], hands: int, shared: int | None
) -> None:
    """The third school of three, or one that is larger than all others, is made by all hands."""
    assert left_over(sizes, hands, alone=0.25) == shared


def test_a_part_of_which_nothing_can_be_shared_is_not() -> None:
    """Where only one process could be at a part, sharing it gains nothing."""
    assert left_over([7, 7, 7], 2, alone=1) is None


def test_nobody_looks_for_garbage_within_a_part() -> None:
    """While a part is done nothing is gone through for garbage; afterwards it is as before."""
    with Crew({"ask": lambda _: gc.isenabled()}, 1) as crew:
        found = crew.do([("ask", None)])

    assert (found, gc.isenabled()) == ([False], True)


_BEGIN = """
import os, signal, sys
from coachbook.errors import BuildError
from coachbook.workers import Crew

signal.signal(signal.SIGINT, signal.default_int_handler)  # also where the tests run behind a shell
parent, text = os.getpid(), "loaded before"
"""


def _alone(script: str) -> list[str]:
    """What a script prints, line by line, in a process without the threads of the tests.

    Where several processes print, each writes a line at once: `print` may send the line and its
    end one after the other, and another's line between them.
    """
    done = subprocess.run(
        [sys.executable, "-c", _BEGIN + script],
        capture_output=True,
        check=True,
        text=True,
        timeout=120,  # a hang is a fault
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


def test_helpers_have_what_was_loaded_before() -> None:
    """Where a process can be copied, helpers do the work, with the values that it had."""
    told = _alone("""
with Crew({"tell": lambda _: (os.getpid(), text)}, 2) as crew:
    found = crew.do([("tell", None)] * 20)
print(parent in {pid for pid, _ in found})
print(*{text for _, text in found})
""")

    assert told == [str(sys.platform != "linux"), "loaded before"]


def test_a_fault_shows_as_it_would_without_helpers() -> None:
    """A part that cannot be done ends in its own error, words and remedy included."""
    told = _alone("""
def refuse(_):
    raise BuildError("the page is too wide", hint="make it narrower")

try:
    with Crew({"refuse": refuse}, 2) as crew:
        crew.do([("refuse", None)])
except BuildError as error:
    print(error.message)
    print(error.hint)
""")

    assert told == ["the page is too wide", "make it narrower"]


def test_the_part_of_a_killed_helper_is_done_again() -> None:
    """Where a helper is killed, for want of memory say, nothing is missing."""
    told = _alone("""
def die(number):
    if os.getpid() != parent and number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number

with Crew({"die": die}, 2) as crew:
    print(*crew.do([("die", number) for number in range(8)]))
    print(*crew.do([("die", 3)]))
""")

    assert told == ["0 1 2 3 4 5 6 7", "3"]


def test_helpers_end_with_their_parent() -> None:
    """A build that is killed leaves no helper at work behind it."""
    told = _alone("""
import subprocess
script = '''
import os, time
from coachbook.workers import Crew
def tell(_):
    os.write(1, b"%d\\\\n" % os.getpid())
    time.sleep(60)
with Crew({"tell": tell}, 2) as crew:
    crew.do([("tell", None)] * 2)
'''
with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as build:
    print(int(build.stdout.readline()) != build.pid)
    build.kill()
    build.communicate(timeout=20)  # until nobody is left who could still write
print("gone")
""")

    assert told == [str(sys.platform == "linux"), "gone"]


def test_a_command_that_is_stopped_does_not_wait_for_its_helpers() -> None:
    """Whatever a helper is at when somebody presses Ctrl-C, it tidies up and is gone at once."""
    told = _alone("""
import time

def sleep(number):
    try:
        if number == 1:
            time.sleep(0.1)  # until whoever waits for this has begun to wait
            os.kill(parent, signal.SIGINT)
        time.sleep(600)
    finally:
        os.write(1, b"tidied up\\n")

if sys.platform == "linux":
    try:
        with Crew({"sleep": sleep}, 2) as crew:
            crew.do([("sleep", number) for number in range(20)])
    except KeyboardInterrupt:
        print("stopped")
""")

    assert {*told} == ({"tidied up", "stopped"} if sys.platform == "linux" else set())


def test_a_signal_that_comes_while_helpers_are_made_ends_all() -> None:
    """A command that is stopped at that moment has helpers, and does not wait for them for ever."""
    told = _alone("""
from concurrent.futures import ProcessPoolExecutor as Pool

signal.signal(signal.SIGTERM, signal.default_int_handler)
launch = Pool._launch_processes
Pool._launch_processes = lambda pool: (launch(pool), os.kill(0, signal.SIGTERM))
os.setpgid(0, 0)
try:
    with Crew({"ask": lambda number: number}, 2) as crew:
        print(crew.do([("ask", number) for number in range(20)]))
        if sys.platform != "linux":
            raise KeyboardInterrupt
except KeyboardInterrupt:
    print("stopped")
""")

    assert told[-1] == "stopped"


def test_a_copy_that_a_signal_reaches_ends_without_a_word() -> None:
    """Whoever stops a command by its group sees what the command says, and no traceback."""
    told = _alone("""
import time
from coachbook.copies import apart, beside

for name in (signal.SIGTERM, signal.SIGHUP):
    signal.signal(name, signal.default_int_handler)
    with beside(lambda: (os.kill(os.getpid(), name), time.sleep(600))) as found:
        print(found())
    apart(lambda: (os.kill(os.getpid(), name), time.sleep(600)))
""")

    assert told == ["None", "None"]


def test_there_is_a_processor_at_least() -> None:
    """However little the system tells, one process can run."""
    assert processors() >= 1


def test_what_is_done_apart_leaves_its_traces_and_no_memory(tmp_path: Path) -> None:
    """A copy of the process does the work and is gone; elsewhere nothing is done."""
    told = _alone(f"""
from pathlib import Path
from coachbook.copies import apart

values, place = [], Path({str(tmp_path / "trace")!r})
apart(lambda: (values.append(1), place.write_text(str(os.getpid()))))
print(values, place.is_file() and place.read_text() != str(parent))
""")

    assert told == [f"[] {sys.platform == 'linux'}"]


def test_a_fault_of_work_done_apart_is_silent() -> None:
    """Whoever misses what it was to leave does the work again, and the fault shows there."""
    told = _alone("""
from coachbook.copies import apart

def fail():
    raise BuildError("somewhere else")

apart(fail)
apart(lambda: os.kill(os.getpid(), signal.SIGKILL))
print("on")
""")

    assert told == ["on"]


def test_work_beside_is_done_in_a_copy() -> None:
    """What a copy of this process finds is here as soon as it is asked for, however large."""
    told = _alone("""
from coachbook.copies import beside
with beside(lambda: (os.getpid(), "x" * 1_000_000)) as found:
    told = found()
print(told is None if sys.platform != "linux" else told[0] != parent and len(told[1]))
""")

    assert told == ["True" if sys.platform != "linux" else "1000000"]


def test_work_beside_that_fails_gives_nothing() -> None:
    """A fault in a copy is nobody's but the copy's: whoever asked does the work again."""
    told = _alone("""
from coachbook.copies import beside
with beside(lambda: 1 / 0) as found:
    print(found())
""")

    assert told == ["None"]


def test_work_beside_ends_when_nobody_waits_for_it() -> None:
    """A command that comes to its end leaves no copy behind that goes on."""
    told = _alone("""
import multiprocessing, time
from coachbook.copies import beside
with beside(lambda: time.sleep(600)):
    pass
print(multiprocessing.active_children())
""")

    assert told == ["[]"]
