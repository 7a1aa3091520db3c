"""Why pip failed, in one sentence with the next step, from the log that it wrote.

On the screen pip often says no more than "No matching distribution found", whether the network was
away, the package is not made for this Python, or the index lacks it. Its log (`--log`) has what
happened before. The phrases below are the same in pip 22.3 to 26.3.
"""

import re

#: What the locks are made for.
PYTHONS = "3.11 to 3.14"

#: What pip writes before the reason for which it could not read a page of the index.
NOT_FETCHED = r"Could not fetch URL (\S+): (.*?)(?: - skipping)?$"
PROXY = r"proxy connection error|Cannot connect to proxy|Unable to connect to proxy"
CERTIFICATE = r"CERTIFICATE_VERIFY_FAILED|certificate verify failed"
CONNECTION = (
    r"connection error|timed out|Max retries exceeded|Connection(?:Reset|Aborted|Refused)?Error|"
    r"ProtocolError|IncompleteRead|NewConnectionError|ConnectTimeout|ReadTimeout|SSLError|\[SSL: "
)
#: How an error begins in the log: pip's own line, or the last line of a traceback.
OF_THE_SYSTEM = r"(?:ERROR: .*?|(?:Permission|OS)Error: )\[(?:Errno (?:%s)|WinError (?:%s))\] (.*)"
# No space, quota exceeded.
DISK_FULL = OF_THE_SYSTEM % ("28|122", "39|112")
# Not permitted, permission denied, read-only file system; on Windows denied, or in use.
NOT_ALLOWED = OF_THE_SYSTEM % ("1|13|30", "5|32")


def explain(log: str, status: int, wanted: str) -> str:
    """Say why an installation failed.

    Args:
        log: what pip wrote with `--log`.
        status: its exit status.
        wanted: what was to be installed, as in "pip could not install …".

    Returns:
        The cause and the next step. A cause that is not known is not guessed.
    """
    # Each line begins with the time.
    log = re.sub(r"(?m)^\d{4}-\d\d-\d\dT[\d:,]+ ?", "", log)
    cause = (
        changed_file(log)
        or incomplete_lock(log)
        or full_disk(log)
        or forbidden_file(log)
        or not_found(log)
        or not_built(log)
        # From the last error on: an index that was out of reach before may not have mattered.
        or broken_connection(log[log.rfind("ERROR: ") :])
        or killed(status)
        or "The reason is not known here; pip's own words are above."
    )
    where = " All that pip did is in .venv/pip.log" if log else ""
    return f"pip could not install {wanted}. {cause} Then run the same command again.{where}"


def changed_file(log: str) -> str | None:
    """Recognise a file that is not the one that the lock was made from."""
    found = re.search(r"DO NOT MATCH THE HASHES[^\n]*\n\s*(\S+)", log)
    if not found:
        return None
    return (
        f"The file of {found[1]} is not the one that the lock was made from, so it was not used: "
        "the download was damaged, or somebody changed it on its way. Throw away what pip keeps "
        "(.venv/bin/python -m pip cache purge). If it comes again, the index or proxy between you "
        "and the packages hands out other files: use another, and report it."
    )


def incomplete_lock(log: str) -> str | None:
    """Recognise a lock that lacks a version or a hash."""
    phrases = r"must have their versions pinned|Hashes are required in --require-hashes mode"
    if not re.search(phrases, log):
        return None
    return "The lock lacks a version or a hash. Write it anew (make lock)."


def full_disk(log: str) -> str | None:
    """Recognise a disk, or a share of one, without room."""
    found = re.search(DISK_FULL, log)
    return found and f"There is no room on the disk ({found[1].strip()}). Make some."


def forbidden_file(log: str) -> str | None:
    """Recognise a file that may not be written, or is in use."""
    found = re.search(NOT_ALLOWED, log)
    return found and (
        f"A file may not be written ({found[1].strip()}). Close what uses .venv, and if another "
        "user made it, have them remove it (make clean)."
    )


def not_found(log: str) -> str | None:
    """Recognise why no file was found for one package."""
    found = re.search(r"No matching distribution found for (([\w.-]+)==\S+)", log)
    if not found:
        return None
    package, name = found[1], in_addresses(found[2])
    # A second index may be out of reach and not matter: what counts is the page of this package.
    pages = [page for page in re.findall(NOT_FETCHED, log, re.M) if f"/{name}/" in page[0] + "/"]
    for address, reason in pages:
        if not reason.startswith("404 "):
            return broken_connection(f"{address} {reason}") or (
                f"{address} answered: {reason}. Ask whoever runs that index or proxy."
            )
    skipped = [line for line in log.splitlines() if line.lstrip().startswith("Skipping link: ")]
    file = f"/{in_addresses(package.replace('==', '-'))}-"
    if any(
        file in in_addresses(line) and re.search("Requires-Python|tags", line) for line in skipped
    ):
        return (
            f"There is no file of {package} for this Python on this machine. The lock was made for "
            f"Python {PYTHONS} on 64-bit Linux, macOS and Windows. Name such a Python "
            "(PYTHON=python3.12), or use such a machine."
        )
    return (
        f"The index that pip asked has no {package}. If pip is set up to ask a mirror "
        "(.venv/bin/python -m pip config list), the mirror lacks it: use another index."
    )


def in_addresses(text: str) -> str:
    """Write a name as the addresses of an index have it, whatever stands between its parts."""
    return re.sub(r"[-_.]+", "-", text).lower()


def not_built(log: str) -> str | None:
    """Recognise a package that came as source and could not be built."""
    found = re.search(r"(?:Failed building wheel for|Failed to build) '?([\w.-]+)(?!\S*:)", log)
    # Where pip does not name the package, it is the one that it took up last.
    name = found[1] if found else taken_up_before_a_failed_build(log)
    if name is None:
        return None
    return (
        f"There is no ready-made file of {name} for this Python on this machine, and building "
        f"it from its source failed. Use one of the Pythons {PYTHONS} (PYTHON=python3.12), or "
        "install what pip's log says is missing."
    )


def taken_up_before_a_failed_build(log: str) -> str | None:
    """Return the package that pip took up last before a build failed."""
    failed = re.search(r"ERROR: .*(?:to build wheel|metadata.*) exited with", log)
    # Two searches: one pattern for both tries each pair of places, for hours in a log of megabytes.
    names = re.findall(r"Collecting ([\w.-]+)", log[: failed.start()]) if failed else []
    return names[-1] if names else None


def broken_connection(log: str) -> str | None:
    """Recognise a network, a proxy or a certificate that stands in the way."""
    if re.search(PROXY, log):
        return (
            "The proxy did not let pip through. Look at HTTPS_PROXY, HTTP_PROXY and pip's own "
            "settings (.venv/bin/python -m pip config list)."
        )
    if re.search(CERTIFICATE, log):
        return (
            "The index, or a proxy before it, showed a certificate that is not trusted here. If "
            "your network opens encrypted connections, give pip its certificate (PIP_CERT=file)."
        )
    if re.search(CONNECTION, log):
        host = re.search(r"(?:https?://|host=')([^/\s'\")]+)", log)
        where = host[1] if host else "the index"
        return f"The network is the cause: {where} could not be reached. Look at the connection."
    return None


def killed(status: int) -> str | None:
    """Recognise that pip was ended from outside."""
    if status >= 0:
        return None
    return f"Signal {-status} ended it. 9 most often means that the memory ran out: free some."
