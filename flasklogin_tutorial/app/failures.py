"""Failures of what the app needs, in its log: each when it begins, and then once a minute.

While the database is away every request fails, and whoever sends many must not fill the disk.
"""

from datetime import datetime, timedelta

from flask import current_app

from .models import now

_EXTENSION = "failures_said"


def log_failure(message: str, *about: object) -> None:
    """Write a failure to the log of the app, unless the same was written a short time ago.

    Args:
        message: what failed, in the notation of `logging`.
        *about: what goes into it.
    """
    said: dict[tuple[str, *tuple[object, ...]], datetime] = current_app.extensions.setdefault(
        _EXTENSION, {}
    )
    moment, last = now(), said.get((message, *about))
    if last is not None and timedelta() <= moment - last < timedelta(minutes=1):
        return
    said[message, *about] = moment
    current_app.logger.error(message, *about)
