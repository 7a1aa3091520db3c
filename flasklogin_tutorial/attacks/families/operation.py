"""What is left open by the way in which the app runs."""

import re

from flasklogin_tutorial.attacks import sources
from flasklogin_tutorial.attacks.attack import attack
from flasklogin_tutorial.attacks.families.bad_input import MALFORMED
from flasklogin_tutorial.attacks.outcome import Exchange, Outcome, got_in, held
from flasklogin_tutorial.attacks.site import JSON
from flasklogin_tutorial.attacks.target import Target

#: The beginning of a traceback, or one of its lines, with quotes as a page writes them too.
_TRACE = re.compile(r"Traceback \(most recent call last\)|File (\"|&#34;|&quot;)[^\n]+, line \d+")

_NOTEBOOK = "13_from_one_file_to_a_package"


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
    return held("No answer holds a traceback.", *answers)
