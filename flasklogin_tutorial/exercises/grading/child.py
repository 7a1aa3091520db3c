"""Runs one submission and judges it: the process in which the code of a student runs.

    python -m flasklogin_tutorial.exercises.grading.child

The process that grades starts it, sends one job as a line of JSON, and reads lines of JSON. That is
the channel: this process moves its two ends to new file descriptors and closes their old numbers,
so that whatever a submission prints, to whatever it takes for the standard output, is thrown away.
When all is judged, this process asks for a token and sends it back with the verdicts. Verdicts
without the token do not count, and the token did not exist while the cells ran.

Its limits: a submission is code in this process. It cannot print a verdict, and it cannot find one
lying around. It can look for the channel and speak its language, or change the functions that judge
it, if its author reads this file and sets out to. A hook notices some of that (`guard`). None of it
holds against somebody who means it: read what looks too good.
"""

import json
import linecache
import os
import re
import signal
import sys
import types
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NoReturn

from flasklogin_tutorial import exercises
from flasklogin_tutorial.exercises import result
from flasklogin_tutorial.exercises.exercise import Exercise, find_exercise
from flasklogin_tutorial.exercises.grading.guard import guard
from flasklogin_tutorial.visit import describe_error, server

#: A line that only IPython understands.
_MAGIC = re.compile(r"^([ \t]*)(?:[%!].*|[\w.]+\?{1,2}[ \t]*)$", re.MULTILINE)

#: Bytes that a submission may write into one file.
_FILE_BYTES = 32 * 2**20

_MEGABYTE = 10**6

#: Characters of a message that are handed on.
_MESSAGE = 2000


class TimeUp(KeyboardInterrupt):
    """A cell or an exercise takes too long. Web frameworks let this kind of error through."""


class Channel:
    """The way to the process that grades."""

    def __init__(self) -> None:
        self._in = os.fdopen(os.dup(0), "rb")
        self._out = os.dup(1)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(nowhere, number)
        self._write, self._exit, self._dumps = os.write, os._exit, json.dumps

    def read(self) -> Any:
        """Return the next line that was sent."""
        return json.loads(self._in.readline())

    def say(self, **what: Any) -> None:
        """Send one line."""
        left = self._dumps(what).encode() + b"\n"
        while left:
            left = left[self._write(self._out, left) :]

    def end(self, **what: Any) -> NoReturn:
        """Send the last line, and end this process with all its threads."""
        self.say(**what)
        self._exit(0)

    def refuse(self, reason: str) -> NoReturn:
        """End the submission with a zero."""
        self.end(reason=reason)


class Printed:
    """Stands in place of the standard output: it counts what is printed, and keeps nothing."""

    encoding, errors, closed = "utf-8", "replace", False

    def __init__(self) -> None:
        self.count = 0

    def write(self, text: str) -> int:
        """Count a text."""
        self.count += len(text)
        return len(text)

    def writelines(self, lines: list[str]) -> None:
        """Count some texts."""
        self.count += sum(map(len, lines))

    def flush(self) -> None:
        """Do nothing: nothing is kept."""

    def isatty(self) -> bool:
        """Tell that nobody is watching."""
        return False

    def fileno(self) -> int:
        """Return a file descriptor that leads nowhere."""
        return 1


class Clock:
    """Interrupts what takes too long, and ends the process when that does not help.

    Args:
        seconds: how long one step may take.
        refuse: ends the submission.
        printed: how much has been printed.
    """

    def __init__(self, seconds: float, refuse: Callable[[str], NoReturn], printed: Printed) -> None:
        self.seconds, self.refuse, self.printed = seconds, refuse, printed
        self.step, self.rang, self._before = "", False, 0
        # Windows has no alarm. There the process that grades ends the whole submission.
        self.ticks = hasattr(signal, "SIGALRM")
        if self.ticks:
            self._set = signal.setitimer
            signal.signal(signal.SIGALRM, self._ring)

    def begin(self, step: str) -> None:
        """Begin to count the seconds of a step."""
        self.step, self.rang, self._before = step, False, self.printed.count
        if self.ticks:
            self._set(signal.ITIMER_REAL, self.seconds, 1)

    def end(self) -> None:
        """Stop counting."""
        if self.ticks:
            self._set(signal.ITIMER_REAL, 0)

    def said(self) -> str:
        """Say what took too long."""
        printed = (self.printed.count - self._before) // _MEGABYTE
        more = f"; by then it had printed {printed} MB" if printed else ""
        return f"{self.step} did not end within {self.seconds:g} seconds{more}"

    def _ring(self, *_: Any) -> None:
        if self.rang:
            self.refuse(f"{self.said()}, and could not be interrupted")
        self.rang = True
        raise TimeUp(self.said())


