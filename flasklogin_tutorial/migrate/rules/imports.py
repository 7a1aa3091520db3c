"""Imports of what has another place today, or none."""

from collections.abc import Sequence

import libcst as cst

from flasklogin_tutorial.migrate.rules.rule import Rule, dotted, name_of

_EXT = "flask.ext"

#: Where the names are today that `flask` and `werkzeug` had at their top.
_MOVED = {
    "flask": {"Markup": "markupsafe", "escape": "markupsafe"},
    "werkzeug": {
        "check_password_hash": "werkzeug.security",
        "generate_password_hash": "werkzeug.security",
        "secure_filename": "werkzeug.utils",
        "cached_property": "werkzeug.utils",
        "LocalProxy": "werkzeug.local",
    },
}
_MOVED_TRAP = {"flask": "flask-markup", "werkzeug": "werkzeug-name"}

#: What is nowhere any more: the module, the name, the trap.
_GONE = {
    ("flask.json", "JSONEncoder"): "json-encoder",
    ("flask.json", "JSONDecoder"): "json-encoder",
    ("werkzeug.security", "safe_str_cmp"): "safe-str-cmp",
    ("flask_login", "make_secure_token"): "token-loader",
    ("itsdangerous", "JSONWebSignatureSerializer"): "signed-json",
    ("itsdangerous", "TimedJSONWebSignatureSerializer"): "signed-json",
    ("wtforms.validators", "Required"): "required-field",
    **{
        ("werkzeug.urls", f"url_{name}"): "werkzeug-urls"
        for name in ("parse", "join", "quote", "quote_plus", "unquote", "encode", "decode")
    },
}


class FlaskExt(Rule):
    """Imports below `flask.ext`."""

    def leave_ImportFrom(
        self, original_node: cst.ImportFrom, updated_node: cst.ImportFrom
    ) -> cst.ImportFrom | cst.Import:
        """Write `flask_login` for `flask.ext.login`."""
        module = name_of(original_node.module)
        if module == _EXT and not isinstance(original_node.names, cst.ImportStar):
            aliases = [_under_its_old_name(alias) for alias in original_node.names]
            new: cst.ImportFrom | cst.Import = cst.Import(_without_last_comma(aliases))
        elif module.startswith(f"{_EXT}."):
            new = updated_node.with_changes(module=dotted(_today(module)))
        else:
            return updated_node
        self.note("flask-ext", original_node, new)
        return new

    def leave_Import(self, original_node: cst.Import, updated_node: cst.Import) -> cst.Import:
        """Write `import flask_login as l` for `import flask.ext.login as l`."""
        old = [one for one in original_node.names if name_of(one.name).startswith(f"{_EXT}.")]
        if not old:
            return updated_node
        if any(one.asname is None for one in old):
            # It also gives the name flask, and what is used of it stands all over the file.
            names = ", ".join(f"import {_today(name_of(one.name))}" for one in old)
            self.note("flask-ext", original_node, names, fixed=False)
            return updated_node
        new = updated_node.with_changes(
            names=[
                one.with_changes(name=dotted(_today(name_of(one.name)))) if one in old else one
                for one in original_node.names
            ]
        )
        self.note("flask-ext", original_node, new)
        return new


def _today(module: str) -> str:
    """Return what `flask.ext.login.utils` is called today."""
    return f"flask_{module.removeprefix(f'{_EXT}.')}"


def _under_its_old_name(alias: cst.ImportAlias) -> cst.ImportAlias:
    name = cst.ensure_type(alias.name, cst.Name)
    asname = alias.asname or cst.AsName(cst.Name(name.value))
    return cst.ImportAlias(cst.Name(f"flask_{name.value}"), asname)


class MovedNames(Rule):
    """Names that another module has today."""

    def leave_SimpleStatementLine(
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.SimpleStatementLine | cst.FlattenSentinel[cst.SimpleStatementLine]:
        """Import them from there, in a line of their own where others stay."""
        [statement] = original_node.body[:1]
        if len(original_node.body) > 1 or not isinstance(statement, cst.ImportFrom):
            return updated_node
        module, aliases = name_of(statement.module), statement.names
        if module not in _MOVED or isinstance(aliases, cst.ImportStar) or statement.relative:
            return updated_node
        new = [_import(where, found) for where, found in _by_place(module, aliases).items()]
        if not new:
            return updated_node
        left = [one for one in aliases if name_of(one.name) not in _MOVED[module]]
        self.note(_MOVED_TRAP[module], statement, "; ".join(map(self.code_of, new)))
        lines = [cst.SimpleStatementLine([one]) for one in new]
        if left:
            kept = statement.with_changes(names=_without_last_comma(left, statement))
            return cst.FlattenSentinel([updated_node.with_changes(body=[kept]), *lines])
        first = updated_node.with_changes(body=[new[0]])
        return cst.FlattenSentinel([first, *lines[1:]])


def _by_place(module: str, aliases: Sequence[cst.ImportAlias]) -> dict[str, list[cst.ImportAlias]]:
    """Return which of the names are in which module today, but for those that have stayed."""
    places: dict[str, list[cst.ImportAlias]] = {}
    for alias in aliases:
        if where := _MOVED[module].get(name_of(alias.name)):
            places.setdefault(where, []).append(alias)
    return places


def _import(module: str, aliases: list[cst.ImportAlias]) -> cst.ImportFrom:
    bare = [cst.ImportAlias(one.name, one.asname) for one in aliases]
    return cst.ImportFrom(dotted(module), _without_last_comma(bare))


def _without_last_comma(
    aliases: list[cst.ImportAlias], statement: cst.ImportFrom | None = None
) -> list[cst.ImportAlias]:
    """Return aliases that may stand in a statement: without parentheses no comma is the last."""
    if statement is not None and statement.lpar is not None:
        last = cst.ensure_type(cst.ensure_type(statement.names, tuple)[-1], cst.ImportAlias)
        return [*aliases[:-1], aliases[-1].with_changes(comma=last.comma)]
    return [*aliases[:-1], aliases[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)]


class GoneNames(Rule):
    """Names that no module has any more, in an import."""

    def visit_ImportFrom(self, node: cst.ImportFrom) -> None:
        """Note what will not be found."""
        module = name_of(node.module)
        module = _today(module) if module.startswith(f"{_EXT}.") else module
        for alias in node.names if not isinstance(node.names, cst.ImportStar) else ():
            trap = _GONE.get((module, name_of(alias.name)))
            if module.startswith("werkzeug.contrib"):
                trap = "werkzeug-contrib"
            if trap:
                self.note(trap, node, old=f"from {module} import {name_of(alias.name)}")
