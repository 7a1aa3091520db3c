"""What of the wheels is not put into the tab, and why nothing there needs it.

Run inside Pyodide by bytecode.mjs, and read by the tests. The metadata of every package stays, so
that what asks for a version still gets it.
"""

import re

#: Paths in a wheel that are left out.
ALWAYS = {
    r"jedi/third_party/(django-stubs|typeshed/stubs)/": "stubs of libraries that are not here",
    r"jedi/third_party/typeshed/stdlib/"
    r"(_curses|_msi|_tkinter|curses|dbm|distutils|ensurepip|lib2to3|msilib|pydoc_data|tkinter"
    r"|turtle|venv|win|_win|xml)": "stubs of modules that the tab has not, or no lesson completes",
    r".*\.dist-info/RECORD$": "lists and hashes files for pip, which is not here",
    r"pytz/zoneinfo/": "mongomock asks for UTC alone; zoneinfo.ZoneInfo reads tzdata",
    r"certifi/cacert\.pem$": "the browser opens the connections, and judges the certificates",
    r"wtforms/locale/": "the forms of the course speak English",
    r"[^/]*\.data/data/": "manual pages",
}

#: Folders of which only what the course imports is put there. bytecode.py knows what that is.
UNLESS_IMPORTED = {
    "pygments/lexers/": "500 languages; tracebacks are in Python, answers in JSON and HTML",
    "prompt_toolkit/": "IPython in a terminal",
    "wcwidth/": "IPython in a terminal",
    "IPython/terminal/": "IPython in a terminal",
    "IPython/testing/": "IPython's own tests",
    "IPython/sphinxext/": "IPython's own manual",
    "dns/": "pymongo looks up addresses with mongodb+srv, and the tab has no database server",
}


def is_left_out(name: str, imported: set[str] | None = None) -> bool:
    """Tell whether a file of a wheel is not put into the tab.

    Args:
        name: its path in the wheel.
        imported: the paths of what the course imports; None while it is not known.
    """
    if any(re.match(pattern, name) for pattern in ALWAYS):
        return True
    if imported is None or name in imported:
        return False
    return any(name.startswith(folder) for folder in UNLESS_IMPORTED)
