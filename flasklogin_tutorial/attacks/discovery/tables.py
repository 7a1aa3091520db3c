"""The tables of an app whose database lies in memory: nobody else can have made them."""

from typing import Any

from flask import Flask

from flasklogin_tutorial.attacks.storage import lies_in_memory


def make_tables(app: Flask | None) -> str:
    """Make the tables of Flask-SQLAlchemy in a database in memory that has none.

    A database in memory begins empty with each process, and `flask db upgrade` is another process.

    Args:
        app: the app; None if it runs elsewhere.

    Returns:
        What was done, in words; empty if nothing was.
    """
    extension: Any = app.extensions.get("sqlalchemy") if app is not None else None
    if app is None or not hasattr(extension, "create_all"):
        return ""
    from sqlalchemy import inspect  # only an app that has it gets here

    with app.app_context():
        engines = list(extension.engines.values())
        for engine in engines:
            if not lies_in_memory(engine) or inspect(engine).get_table_names():
                return ""
        extension.create_all()
    return "made in the empty database in memory, by create_all()"
