"""The programs that a measurement needs: a MongoDB server, gunicorn, and wrk, which asks it."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT / "tests"))
from app.processes import free_port, mongodb_in, running  # noqa: E402

__all__ = ["Load", "Server", "ask", "ask_who", "gunicorn", "log_in", "mongodb_in", "require_wrk"]

#: What wrk runs; the last lines say in JSON what came of all requests.
_SCRIPT = """
wrk.method = "POST"
%s
done = function(summary)
  local failed = summary.errors
  io.write(string.format(
    '\\n{"requests": %%d, "microseconds": %%d, "refused": %%d, "broken": %%d}\\n',
    summary.requests, summary.duration, failed.status,
    failed.connect + failed.read + failed.write + failed.timeout))
end
"""

_ASK_WHO = """
wrk.path = "/user_info"
wrk.headers["Cookie"] = %s
"""

_LOG_IN = """
wrk.headers["Content-Type"] = "application/json"
request = function()
  local body = string.format('{"username": "user%%d", "password": %%s}', math.random(0, %d), %s)
  return wrk.format("POST", "/login", nil, body)
end
"""


#: Seconds of the longest load.
_LONGEST = 60


class Missing(Exception):
    """A program is not there."""


def require_wrk() -> None:
    """Look for wrk.

    Raises:
        Missing: it is not on the PATH.
    """
    if shutil.which("wrk") is None:
        raise Missing(
            "wrk is not on the PATH. It is what asks the servers here, because a client in Python "
            "would take from them the processor that is measured. Debian: apt-get install wrk; "
            "macOS: brew install wrk."
        )


@dataclass(frozen=True)
class Load:
    """What came of one load.

    Attributes:
        a_second: requests answered in a second.
        processor: milliseconds of processor that the app's processes took for one request.
    """

    a_second: float
    processor: float


@dataclass(frozen=True)
class Server:
    """An app that is being served.

    Attributes:
        address: where.
        process: the first of its processes, which started the others.
    """

    address: str
    process: psutil.Process

    def processes(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]

    def processor_seconds(self) -> float:
        times = [process.cpu_times() for process in self.processes()]
        return sum(one.user + one.system for one in times)

    def memory(self) -> int:
        """Return the bytes that its processes hold, each shared page counted once (PSS)."""
        return sum(process.memory_full_info().pss for process in self.processes())


@contextmanager
def gunicorn(
    app: str, folder: Path, *, workers: int = 4, threads: int = 1, **settings: str
) -> Iterator[Server]:
    """Serve an app with several workers, as docs/app.md says.

    Args:
        app: where gunicorn finds it.
        folder: where the log goes.
        workers: how many processes.
        threads: how many threads in each.
        **settings: environment variables.
    """
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--preload", "--workers", str(workers)]
    command += ["--threads", str(threads), "--bind", f"127.0.0.1:{port}", "--timeout", "120"]
    command += ["--chdir", str(ROOT / "benchmarks"), "--no-control-socket", app]
    log = folder / f"gunicorn_{port}.txt"
    with running(command, "Booting worker", log, **settings) as process:
        yield Server(f"http://127.0.0.1:{port}", psutil.Process(process.pid))


def ask_who(cookies: Mapping[str, str]) -> str:
    """Write the request of somebody who is logged in and asks who that is."""
    cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
    return _ASK_WHO % json.dumps(cookie)


def log_in(users: int, password: str) -> str:
    """Write the request that logs in, as one of several users by chance."""
    return _LOG_IN % (users - 1, json.dumps(json.dumps(password)))


def ask(server: Server, request: str, folder: Path, *, seconds: int, at_once: int = 8) -> Load:
    """Send the same request again and again, from several connections at once.

    Args:
        server: whom to ask.
        request: what `ask_who` or `log_in` wrote.
        folder: where the script for wrk goes.
        seconds: how long.
        at_once: how many connections.

    Raises:
        RuntimeError: an answer was a refusal, or a connection broke.
    """
    script = folder / "request.lua"
    script.write_text(_SCRIPT % request, "utf-8")
    said = {"requests": 0, "refused": 0, "broken": 0}
    while not any(said[kind] for kind in ("requests", "refused", "broken")) and seconds <= _LONGEST:
        before = server.processor_seconds()
        command = ["wrk", "--threads", "1", "--connections", str(at_once), "--timeout", "60s"]
        command += ["--duration", f"{seconds}s", "--script", str(script), server.address]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        said = json.loads(done.stdout.strip().splitlines()[-1])
        spent = server.processor_seconds() - before
        seconds *= 2  # nothing was answered yet
    if said["refused"] or said["broken"] or not said["requests"]:
        raise RuntimeError(f"{server.address} did not answer every request well: {said}")
    return Load(said["requests"] / said["microseconds"] * 1e6, spent / said["requests"] * 1e3)
