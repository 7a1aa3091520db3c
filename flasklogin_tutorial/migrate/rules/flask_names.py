"""Names of Flask and Werkzeug that an app used once, outside of imports."""

import libcst as cst

from flasklogin_tutorial.migrate.rules.rule import Rule, name_of, text_of

#: Attributes of the app that were settings.
_SETTINGS = {
    "session_cookie_name": "SESSION_COOKIE_NAME",
    "send_file_max_age_default": "SEND_FILE_MAX_AGE_DEFAULT",
    "templates_auto_reload": "TEMPLATES_AUTO_RELOAD",
    "use_x_sendfile": "USE_X_SENDFILE",
}

#: What Werkzeug hashes with.
_METHODS = {"scrypt", "pbkdf2"}

_GONE = {
    "before_first_request": "before-first-request",
    "before_app_first_request": "before-first-request",
    "before_first_request_funcs": "before-first-request",
    "json_encoder": "json-encoder",
    "json_decoder": "json-encoder",
}
_GONE_OF_A_MODULE = {
    "flask.Markup": "flask-markup",
    "flask.escape": "flask-markup",
    "flask.json.JSONEncoder": "json-encoder",
}


class AppAttributes(Rule):
    """Settings that were attributes of the app."""

    def leave_Attribute(
        self, original_node: cst.Attribute, updated_node: cst.Attribute
    ) -> cst.BaseExpression:
        """Read them from `app.config`."""
        setting = _SETTINGS.get(original_node.attr.value)
        if setting is None or "app" not in name_of(original_node.value).lower():
            return updated_node
        index = cst.SubscriptElement(cst.Index(cst.SimpleString(f'"{setting}"')))
        config = cst.Attribute(updated_node.value, cst.Name("config"))
        new = cst.Subscript(config, [index])
        self.note("app-attribute", original_node, new)
        return new


class GoneAttributes(Rule):
    """What is nowhere any more."""

    def visit_Attribute(self, node: cst.Attribute) -> None:
        """Note it."""
        trap = _GONE.get(node.attr.value) or _GONE_OF_A_MODULE.get(name_of(node))
        if trap:
            self.note(trap, node)


class PasswordMethod(Rule):
    """Ways to hash a password that Werkzeug has no more."""

    def visit_Call(self, node: cst.Call) -> None:
        """Note a method that is none."""
        if name_of(node.func).rpartition(".")[2] != "generate_password_hash":
            return
        for number, argument in enumerate(node.args):
            named = argument.keyword.value if argument.keyword is not None else ""
            method = text_of(argument.value)
            is_method = named == "method" or (not named and number == 1)
            if is_method and method is not None and method.partition(":")[0] not in _METHODS:
                self.note("password-method", node)
