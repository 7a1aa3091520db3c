"""Programs that run beside a test: a MongoDB server, and whatever serves the app."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

#: Seconds that a process may take before it counts as stuck.
PATIENCE = 60


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def environment(**variables):
    """Return the environment of the tests without what would change an app, and with more."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("FLASK", "COV_"))}
    return kept | variables


@contextmanager
def running(command, says, log, *, patience=PATIENCE, **variables):
    """Run a program until its output has a text; end it afterwards.

    One that does not end within `patience` seconds is killed, so that it cannot hold the tests.
    """
    with (
        log.open("a", encoding="utf-8") as stream,
        subprocess.Popen(
            command,
            stdout=stream,
            stderr=subprocess.STDOUT,
            env=environment(**variables),
            cwd=log.parent,
        ) as process,
    ):
        begin = log.stat().st_size
        try:
            deadline = time.monotonic() + PATIENCE
            while says not in log.read_text("utf-8", errors="replace")[begin:]:
                assert process.poll() is None, log.read_text("utf-8")
                assert time.monotonic() < deadline, log.read_text("utf-8")
                time.sleep(0.05)
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(patience)
            except subprocess.TimeoutExpired:
                process.kill()


def mongodb_in(folder):
    """Return a function that runs SecantusDB on one port, with the same data each time."""
    port = str(free_port())
    command = [sys.executable, "-m", "secantus", "--port", port]
    command += ["--storage-path", str(folder / "data")]

    def run():
        # A SecantusDB that was stopped and let go on has been seen to miss the signal to end.
        return running(command, "listening on", folder / "log.txt", patience=5)

    run.uri = f"mongodb://127.0.0.1:{port}"
    return run
