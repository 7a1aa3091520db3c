"""What an app's source says: which names a view uses, and which texts stand in it.

Nothing is run. A view that calls `logout_user` is the logout, whatever its path is called, and the
keys that a login reads from a body stand in it as texts.
"""

import functools
import inspect
from collections.abc import Callable, Iterator
from types import CodeType, FunctionType, MethodType
from typing import Any

#: How far functions are followed that a view calls.
_DEPTH = 2


def functions_of(view: Callable[..., Any]) -> list[FunctionType]:
    """Return the functions that a view consists of: itself, or the methods of its class."""
    while True:
        if isinstance(view, functools.partial):
            view = view.func
        elif hasattr(view, "view_class"):
            methods = vars(view.view_class).values()
            return [one for one in map(plain_function, methods) if isinstance(one, FunctionType)]
        elif hasattr(view, "__wrapped__"):
            view = view.__wrapped__
        else:
            found = plain_function(view)
            return [found] if isinstance(found, FunctionType) else []


def plain_function(function: Any) -> Any:
    """Return what stands below the decorators of a function, and below `self` of a method."""
    kind = type(function)  # a proxy of Werkzeug must not be asked for anything else
    if kind is property:
        function = function.fset or function.fget
    elif kind in (staticmethod, classmethod, MethodType):
        function = function.__func__
    return inspect.unwrap(function) if type(function) is FunctionType else function


def uses(view: Callable[..., Any], name: str) -> bool:
    """Tell whether a view, or a function of the app that it calls, uses a name."""
    return any(name in code.co_names for code in codes_of(view))


def texts_in(view: Callable[..., Any]) -> list[str]:
    """Return the texts and the names in a view, and in what it uses of the app."""
    return list(dict.fromkeys((*constants_in(view), *names_in(view))))


def constants_in(view: Callable[..., Any]) -> list[str]:
    """Return the texts that stand in a view, and in what it uses of the app, in order."""
    return list(dict.fromkeys(text for code in codes_of(view) for text in _own_texts(code)))


def texts_of(code: CodeType) -> list[str]:
    """Return the texts in a piece of code, and in the functions within it."""
    return [text for each in _nested(code) for text in _own_texts(each)]


def _own_texts(code: CodeType) -> Iterator[str]:
    for const in code.co_consts:
        for text in const if isinstance(const, tuple) else (const,):
            if isinstance(text, str):
                yield text


def names_in(view: Callable[..., Any]) -> list[str]:
    """Return the names in a view: the fields of a schema are names in the code of its class."""
    names = [name for code in codes_of(view) for name in (*code.co_varnames, *code.co_names)]
    return list(dict.fromkeys(names))


def codes_of(view: Callable[..., Any]) -> Iterator[CodeType]:
    """Yield the code of a view, and of what it uses of the app."""
    seen: set[int] = set()
    for function in functions_of(view):
        yield from _codes(function, _DEPTH, seen)


def _codes(function: FunctionType, depth: int, seen: set[int]) -> Iterator[CodeType]:
    if id(function) in seen:
        return
    seen.add(id(function))
    yield from _nested(function.__code__)
    if not depth:
        return
    for used in used_by(function):
        if isinstance(used, FunctionType):
            yield from _codes(used, depth - 1, seen)
        elif isinstance(used, type):
            for method in vars(used).values():
                plain = plain_function(method)
                if isinstance(plain, FunctionType):
                    yield from _codes(plain, 0, seen)


def _nested(code: CodeType) -> Iterator[CodeType]:
    yield code
    for const in code.co_consts:
        if isinstance(const, CodeType):
            yield from _nested(const)


def used_by(function: FunctionType) -> list[Any]:
    """Return what a function uses of its module, and of the functions around it.

    What was imported from elsewhere than the app's own package is left out, but for classes.
    """
    package = function.__module__.partition(".")[0] if function.__module__ else ""
    names = {name for code in _nested(function.__code__) for name in code.co_names}
    values = [function.__globals__[name] for name in names if name in function.__globals__]
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        if name == "__class__":  # which super() needs, and which says nothing of its other methods
            continue
        try:
            values.append(cell.cell_contents)
        except ValueError:  # not assigned yet
            continue
    own = [one for one in values if _package(one) == package or not _package(one)]
    return own


def _package(thing: Any) -> str:
    return str(getattr(thing, "__module__", "") or "").partition(".")[0]
