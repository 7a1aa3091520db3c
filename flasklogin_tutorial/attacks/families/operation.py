"""What is left open by the way in which the app runs."""

import itertools
import re

from flasklogin_tutorial.attacks import sources
from flasklogin_tutorial.attacks.attack import attack
from flasklogin_tutorial.attacks.families.bad_input import MALFORMED
from flasklogin_tutorial.attacks.outcome import Exchange, NotTried, Outcome, got_in, held
from flasklogin_tutorial.attacks.site import JSON
from flasklogin_tutorial.attacks.target import Target
from flasklogin_tutorial.visit import Reply

#: The beginning of a traceback, or one of its lines, with quotes as a page writes them too.
_TRACE = re.compile(
    r"Traceback \(most recent call last\)|File (\\?[\"']|&#34;|&#39;|&quot;)[^\n]+, line \d+"
)

_NOTEBOOK = "13_keys_and_settings"


@attack(
    "debug-mode",
    "The debugger runs Python for whoever finds it",
    who="Anyone who can reach the app; the PIN is the only thing in the way.",
    source=sources.DEBUGGER,
    fixed_in=_NOTEBOOK,
    needs="debugger",
)
def _debug_mode(target: Target) -> Outcome:
    console = target.send(target.visitor(), "GET", "/console")
    if "Interactive Console" in console.response.text:
        return got_in("The debugger's console is at /console.", console)
    query = "/?__debugger__=yes&cmd=resource&f=debugger.js"
    resource = target.send(target.visitor(), "GET", query)
    if resource.response.ok and "javascript" in resource.response.headers.get("Content-Type", ""):
        return got_in("The debugger answers for its own files.", resource)
    if target.inside.setting("DEBUG"):
        asked = Exchange("the app was asked for its setting DEBUG", "True")
        return got_in("DEBUG is on: `flask run` puts the debugger in front.", asked)
    return held("No debugger was found.", console, resource)


@attack(
    "traceback-in-answers",
    "A server error shows the app's source and paths",
    who="Anyone who can cause a server error.",
    source=sources.HIDE_FAILURES,
    fixed_in=_NOTEBOOK,
    needs="debugger",
)
def _traceback(target: Target) -> Outcome:
    method, path = target.route("login")
    answers = []
    for shown, body in MALFORMED.items():
        answer = target.send(target.visitor(), method, path, body, JSON, shown=f"({shown})")
        answers.append(answer)
        if _TRACE.search(answer.response.text):
            return got_in("The answer holds a traceback.", answer)
    planted = _with_planted_errors(target)
    for answer in planted:
        if _TRACE.search(answer.response.text):
            return got_in("An error that was planted is answered with a traceback.", answer)
    if not any(answer.crashed for answer in (*answers, *planted)) and not planted:
        raise NotTried("No server error could be caused, so what one shows was not seen.")
    return held("No answer holds a traceback.", *answers, *planted)


def _with_planted_errors(target: Target) -> list[Reply]:
    """Let the app fail where its own code does not, and return what it shows of that."""
    answers: list[Reply] = []
    if not target.is_in_process:
        return answers
    for as_outside, route in itertools.product((False, True), ("login", "whoami")):
        if not target.has(route):
            continue
        method, path = target.route(route)
        for accepted in (JSON, "text/html"):
            with target.inside.planted_error(as_outside=as_outside) as header:
                headers = header | {"Accept": accepted}
                who = f"with a planted error, for {accepted}"
                answer = target.send(target.visitor(), method, path, who=who, headers=headers)
            answers.append(answer)
    return answers
