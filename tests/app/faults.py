"""What is done to the app and its database on purpose: the table of docs/faults.md.

Each row is a test, which notes one sentence on what it saw. The sentences are stored, with machine
and date, by running those tests in one process with `--store-figures`; `tools/build.py` makes the
table of them, and test_faults_table.py compares it with the tests that there are.
"""

import json
import os
import platform
import time
from pathlib import Path

from .processes import name_of_server

STORE = Path(__file__).with_suffix(".json")

#: Each test, what it does and what has to hold.
FAULTS = {
    "test_faults.py::test_a_server_that_is_away_is_a_503_within_the_time_and_needs_no_restart": (
        "the database is stopped, and started again",
        "503 with `Retry-After` within twice the time that is set for an operation; then it works "
        "again without a restart, and nobody is logged out",
    ),
    "test_faults.py::test_a_server_that_answers_nothing_is_a_503_and_no_endless_wait": (
        "the database takes connections and answers nothing",
        "503 with `Retry-After`",
    ),
    "test_faults.py::test_what_was_answered_is_there_after_the_server_was_killed": (
        "the database is killed (`kill -9`) after new passwords were answered with 200",
        "the new passwords work, the old ones do not",
    ),
    "test_faults.py::test_every_account_that_was_answered_is_there_and_no_refused_one": (
        "the database is killed while four clients create accounts",
        "every account that was answered with 201 is there, none that was refused. After a 503 "
        "nobody knows: whoever asks again gets a 201 or a 409, and there is one account",
    ),
    "test_faults.py::test_a_login_that_the_server_dies_in_is_whole_or_none": (
        "the database is killed while four clients log in",
        "a login that was answered with 200 opens the account; a 503 sets no cookie, and opens "
        "nothing",
    ),
    "test_faults_between_writes.py::"
    "test_a_deed_of_several_writes_is_mended_by_a_repeated_request": (
        "the database is killed after each write but the last of every call that makes several",
        "the repeated request leads to what the call leads to without a fault",
    ),
    "test_faults_workers.py::test_of_many_who_create_one_name_at_once_one_succeeds": (
        "16 clients create one name at once, 40 times, through 4 workers",
        "one 201 and fifteen 409 each time, one account",
    ),
    "test_faults_workers.py::test_a_new_password_ends_fifty_sessions_that_are_in_use": (
        "a password is changed while 50 logins are in use, and 10 of somebody else",
        "every other login is out at its next request; nobody sees another's name",
    ),
    "test_faults_workers.py::test_a_worker_that_is_killed_costs_the_request_that_it_had": (
        "two of four workers are killed under load, one after the other",
        "at most one request each is lost, no other answer is wrong, nobody is logged out",
    ),
    "test_faults_workers.py::test_a_reload_with_a_new_key_keeps_everybody_in": (
        "gunicorn is reloaded (`kill -HUP`) with a new secret key under load",
        "nobody is logged out and no request is lost, until the former key is dropped",
    ),
    "test_faults_clock.py::test_after_a_jump_of_the_clock_everything_is_over_that_should_be": (
        "the clock of the app jumps forward, by a minute up to 13 months",
        "each credential and each wait is over when docs/app.md says so, and not before",
    ),
    "test_faults_workers.py::test_attempts_are_counted_across_processes[memory]": (
        "60 wrong passwords for one name to two processes behind nginx, counted in memory",
        "each process counts for itself, and has said so in its log when it started",
    ),
    "test_faults_workers.py::test_attempts_are_counted_across_processes[mongodb]": (
        "the same, counted in MongoDB",
        "the limit holds for both together",
    ),
    "test_faults_workers.py::test_attempts_are_counted_across_processes[redis]": (
        "the same, counted in Redis",
        "the limit holds for both together",
    ),
    "test_faults_workers.py::test_visitors_who_send_nothing_more_hold_no_worker_behind_the_proxy": (
        "500 visitors send half a request, and then nothing",
        "behind nginx others are answered; without it three such visitors stop three workers",
    ),
    "test_load.py::test_under_load_nothing_grows": (
        "logins, pages, API, refusals and errors of every kind, for some time",
        "no server error; memory, open files and connections do not grow",
    ),
}


def note(config, test, text):
    """Keep what a test saw, if the run is one that stores it.

    Args:
        config: pytest's.
        test: the file and the name of the test.
        text: what it saw.
    """
    if not config.option.store_figures:
        return
    stored = json.loads(STORE.read_text("utf-8")) if STORE.exists() else {}
    python, processors = platform.python_version(), os.cpu_count()
    machine = f"{platform.system()}, {processors} processors, Python {python}, {name_of_server()}"
    stored[test] = {"seen": text, "date": time.strftime("%Y-%m-%d"), "machine": machine}
    STORE.write_text(json.dumps(stored, indent=2, sort_keys=True) + "\n", "utf-8")


def table():
    """Return the table in Markdown, with what was seen."""
    stored = json.loads(STORE.read_text("utf-8"))
    lines = ["| what is done | what has to hold | what was seen | test |", "|:--|:--|:--|:--|"]
    for test, (done, must) in FAULTS.items():
        seen = stored[test]["seen"]
        lines.append(f"| {done} | {must} | {seen} | `{test.replace('::', ' ')}` |")
    where = sorted({(one["date"], one["machine"]) for one in stored.values()})
    lines += ["", *(f"Seen on {date}: {machine}." for date, machine in where)]
    return "\n".join(lines)
