"""What finds the traps in a syntax tree, and writes anew what is mechanical."""

from flasklogin_tutorial.migrate.rules import database, flask_login, flask_names, imports, redirects
from flasklogin_tutorial.migrate.rules.rule import Rule

#: Every rule, in the order in which they write.
RULES: tuple[type[Rule], ...] = (
    imports.FlaskExt,
    imports.MovedNames,
    imports.GoneNames,
    flask_login.CalledProperties,
    flask_login.DefinedMethods,
    flask_login.Unicode,
    flask_login.Manager,
    flask_names.AppAttributes,
    flask_names.GoneAttributes,
    flask_names.PasswordMethod,
    database.PositionalFields,
    database.Settings,
    redirects.UncheckedNext,
)

__all__ = ["RULES", "Rule"]
