"""What a submission may not do while it is graded, and how it is noticed.

Python reports what a program is about to do to an audit hook, and a hook cannot be taken out again.
This one notices what an answer to an exercise has no use for. It is not a wall: whoever wants to
get around it can, because a submission is code in the same process. Run it where it can do no harm.
"""

import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NoReturn

#: What ends a submission, in words.
_NEVER = {
    "os.fork": "it forks",
    "os.forkpty": "it forks",
    "os.exec": "it starts another program",
    "os.posix_spawn": "it starts another program",
    "os.spawn": "it starts another program",
    "os.startfile": "it starts another program",
    "os.system": "it starts another program",
    "subprocess.Popen": "it starts another program",
    "os.kill": "it sends a signal to a process",
    "os.killpg": "it sends a signal to a process",
}

#: What is refused with an error, which does not end the submission: apps are called in process.
_NETWORK = {"socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto"}

#: What has a path as its first argument; the last three have one as their second, too.
_PATHS = {
    "open",
    "os.listdir",
    "os.scandir",
    "os.remove",
    "os.rmdir",
    "os.mkdir",
    "os.truncate",
    "os.chmod",
    "sqlite3.connect",
    "os.rename",
    "os.link",
    "os.symlink",
}


def guard(
    closed: Iterable[str], private: Iterable[str], work: str, refuse: Callable[[str], NoReturn]
) -> None:
    """Watch the rest of this process; there is no way back.

    Args:
        closed: folders of which nothing may be opened, such as those of the other students.
        private: folders of which only what Python itself needs may be opened, such as the home
            folder of whoever grades.
        work: the folder of the submission itself, in which everything may be opened.
        refuse: is called with the reason, and ends the process.
    """
    # All that the hook uses is bound here, where a submission does not reach it by name.
    realpath, fspath, join = os.path.realpath, os.fspath, os.path.join
    needed = {sys.prefix, sys.base_prefix, sys.exec_prefix, *sys.path}
    closed, private = _roots(closed), _roots(private)
    own, ours = _roots([work]), _roots(path for path in needed if path)
    never, network, paths = dict(_NEVER), set(_NETWORK), set(_PATHS)

    def check(path: Any) -> None:
        if not isinstance(path, str | bytes | os.PathLike):
            return  # a file that is open already, or the current folder
        text = fspath(path)
        text = text.decode(errors="replace") if isinstance(text, bytes) else text
        real = join(realpath(text), "")
        if real.startswith(own):
            return
        if real.startswith(closed):
            refuse("it opens a file of the other submissions")
        if real.startswith(private) and not real.startswith(ours):
            refuse("it opens a file that belongs to the account which grades")

    def hook(event: str, given: tuple[Any, ...]) -> None:
        if event in never:
            refuse(never[event])
        if event in network:
            raise PermissionError("a submission has no network: serve(app) calls the app itself")
        if event in paths:
            check(given[0] if given else None)
            if event in ("os.rename", "os.link", "os.symlink"):
                check(given[1])

    sys.addaudithook(hook)


def _roots(paths: Iterable[str | Path]) -> tuple[str, ...]:
    """Return each folder as it begins the path of what is in it."""
    return tuple(os.path.join(os.path.realpath(path), "") for path in paths)