def main() -> None:
    """Do one job."""
    channel = Channel()
    job = channel.read()
    set_limits(job["megabytes"])
    judge, asked = result.judge, [find_exercise(number) for number in job["exercises"]]
    printed = sys.stdout = sys.stderr = Printed()
    clock = Clock(job["seconds"], channel.refuse, printed)
    names = notebook_names(channel.refuse)
    guard(job["closed"], job["private"], job["work"], channel.refuse)

    broken: dict[str, str] = {}
    for name, source in job["cells"]:
        channel.say(step=name)
        clock.begin(name)
        with suppress(TimeUp):
            broken |= run_cell(name, source, names)
        clock.end()
        if clock.rang:
            channel.refuse(clock.said())

    verdicts = []
    for one in asked:
        channel.say(step=one.number)
        clock.begin(one.answer)
        verdict = (result.Verdict.WRONG, "")
        with suppress(TimeUp):
            verdict = verdict_on(one, names.get(one.answer), judge, job["where"], broken)
        clock.end()
        if clock.rang:
            verdict = (result.Verdict.WRONG, clock.said())
        verdicts.append([one.number, str(verdict[0]), verdict[1][:_MESSAGE]])

    channel.say(judged=True)
    token = channel.read()
    channel.end(token=token, verdicts=verdicts)


def set_limits(megabytes: int) -> None:
    """Limit the memory, the size of a file and dumps of memory, where the system can."""
    try:
        import resource
    except ImportError:  # Windows
        return
    limits = {
        resource.RLIMIT_AS: megabytes * 2**20,
        resource.RLIMIT_FSIZE: _FILE_BYTES,
        resource.RLIMIT_CORE: 0,
    }
    for which, most in limits.items():
        with suppress(ValueError, OSError):  # macOS does not limit the address space
            resource.setrlimit(which, (most, most))


def notebook_names(refuse: Callable[[str], NoReturn]) -> dict[str, Any]:
    """Return the names in which the cells of a notebook run.

    Args:
        refuse: ends the submission.

    Returns:
        The names of a new module, which takes the place of this one.
    """
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module

    def leave(*_: Any) -> NoReturn:
        refuse("it ends Python with exit()")

    def nothing(*_: Any, **__: Any) -> None:
        pass

    names = vars(module)
    names |= {"exit": leave, "quit": leave, "display": nothing, "__builtins__": __builtins__}
    # The verdict comes at the end. Until then a check costs no time and says nothing.
    for module_with_checks in (exercises, result):
        vars(module_with_checks)["check_answer"] = nothing
    # Without threads and ports, a browser calls the app itself.
    server.can_start_threads = lambda: False
    return names


def run_cell(name: str, source: str, names: dict[str, Any]) -> dict[str, str]:
    """Run one cell.

    Args:
        name: what to call it.
        source: what is in it.
        names: the names of the notebook.

    Returns:
        The error by its cell, if there was one. It stops nothing.

    Raises:
        TimeUp: it takes too long.
    """
    file = f"<{name}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    try:
        try:
            code = compile(source, file, "exec")
        except SyntaxError:
            code = compile(_MAGIC.sub(r"\1pass", source), file, "exec")
        exec(code, names)
    except TimeUp:
        raise
    except BaseException as error:
        return {name: told(error)}
    return {}


def verdict_on(
    one: Exercise,
    answer: Any,
    judge: Callable[[Exercise, Any], result.Result],
    where: dict[str, str],
    broken: dict[str, str],
) -> tuple[result.Verdict, str]:
    """Judge one answer.

    Args:
        one: the exercise.
        answer: what the notebook has under the name that the exercise asks for.
        judge: the function that judges.
        where: the name of the cell with the answer, by the exercise.
        broken: the errors of the cells that ended with one.

    Returns:
        The verdict and the message.

    Raises:
        TimeUp: it takes too long.
    """
    if answer is None:
        cell = where.get(one.number, "")
        why = f"; {cell} ended with {broken[cell]}" if cell in broken else ""
        return result.Verdict.WRONG, f"there is no function {one.answer}{why}"
    try:
        found = judge(one, answer)
        return found.verdict, found.message
    except TimeUp:
        raise
    except BaseException as error:  # such as sys.exit(), which judging lets through
        return result.Verdict.WRONG, told(error)


def told(error: BaseException) -> str:
    """Name an error in one line, also one that breaks when it is shown."""
    try:
        return describe_error(error)
    except Exception:
        return type(error).__name__


if __name__ == "__main__":
    main()
