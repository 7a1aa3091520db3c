"""Causes that no single question can know, found in all that came back.

A question says what it expected. That a name is missing in the notebook, or that a second view
stands behind the first, shows in the exceptions and in the app, whatever was asked.
"""

import ast
import builtins
import inspect
import sys
from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache
from importlib import import_module

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RoutingException

from flasklogin_tutorial.exercises.ask import Ask
from flasklogin_tutorial.exercises.exercise import Exercise
from flasklogin_tutorial.visit import Mismatch, Reply, known_hint, visit_of

#: Where learners take names from, beside the modules of their exercise.
_SOURCES = (
    "flask",
    "flask_login",
    "werkzeug.security",
    "werkzeug.exceptions",
    "marshmallow",
    "bson",
    "collections",
    "flasklogin_tutorial.lab",
    "flasklogin_tutorial.exercises",
)


def hint_of(one: Exercise, ask: Ask, mismatch: Mismatch) -> str:
    """Return where to look: at the cause, if it is one that no question can know.

    Args:
        one: the exercise.
        ask: what asked the answer, with all that came back.
        mismatch: what it found at last.

    Returns:
        The cause in words, or else what the question says; empty if nobody says anything.
    """
    missing = (missing_name(one, error) for error in ask.errors)
    known = next(filter(None, missing), "") or _second_view(ask.replies) or _many(ask.errors)
    return known or _printed(ask, mismatch)


def _many(errors: Iterable[BaseException]) -> str:
    """Say that a list of results was taken for one document."""
    said = (f"{error}" for error in errors if isinstance(error, AttributeError))
    found = [text for text in said if "'BaseQuerySet' object has no attribute" in text]
    return known_hint(found[0]) if found else ""


def _printed(ask: Ask, mismatch: Mismatch) -> str:
    """Return the question's own hint, and say so where an answer prints in place of returning."""
    if ask.printed is None or not ask.printed.anything:
        return mismatch.hint
    if mismatch.came_back in ("nothing", "None") or "returned None" in mismatch.came_back:
        return (
            "Something is printed, and nothing is returned. print shows a text to you; return "
            "hands it to whoever called: write return in place of print."
        )
    return f"{mismatch.hint} Something is printed: print returns nothing, return does.".strip()


def missing_name(one: Exercise, error: BaseException | None) -> str:
    """Say which import is missing in the notebook of an answer.

    Args:
        one: the exercise.
        error: what was raised.

    Returns:
        The import in words; empty where no name is missing, or one of a function's own.
    """
    name = error.name if isinstance(error, NameError) else None
    if isinstance(error, UnboundLocalError) or not name or "free variable" in str(error):
        return ""
    imports = _imports_of(one.notebook)
    if line := imports.get(name) or _known_import(name):
        return f"{name} is not imported in this notebook: {line}"
    known = {*imports, *_names_of(_SOURCES), *dir(builtins)}
    close = get_close_matches(name, sorted(known), n=1, cutoff=0.75)
    meant = f" Is {close[0]} meant?" if close else ""
    return f"{name} is not defined in this notebook, where the answer stands.{meant}"


@cache
def _imports_of(notebook: int) -> dict[str, str]:
    """Return for each name of the exercises to a notebook the line that imports it."""
    module = import_module(f"flasklogin_tutorial.exercises.ch{notebook:02d}")
    found = {}
    for node in ast.parse(inspect.getsource(module)).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            found[node.name] = f"from {module.__name__} import {node.name}"
        if isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                line = f"from {node.module} " if isinstance(node, ast.ImportFrom) else ""
                found[alias.asname or alias.name] = f"{line}import {ast.unparse(alias)}"
    return found


def _known_import(name: str) -> str:
    """Return the line that imports a name from one of the usual places; empty if there is none."""
    if name in sys.stdlib_module_names:
        return f"import {name}"
    for source in _SOURCES:
        if name in _names_of((source,)):
            return f"from {source} import {name}"
    return ""


def _names_of(sources: Iterable[str]) -> set[str]:
    """Return the public names of modules."""
    return {name for source in sources for name in dir(import_module(source)) if name[:1].isalpha()}


def _second_view(replies: Iterable[Reply]) -> str:
    """Say that two views answer one request, if there are such; Flask asks the first one only."""
    for reply in replies:
        app, request = visit_of(reply.response).app, reply.response.request
        path = str(request.path_url).partition("?")[0]
        views = _views_at(app, path, str(request.method)) if app else []
        if len(views) > 1:
            first, *later = views
            return (
                f"Two views answer {request.method} {path}: {first} "
                f"and {', '.join(later)}. Flask asks the one that was added first, so "
                f"{first} answers still. Put your function in its place: "
                f'app.view_functions["{first}"] = …'
            )
    return ""


def _views_at(app: Flask, path: str, method: str) -> list[str]:
    """Return the names of the views that have one and the same route and verb."""
    try:
        found, _ = app.url_map.bind("").match(path, method, return_rule=True)
    except (HTTPException, RoutingException):
        return []
    same = [one for one in app.url_map.iter_rules() if one.rule == found.rule]
    return [*dict.fromkeys(one.endpoint for one in same if method in (one.methods or ()))]
