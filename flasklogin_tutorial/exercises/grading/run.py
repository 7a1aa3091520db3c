"""Running one submission in a process of its own, with limits."""

import json
import os
import queue
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import flasklogin_tutorial
from flasklogin_tutorial.exercises.exercise import Exercise
from flasklogin_tutorial.exercises.grading.files import NotGraded, Script
from flasklogin_tutorial.exercises.result import Verdict

#: Seconds for Python and the course to start. Many may start at once, on a slow machine.
_START_SECONDS = 120

#: Seconds after the end of a step for a process to notice it by itself.
_GRACE_SECONDS = 3

#: The longest line that is read from the process of a submission.
_LINE = 200_000

_CHILD = "flasklogin_tutorial.exercises.grading.child"

#: The only variables of the environment that a submission gets from whoever grades.
_HANDED_ON = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "SYSTEMROOT")


@dataclass(frozen=True)
class Limits:
    """What a submission may use.

    Attributes:
        seconds: for one cell, and for judging one exercise.
        megabytes: of memory (address space). Windows and macOS do not limit it.
    """

    seconds: float = 20
    megabytes: int = 1024


class Runner:
    """Runs submissions; several threads can use one.

    Args:
        folder: the folder with everybody's submissions, which no submission may open.
        scratch: an empty folder, in which each submission gets one of its own.
        limits: what a submission may use.
    """

    def __init__(self, folder: Path, scratch: Path, limits: Limits) -> None:
        self.folder, self.scratch, self.limits = folder, scratch, limits
        self._running: set[subprocess.Popen[bytes]] = set()
        self._stopped = False

    def run(self, script: Script, exercises: list[Exercise]) -> dict[str, tuple[Verdict, str]]:
        """Run a submission and judge its answers.

        Args:
            script: what is to be run of it.
            exercises: the exercises to judge.

        Returns:
            For each exercise the verdict and the message.

        Raises:
            NotGraded: it was ended, or ended itself, before all was judged.
        """
        with (
            tempfile.TemporaryDirectory(dir=self.scratch, ignore_cleanup_errors=True) as work,
            self._started(work) as process,
        ):
            job = {
                "cells": script.cells,
                "where": script.where,
                "exercises": [one.number for one in exercises],
                "seconds": self.limits.seconds,
                "megabytes": self.limits.megabytes,
                "closed": [str(self.folder), str(self.scratch)],
                "private": self._private(),
                "work": work,
            }
            return _follow(process, job)

    def stop(self) -> None:
        """End every submission that is running, or begins to."""
        self._stopped = True
        for process in list(self._running):
            _kill(process)

    def _private(self) -> list[str]:
        """Return the folders that belong to the account which grades."""
        with suppress(RuntimeError):
            home = Path.home()
            if home != Path(home.anchor):
                return [str(home)]
        return []

    @contextmanager
    def _started(self, work: str) -> Iterator[subprocess.Popen[bytes]]:
        package = Path(flasklogin_tutorial.__file__).parent.parent
        environment = {name: os.environ[name] for name in _HANDED_ON if name in os.environ}
        environment |= dict.fromkeys(("HOME", "USERPROFILE", "TMPDIR", "TMP", "TEMP"), work)
        environment |= {
            "PYTHONPATH": str(package),
            "PYTHONUTF8": "1",
            "FLASKLOGIN_TUTORIAL_PROGRESS": str(Path(work, "progress.json")),
        }
        process = subprocess.Popen(
            [sys.executable, "-P", "-s", "-W", "ignore", "-m", _CHILD],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=work,
            env=environment,
            start_new_session=True,
        )
        self._running.add(process)
        try:
            if self._stopped:
                raise NotGraded("the grading was interrupted")
            yield process
        finally:
            # Whatever it started goes with it. It is waited for afterwards, so that its number
            # still stands for its group.
            _kill(process)
            process.wait()
            self._running.discard(process)
            for pipe in filter(None, (process.stdin, process.stdout)):
                with suppress(OSError):
                    pipe.close()


def _kill(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


def _follow(
    process: subprocess.Popen[bytes], job: dict[str, Any]
) -> dict[str, tuple[Verdict, str]]:
    """Hand a job to a process, and follow it to its end."""
    lines: queue.Queue[bytes] = queue.Queue(maxsize=10)
    threading.Thread(target=_read, args=(process, lines), daemon=True).start()
    _send(process, job)
    step, token = "the start", None
    # Each cell and each exercise says that it begins, and then comes an end.
    for _ in range(len(job["cells"]) + len(job["exercises"]) + 2):
        begun = step != "the start"
        patience = job["seconds"] + _GRACE_SECONDS if begun else _START_SECONDS
        try:
            line = lines.get(timeout=patience)
        except queue.Empty:
            raise NotGraded(
                f"{step} did not end within {job['seconds']:g} seconds, and could not be "
                "interrupted"
            ) from None
        said = _parsed(line)
        if not line:
            raise NotGraded(_ended(process, step))
        if "reason" in said:
            raise NotGraded(str(said["reason"]))
        if token is not None and said.get("token") == token:
            return _verdicts(said.get("verdicts"), job["exercises"])
        if said.get("judged") is True and token is None:
            token = secrets.token_hex(16)
            _send(process, token)
        elif isinstance(said.get("step"), str):
            step = said["step"]
        else:
            break
    raise NotGraded("it wrote to the channel on which the verdicts come")


def _read(process: subprocess.Popen[bytes], lines: "queue.Queue[bytes]") -> None:
    assert process.stdout is not None
    line = b"at first"
    while line:
        try:
            line = process.stdout.readline(_LINE)
        except (OSError, ValueError):
            line = b""
        with suppress(queue.Full):
            lines.put(line, timeout=_GRACE_SECONDS)


def _send(process: subprocess.Popen[bytes], what: Any) -> None:
    assert process.stdin is not None  # `_process` opens both pipes
    with suppress(OSError):  # it has ended, and is asked why
        process.stdin.write(json.dumps(what).encode() + b"\n")
        process.stdin.flush()


def _parsed(line: bytes) -> dict[str, Any]:
    with suppress(ValueError, RecursionError):
        said = json.loads(line)
        if isinstance(said, dict):
            return said
    return {}


def _ended(process: subprocess.Popen[bytes], step: str) -> str:
    """Say how a process ended that did not say it itself."""
    with suppress(subprocess.TimeoutExpired):
        process.wait(1)
    status = process.returncode
    if status is not None and status < 0:
        return f"it was ended by {signal.Signals(-status).name} in {step}"
    return f"it ended Python in {step}, before all was judged"


def _verdicts(found: Any, exercises: list[str]) -> dict[str, tuple[Verdict, str]]:
    try:
        verdicts = {number: (Verdict(verdict), str(said)) for number, verdict, said in found}
    except (TypeError, ValueError):
        verdicts = {}
    if list(verdicts) != exercises:
        raise NotGraded("it wrote to the channel on which the verdicts come")
    return verdicts
