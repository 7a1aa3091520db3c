"""Flask-Login's user class and manager, as they were written once."""

import libcst as cst

from flasklogin_tutorial.migrate.rules.rule import Rule, is_plain, name_of, text_of

_PROPERTIES = {"is_authenticated", "is_active", "is_anonymous"}
_MIXINS = {"UserMixin", "AnonymousUserMixin"}
_PROTECTIONS = {"basic", "strong"}


class _InUserClass(Rule):
    """Knows whether it is in a class of users, by what the class has.

    Attributes:
        inside: for each class around the current place, whether it is one.
    """

    def __init__(self, module: cst.Module) -> None:
        super().__init__(module)
        self.inside: list[bool] = []

    def visit_ClassDef(self, node: cst.ClassDef) -> None:
        """Enter a class."""
        self.inside.append(_is_user_class(node))

    def leave_ClassDef(
        self, original_node: cst.ClassDef, updated_node: cst.ClassDef
    ) -> cst.ClassDef:
        """Leave it."""
        self.inside.pop()
        return updated_node


def _is_user_class(node: cst.ClassDef) -> bool:
    methods = {one.name.value for one in node.body.body if isinstance(one, cst.FunctionDef)}
    bases = {name_of(one.value).rpartition(".")[2] for one in node.bases}
    return bool(methods & {"get_id", "is_authenticated"} or bases & _MIXINS)


class CalledProperties(_InUserClass):
    """A property of a user that is called."""

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:
        """Leave the call out."""
        called = original_node.func
        if (
            original_node.args
            or not isinstance(called, cst.Attribute)
            or called.attr.value not in _PROPERTIES
            or not self._is_user(called)
        ):
            return updated_node
        read = cst.ensure_type(updated_node.func, cst.Attribute)
        new = read.with_changes(
            lpar=[*updated_node.lpar, *read.lpar], rpar=[*read.rpar, *updated_node.rpar]
        )
        self.note("user-method-called", original_node, new)
        return new

    def _is_user(self, called: cst.Attribute) -> bool:
        """Tell whether it is a user's: other things can be active too."""
        if called.attr.value == "is_authenticated":
            return True
        whose = name_of(called.value).lower() if is_plain(called.value) else ""
        return "user" in whose or (whose == "self" and any(self.inside[-1:]))


class DefinedMethods(_InUserClass):
    """A method of a user class that Flask-Login reads as a property."""

    def leave_FunctionDef(
        self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef
    ) -> cst.FunctionDef:
        """Make a property of it."""
        if (
            original_node.name.value not in _PROPERTIES
            or original_node.decorators
            or not any(self.inside[-1:])
            or len(original_node.params.params) != 1
        ):
            return updated_node
        told = f"def {original_node.name.value}(self)"
        self.note("user-method-defined", original_node, "@property, above it", old=told)
        return updated_node.with_changes(decorators=[cst.Decorator(cst.Name("property"))])


class Unicode(Rule):
    """Python 2's `unicode`, where the file does not define one."""

    def __init__(self, module: cst.Module) -> None:
        super().__init__(module)
        self.defined = "unicode =" in module.code or "import unicode" in module.code

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        """Call `str`."""
        if name_of(original_node.func) != "unicode" or self.defined:
            return updated_node
        new = updated_node.with_changes(func=cst.Name("str"))
        self.note("unicode", original_node, new)
        return new


class Manager(Rule):
    """The login manager's former names."""

    def leave_Assign(
        self, original_node: cst.Assign, updated_node: cst.Assign
    ) -> cst.Assign | cst.Expr:
        """Write a call of `user_loader`, and the case of `session_protection`."""
        [target, *more] = original_node.targets
        place = target.target
        if more or not isinstance(place, cst.Attribute):
            return updated_node
        if place.attr.value == "user_callback":
            loader = place.with_changes(attr=cst.Name("user_loader"))
            new = cst.Expr(cst.Call(loader, [cst.Arg(original_node.value)]))
            self.note("user-callback", original_node, new)
            return new
        text = text_of(original_node.value)
        if place.attr.value != "session_protection" or text is None or text in _PROTECTIONS:
            return updated_node
        if text.lower() not in _PROTECTIONS:
            self.note("session-protection", original_node)
            return updated_node
        right = updated_node.with_changes(value=cst.SimpleString(f'"{text.lower()}"'))
        self.note("session-protection", original_node, right)
        return right

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        """Write `init_app` for `setup_app`."""
        called = updated_node.func
        if not isinstance(called, cst.Attribute) or called.attr.value != "setup_app":
            return updated_node
        if "login" not in name_of(called.value).lower():  # others have a method of this name too
            return updated_node
        new = updated_node.with_changes(func=called.with_changes(attr=cst.Name("init_app")))
        self.note("setup-app", original_node, new)
        return new

    def visit_Attribute(self, node: cst.Attribute) -> None:
        """Note the loaders that are no more."""
        if node.attr.value == "header_loader":
            self.note("header-loader", node)
        elif node.attr.value == "token_loader":
            self.note("token-loader", node)

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        """Note what only a token loader asks for."""
        if node.name.value == "get_auth_token":
            self.note("token-loader", node, old="def get_auth_token(self)")
