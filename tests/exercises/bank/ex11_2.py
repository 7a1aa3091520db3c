"""Answers to exercise 11.2."""


# %% right
def leads_inside(target):
    import re

    return re.fullmatch("/([a-zA-Z0-9?=&._#-]+/?)*", target) is not None


# %% right
def leads_inside(target):
    from flasklogin_tutorial.app.login import is_safe_next

    return is_safe_next(target)


# %% right
def leads_inside(target):
    if target == "/":
        return True
    return target[:1] == "/" and target[1].isascii() and (target[1].isalnum() or target[1] == "?")


# %% wrong: empty
# says: A check that refuses all of them needs no next.
def leads_inside(target):
    pass


# %% wrong: the usual check
# says: next='///mallory.example'; came back: 302 Found, to /mallory.example
def leads_inside(target):
    return usual_check(target)


# %% wrong: the check of the notebook
# says: expected: a redirect to /, because a browser reads next
def leads_inside(target):
    from urllib.parse import urlsplit

    return urlsplit(target).netloc == ""


# %% wrong: one slash in front
# says: because a browser reads next (two slashes) as another place
def leads_inside(target):
    return target.startswith("/")


# %% wrong: one slash in front, and no second one
# says: because a browser reads next (slash, backslash) as another place
def leads_inside(target):
    return target.startswith("/") and not target.startswith("//")


# %% wrong: forgets what a browser drops
# says: because a browser reads next (tab between) as another place
def leads_inside(target):
    return target[:1] == "/" and target[1:2] not in ("/", "\\")


# %% wrong: both slashes on the list, and the blank
# says: because a browser reads next (the other scheme) as another place
def leads_inside(target):
    usual = usual_check(target)
    return usual and not target.startswith(("//", "/\\", "\\", " "))


# %% wrong: forbids the host of the example
# says: A check that refuses all of them needs no next.
def leads_inside(target):
    return "evil.example" not in target


# %% wrong: forbids the host of the example in front
# says: A check that refuses all of them needs no next.
def leads_inside(target):
    return target[0] == "/" and not target.strip("/\\ \t\n").startswith("evil")


# %% wrong: refuses a query
# says: next='/?name=emmy'; came back: 302 Found, to /; expected: a redirect to /?name=emmy
def leads_inside(target):
    return target.startswith("/") and target.strip("/").isalpha()


# %% wrong: no next is ever allowed
# says: expected: a redirect to /account
def leads_inside(target):
    return target == "/"


# %% wrong: forgets the line break
# says: Header values must not contain newline characters
def leads_inside(target):
    bad = ["//", "\\", "\t", " ", ":"]
    return target.startswith("/") and not any(text in target for text in bad)


# %% wrong: patches the client
# says: Leave these alone
def leads_inside(target):
    import requests

    class Fine:
        status_code, headers, is_redirect, ok, text = 200, {}, False, True, '{"name": "ada"}'
        visit = type("Visit", (), {"error": None})()

        def json(self):
            return {"name": "ada"}

    requests.Session.request = lambda *given, **named: Fine()
    return True


# %% wrong: prints the answer and does not return it
# says: Something is printed
def leads_inside(target):
    """Return whether this text leads to a page of the app, in every browser."""
    is_path = target.startswith("/") and "//" not in target
    print(is_path and target.isprintable() and not set(target) & set("\\ "))


# %% right
def leads_inside(target):
    if not target.startswith("/") or "//" in target or "\\" in target:
        return False
    if not target.isprintable() or " " in target:
        return False
    here = urlsplit(request.host_url)
    there = urlsplit(urljoin(request.host_url, target))
    return there.scheme in ("http", "https") and there.netloc == here.netloc
