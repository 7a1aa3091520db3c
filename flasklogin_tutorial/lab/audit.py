"""The audit log of the finished app, while a notebook runs something."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from flasklogin_tutorial.show import text_table


class _Lines(logging.Handler):
    """Keeps each line, as it is written."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@contextmanager
def show_audit_log() -> Iterator[list[str]]:
    """Run a block, and print what finished apps write into their audit log meanwhile.

    Yields:
        The lines, which are there after the block. Each is JSON.

    Example:
        `with show_audit_log(): log_in(app, "ada", "a password")`
    """
    log = logging.getLogger("flasklogin_tutorial.app.audit")
    kept, level, goes_on = _Lines(), log.level, log.propagate
    log.addHandler(kept)
    log.setLevel(logging.INFO)
    log.propagate = False
    try:
        yield kept.lines
    finally:
        log.removeHandler(kept)
        log.setLevel(level)
        log.propagate = goes_on
    events = [json.loads(line) for line in kept.lines]
    names = {event["user"]: event["name"] for event in events if "name" in event}
    rows = [
        [
            *(str(event.get(key, "-")) for key in ("event", "name", "outcome")),
            f"by {names.get(event.get('by'), '-')}",
        ]
        for event in events
    ]
    print("the log:", *text_table(rows), f"{len(events)} lines", sep="\n")
