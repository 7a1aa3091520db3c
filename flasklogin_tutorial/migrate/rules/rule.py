"""What all rules share."""

import libcst as cst
from libcst.helpers import get_full_name_for_node
from libcst.metadata import PositionProvider

from flasklogin_tutorial.migrate.hit import Hit
from flasklogin_tutorial.migrate.traps import BY_NAME

#: Characters of a piece of source that a report shows.
_WIDTH = 100


class Rule(cst.CSTTransformer):
    """Finds something that is old, and writes anew what is mechanical.

    Args:
        module: the module that is about to be visited.

    Attributes:
        hits: what was found so far.
    """

    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self, module: cst.Module) -> None:
        super().__init__()
        self.module = module
        self.hits: list[Hit] = []

    def note(
        self,
        trap: str,
        node: cst.CSTNode,
        new: cst.CSTNode | str | None = None,
        *,
        old: str | None = None,
        fixed: bool = True,
    ) -> None:
        """Note a place that is old.

        Args:
            trap: the name of the trap.
            node: what is old, as it stood.
            new: what to write; what the table of the traps says if left out.
            old: what is old, in words; the source of the node if left out.
            fixed: whether the rule writes it anew. Without anything new it does not.
        """
        line: int = self.get_metadata(PositionProvider, node).start.line
        told = BY_NAME[trap].told if new is None else self.code_of(new)
        shown = self.code_of(node) if old is None else old
        self.hits.append(Hit(trap, line, shown, told, fixed and new is not None))

    def code_of(self, node: cst.CSTNode | str) -> str:
        """Return a piece of source on one line."""
        text = node if isinstance(node, str) else self.module.code_for_node(node)
        text = " ".join(text.split())
        return text if len(text) <= _WIDTH else f"{text[:_WIDTH]}…"


def name_of(node: cst.CSTNode | None) -> str:
    """Return a name with its dots, such as `flask.ext.login`; empty for anything else."""
    return (get_full_name_for_node(node) or "") if node is not None else ""


def is_plain(node: cst.CSTNode | None) -> bool:
    """Tell whether this is a name, with dots or without, and nothing is called on the way."""
    while isinstance(node, cst.Attribute):
        node = node.value
    return isinstance(node, cst.Name)


def dotted(name: str) -> cst.Name | cst.Attribute:
    """Return the syntax of a name with dots."""
    first, *rest = name.split(".")
    node: cst.Name | cst.Attribute = cst.Name(first)
    for part in rest:
        node = cst.Attribute(node, cst.Name(part))
    return node


def text_of(node: cst.CSTNode | None) -> str | None:
    """Return the text of a string in the source; None for anything else."""
    if not isinstance(node, cst.SimpleString | cst.ConcatenatedString):
        return None
    value = node.evaluated_value
    return value if isinstance(value, str) else None
