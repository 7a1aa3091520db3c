"""Small changes of a solution, each of which makes it wrong, or else nobody can tell."""

import ast
from collections.abc import Iterator

OPPOSITES = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
}


def mutants(source: str) -> Iterator[tuple[str, str]]:
    """Yield every small change of a program: what was changed, and the source that comes of it."""
    plain = ast.unparse(without_docstrings(ast.parse(source)))
    number = len(list(ast.walk(ast.parse(plain))))
    for place in range(number):
        for change in (opposite, constant, condition, nothing_returned, undecorated):
            tree = ast.parse(plain)
            node = list(ast.walk(tree))[place]
            before = ast.unparse(node)
            if change(node):
                yield f"{before.partition(chr(10))[0]} → {change.__name__}", ast.unparse(tree)
        body = getattr(list(ast.walk(ast.parse(plain)))[place], "body", None)
        for line in range(len(body) if isinstance(body, list) and len(body) > 1 else 0):
            tree = ast.parse(plain)
            node = list(ast.walk(tree))[place]
            if isinstance(node, ast.Module):
                continue
            gone = ast.unparse(node.body.pop(line))
            yield f"{gone.partition(chr(10))[0]} → left out", ast.unparse(tree)


def without_docstrings(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return tree


# ---- the changes; each tells whether it changed anything


def opposite(node: ast.AST) -> bool:
    if isinstance(node, ast.Compare) and type(node.ops[0]) in OPPOSITES:
        node.ops[0] = OPPOSITES[type(node.ops[0])]()
    elif isinstance(node, ast.BoolOp | ast.BinOp) and type(node.op) in OPPOSITES:
        node.op = OPPOSITES[type(node.op)]()
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        node.operand = ast.UnaryOp(ast.Not(), node.operand)
    else:
        return False
    return True


def constant(node: ast.AST) -> bool:
    if not isinstance(node, ast.Constant):
        return False
    match node.value:
        case bool():
            node.value = not node.value
        case int() | float():
            node.value += 1
        case str():
            node.value += "x"
        case None:
            node.value = 1
        case _:
            return False
    return True


def condition(node: ast.AST) -> bool:
    if not isinstance(node, ast.If | ast.IfExp | ast.While):
        return False
    node.test = ast.Constant(False)
    return True


def nothing_returned(node: ast.AST) -> bool:
    if not isinstance(node, ast.Return) or node.value is None:
        return False
    node.value = None
    return True


def undecorated(node: ast.AST) -> bool:
    if not isinstance(node, ast.FunctionDef) or not node.decorator_list:
        return False
    node.decorator_list.pop()
    return True
