"""A login among ten users, and among more and more of them; and the operations of each request."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from app.processes import environment
from people import add_users
from serving import ROOT, mongodb_in

from . import Row, Scale, in_turn
from .reads_and_logins import ARTICLE, CHEAPEST, COUNTED, FINISHED, settings

#: Logins a round, from which the median is taken. A scan of a million users takes a while.
_LOGINS = {FINISHED: 40, ARTICLE: 40}
_SLOW = {ARTICLE: {100_000: 3, 1_000_000: 1}}


def measure(scale: Scale) -> list[Row]:
    """Log in on databases that differ in their size, in turn."""
    with mongodb() as uri, ExitStack() as open_until_here:
        once: dict[str, Callable[[], float]] = {}
        for users in scale.users:
            for side in (FINISHED, ARTICLE):
                database = f"{uri}/{side[:8].strip()}_{users}"
                add_users(database, users, CHEAPEST if side == FINISHED else None)
                number = _SLOW.get(side, {}).get(users, _LOGINS[side])
                program = open_until_here.enter_context(_app(side, database, users))
                once[_name(side, users)] = _timing(program, number)
        values = in_turn(scale.rounds, once)
    row = Row("login among many users", "ms", values, notes={"users": list(scale.users)})
    for users in scale.users[1:]:
        aim = "<= 1.3" if users == scale.users[-1] else ""
        row.ratios.append((_name(FINISHED, users), _name(FINISHED, scale.users[0]), aim))
    for users in scale.users:
        row.ratios.append((_name(FINISHED, users), _name(ARTICLE, users), ""))
    return [row]


def count_operations(_: Scale) -> list[Row]:
    """Count what each kind of request asks of MongoDB; a count needs no rounds."""
    counts: dict[str, dict[str, dict[str, int]]] = {}
    with mongodb() as uri:
        add_users(f"{uri}/finished", 10, CHEAPEST)
        add_users(f"{uri}/counted", 10, CHEAPEST)
        add_users(f"{uri}/article", 10)
        counted = f"{uri}/counted"
        sides = {
            FINISHED: ("finished", settings(f"{uri}/finished")),
            COUNTED: ("finished", settings(counted, FLASKLOGIN_RATELIMIT_STORAGE_URI=counted)),
            ARTICLE: ("article", {"ARTICLE_URI": f"{uri}/article"}),
        }
        for side, (app, variables) in sides.items():
            counts[side] = json.loads(tell(app, "operations", variables))
    whole = {
        side: [float(sum(kinds["who is logged in"].values()))] for side, kinds in counts.items()
    }
    row = Row("operations of MongoDB for an authenticated read", "operations", whole)
    row.ratios = [(FINISHED, ARTICLE, "<= 1")]
    row.notes = {"operations": counts}
    return [row]


def tell(app: str, what: str, variables: dict[str, str]) -> str:
    """Start inside.py with ten users, and return the line that it prints last.

    Args:
        app: "finished" or "article".
        what: "operations" or "question".
        variables: the environment of the app.
    """
    done = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / "inside.py"), app, "10", what],
        capture_output=True,
        text=True,
        env=environment(**variables),
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return done.stdout.splitlines()[-1]


def _name(side: str, users: int) -> str:
    return f"{side}, {users:,} users"


@contextmanager
def mongodb() -> Iterator[str]:
    """Start a MongoDB server for the time of the context, and give its address."""
    with tempfile.TemporaryDirectory() as name:
        run = mongodb_in(Path(name))
        with run():
            yield run.uri


@contextmanager
def _app(side: str, database: str, users: int) -> Iterator[subprocess.Popen[str]]:
    finished = side == FINISHED
    variables = settings(database) if finished else {"ARTICLE_URI": database}
    command = [sys.executable, str(ROOT / "benchmarks" / "inside.py")]
    command += ["finished" if finished else "article", str(users), "logins"]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment(**variables),
    ) as program:
        try:
            _read(program)  # it is ready
            yield program
        finally:
            program.stdin.close()


def _timing(program: subprocess.Popen[str], number: int) -> Callable[[], float]:
    def once() -> float:
        program.stdin.write(f"{number}\n")
        program.stdin.flush()
        return float(_read(program))

    return once


def _read(program: subprocess.Popen[str]) -> object:
    line = program.stdout.readline()
    if not line:
        raise RuntimeError(f"{' '.join(program.args[1:])} ended with {program.wait()}")
    return json.loads(line)
