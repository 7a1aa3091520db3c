"""The audit log: who signed in, who failed to, and what was changed about an account.

Each event is one line of JSON on the logger of this module. It holds no password, no token and no
e-mail address. A name that nobody has is left out, because people type their password into the
wrong field.

The rules of the app say what happened, and know of no request. From where it was asked for is added
here, if a request is being answered, so that no rule has to be told for the sake of the log alone.
"""

import json
import logging
from typing import Any

from flask import Flask, has_request_context, request

from .models import LONGEST_AGENT, now

logger = logging.getLogger(__name__)


def record(event: str, **about: Any) -> None:
    """Write one event.

    Source: OWASP Logging Cheat Sheet, "Data to exclude" and "Event attributes": when, where, who
    and what, encoded so that input cannot forge a line; no passwords and no tokens.

    Args:
        event: what happened, such as `sign_in`.
        **about: what else to say; nothing secret.
    """
    said = {"time": now().isoformat(), "event": event, **about}
    if has_request_context():
        said |= {"address": request.remote_addr, "agent": user_agent()}
    logger.info(json.dumps(said))


def user_agent() -> str:
    """Return what the browser says it is, shortened."""
    return request.user_agent.string[:LONGEST_AGENT]


def show_audit_log(app: Flask) -> None:
    """Send the events to stderr, unless the server has decided where they go.

    Args:
        app: the app.
    """
    if app.testing or logger.hasHandlers():
        return
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(message)s"))
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
