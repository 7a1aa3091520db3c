"""Redirects to wherever a request says."""

from collections.abc import Iterator
from typing import TypeVar

import libcst as cst
import libcst.matchers as m

from flasklogin_tutorial.migrate.rules.rule import Rule, name_of, text_of

Node = TypeVar("Node", bound=cst.CSTNode)

#: Where a request holds what the visitor wrote.
_FROM = {"request.args", "request.values", "request.form"}

#: What makes a path of the app, whatever is handed on in its query.
_PATHS = {"url_for", "flask.url_for"}


class UncheckedNext(Rule):
    """A redirect to a `next` that nothing is asked about."""

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        """Look for a redirect to what came with the request."""
        named = {
            name_of(target.target)
            for made in _all(node, cst.Assign)
            if _holds_next(made.value)
            for target in made.targets
        }
        checked = set(_asked_about(node))
        for call in _all(node, cst.Call):
            if name_of(call.func).rpartition(".")[2] != "redirect" or not call.args:
                continue
            target = call.args[0].value
            given = {one.value for one in _all(target, cst.Name)} & named
            if _holds_next(target) or given - checked:
                self.note("next-unchecked", call)


def _all(node: cst.CSTNode, kind: type[Node]) -> list[Node]:
    """Return every node of a kind, the outermost too."""
    found = m.findall(node, m.MatchIfTrue(lambda one: isinstance(one, kind)))
    return [cst.ensure_type(one, kind) for one in found]


def _holds_next(node: cst.CSTNode) -> bool:
    """Tell whether a `next` of the request is read here, to be gone to."""
    if isinstance(node, cst.Call) and name_of(node.func) in _PATHS:
        return False
    return _is_next(node) or any(map(_holds_next, node.children))


def _is_next(node: cst.CSTNode) -> bool:
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) and node.args:
        read, key = node.func, node.args[0].value
        is_read = read.attr.value == "get" and name_of(read.value) in _FROM
        return is_read and text_of(key) == "next"
    if isinstance(node, cst.Subscript) and isinstance(node.slice[0].slice, cst.Index):
        return name_of(node.value) in _FROM and text_of(node.slice[0].slice.value) == "next"
    return False


def _asked_about(function: cst.FunctionDef) -> Iterator[str]:
    """Yield the names that a condition hands to something: `if is_safe(target)`."""
    conditions = [one.test for one in _all(function, cst.If)]
    conditions += [one.test for one in _all(function, cst.IfExp)]
    for condition in conditions:
        for call in _all(condition, cst.Call):
            for argument in call.args:
                yield name_of(argument.value)
