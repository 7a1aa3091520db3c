"""What the Makefile forwards to: the commands for working on this project.

    python3 tools/dev.py help

It needs nothing but Python. An old Python has to be able to parse it, and so be told that it is too
old: no f-strings, no annotations, no imports here that Python 2 lacks.
"""

from __future__ import print_function

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
#: Another Python needs another environment: tools/pythons.py names the folder for each.
VENV = os.path.join(ROOT, os.environ.get("COURSE_VENV") or ".venv")
BIN = os.path.join(VENV, "Scripts" if os.name == "nt" else "bin")
PYTHON = os.path.join(BIN, "python.exe" if os.name == "nt" else "python")
#: Holds what was installed, once an installation has ended well.
STAMP = os.path.join(VENV, "installed.txt")
#: Is there while an installation goes on, and after one that was interrupted.
UNFINISHED = os.path.join(VENV, "unfinished.txt")

OLDEST_PYTHON = (3, 11)
#: What the course changes of JupyterLab's own settings; a reader's go over them.
JUPYTER_CONFIG = os.path.join(ROOT, "tools", "jupyter")
START = "notebooks/00_start_here.ipynb"

#: From the smaller to the larger: what is in one is in the next.
LOCKS = [("lab", "requirements/lab.txt"), ("test", "requirements/test.txt")]
#: The site is built in an environment of its own, which holds nothing that a learner needs.
SITE_VENV = ".venv-site"
SITE_LOCKS = [("site", "requirements/site.txt")]

#: What `check` and `test` run before any test: a name, and the command line of a program of .venv.
#: Each has a hook of its name in .pre-commit-config.yaml, which a test compares with this list.
CHECKS = [
    ("style", ["ruff", "check", "."]),
    ("format", ["ruff", "format", "--check", "."]),
    ("locks", ["python", "tools/lock.py", "--check"]),
    ("generated", ["python", "tools/build.py", "--check"]),
    ("doors", ["lint-imports", "--no-cache", "--no-logo"]),
    ("types", ["mypy"]),
]

#: The tests that `check` runs after these. pyproject.toml says what the mark `slow` stands for.
QUICK_TESTS = ["tests", "-m", "not slow"]

HELP = """\
make lab       open the course in JupyterLab (the first time installs it into .venv)
               make lab ARGS="--no-browser --port 9999"    ARGS goes to JupyterLab
make check     after a change of a line: the style, the lock files, the generated files, and the
               tests that need no kernel and no browser
               make check ARGS="style generated"           only these checks, and no test
make test      what `make check` does, and every other test and notebook
               make test ARGS="tests/lab -k trace"         ARGS goes to pytest, nothing else runs
make test-mongo  run the tests and notebooks on a MongoDB server: the one that MONGODB_URI names, or
               else one that it starts, a mongod from the PATH or SecantusDB
               make test-mongo ARGS=tests/app              ARGS goes to pytest
make pythons   run the notebooks, and the tests that can differ, on every other Python here
make coverage  run the tests, slower, and list the lines of the package that none of them ran
make serve     run the finished app, and open its login page
               make serve ARGS="--port 8080"
make article   run the article's app, which lets anyone in, to try it with curl
               make article ARGS="--port 8080"
make outputs   run the notebooks, store what they print, and write the generated files
make site      build the course as a site that needs no server, in _site
               make site ARGS=--serve                      and serve it on this machine
make test-site build it, and run every notebook of it in Chromium; takes half an hour
               make test-site ARGS="-k outside"            ARGS goes to pytest
make bench     measure the app beside others, which takes an hour; it needs wrk on the PATH
               make bench ARGS="--only imports"            ARGS goes to benchmarks/run.py
make lock      write requirements/*.txt anew after a change of pyproject.toml
               make lock ARGS=--upgrade                    take newer versions
make clean     remove .venv and what the tests left behind
make help      this list

Another Python: make lab PYTHON=python3.12. No make: python3 tools/dev.py lab"""


class Stop(Exception):
    """What ends a command, with one line for the person who typed it."""


def main(arguments):
    """Run one command.

    Args:
        arguments (list[str]): the command and what goes with it.

    Returns:
        int: the exit status.
    """
    name = arguments[0] if arguments else "help"
    rest = arguments[1:]
    if name not in COMMANDS:
        print("dev.py: there is no command %r. These there are:\n\n%s" % (name, HELP))
        return 2
    os.chdir(ROOT)
    try:
        if name not in ("help", "clean"):
            check_python(sys.version_info, name)
        return COMMANDS[name](rest)
    except Stop as stop:
        sys.stdout.flush()
        sys.stderr.write("make %s: %s\n" % (name, stop))
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nmake %s: interrupted\n" % name)
        return 130


def show_help(rest):
    """Print the commands."""
    print(HELP)
    return 0


def lab(rest):
    """Open the first notebook in JupyterLab, with `rest` as further options of JupyterLab."""
    if not os.path.exists(START):
        raise Stop("%s is missing, so there is nothing to open. Is this checkout whole?" % START)
    install("lab")
    options = lab_options()
    if not has_screen():
        options.append("--no-browser")
    print("JupyterLab is starting. Ctrl-C here ends it.")
    # Ctrl-C while it starts would show a traceback of wherever it was at that moment.
    program = (
        "import sys\n"
        "try:\n"
        "    from jupyterlab.labapp import main\n"
        "    sys.exit(main())\n"
        "except KeyboardInterrupt:\n"
        "    sys.exit(130)"
    )
    return run(["-c", program] + options + rest)


def lab_options():
    """Return how JupyterLab is started; the browser tests start it in the same way."""
    options = [
        "--ServerApp.root_dir=" + ROOT,
        "--LabApp.default_url=/lab/tree/" + START,
        "--ServerApp.ip=127.0.0.1",
        # Ctrl-C ends it, without a question.
        "--ServerApp.answer_yes=True",
        # The address and what goes wrong, not forty lines about extensions.
        "--ServerApp.log_level=WARN",
        # No request to any other machine. That nobody is asked about news stands in tools/jupyter.
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
        # The search for language servers asks npm, which writes into the home folder.
        "--LanguageServerManager.autodetect=False",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--allow-root")
    return options


def test(rest):
    """Run the checks and all tests, or, with `rest`, only what it asks pytest for."""
    install("test")
    if rest:
        return run(["-m", "pytest"] + rest)
    run_checks(CHECKS)
    return run_tests([])


def test_mongo(rest):
    """Run all tests, or what `rest` asks pytest for, on a MongoDB server."""
    install("test")
    return run_tests(["--mongodb"] + rest)


def check(rest):
    """Run the checks and the quick tests, or, with `rest`, only the checks of these names."""
    began = time.time()
    unknown = [name for name in rest if name not in dict(CHECKS)]
    if unknown:
        known = ", ".join(name for name, _ in CHECKS)
        raise Stop("there is no check %s. There are: %s" % (", ".join(unknown), known))
    install("test")
    run_checks([(name, command) for name, command in CHECKS if name in rest or not rest])
    if rest:
        return 0
    status = run_tests(QUICK_TESTS)
    print("make check took %.0f s." % (time.time() - began))
    return status


def run_checks(checks):
    """Run checks side by side, and show what each says that is not clean.

    Args:
        checks (list[tuple[str, list[str]]]): some of CHECKS.

    Raises:
        Stop: at least one is not clean.
    """
    from multiprocessing.pool import ThreadPool  # a waste of time for the other commands

    failed = []
    pool = ThreadPool(os.cpu_count() or 1)
    try:
        for name, command, status, seconds, said in pool.imap_unordered(run_check, checks):
            result = "not ok" if status else "ok"
            print("%-6s  %-10s %5.1f s  %s" % (result, name, seconds, " ".join(command)))
            if status:
                print(said)
                failed.append(name)
            sys.stdout.flush()
    finally:
        pool.terminate()
    if failed:
        raise Stop("not clean: %s (see above); no test has run" % ", ".join(sorted(failed)))


def run_check(check):
    """Run one check.

    Args:
        check (tuple[str, list[str]]): one of CHECKS.

    Returns:
        tuple: its name, its command, the exit status, the seconds, and what it printed.
    """
    name, command = check
    began = time.time()
    child = subprocess.Popen(
        [os.path.join(BIN, command[0])] + command[1:],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment(),
    )
    said = child.communicate()[0].decode("utf-8", "replace").rstrip()
    return name, command, child.returncode, time.time() - began, said


def run_tests(which):
    """Run tests side by side.

    Args:
        which (list[str]): what pytest is asked for; everything if it is empty.

    Returns:
        int: the exit status.
    """
    # A process for each processor. The cells of a notebook need one another, so a file stays whole.
    processes = ["--numprocesses", str(os.cpu_count() or 1), "--dist", "loadfile"]
    return run(["-m", "pytest"] + processes + which)


def coverage(rest):
    """Run all tests, or what `rest` asks pytest for, and say which lines of the package ran."""
    install("test")
    # The configuration is named because the kernels, which run elsewhere, look for it there.
    options = ["--cov=flasklogin_tutorial", "--cov-config=pyproject.toml", "--cov-report=term"]
    return run(["-m", "pytest"] + options + rest)


def serve(rest):
    """Run the finished app on the embedded database, with a first administrator."""
    install("lab")
    options = ["--open"] if has_screen() else []
    return run(["-m", "flask", "--app", "flasklogin_tutorial", "demo"] + options + rest)


def article(rest):
    """Run the article's app."""
    install("lab")
    return run([tool("serve_article.py")] + rest)


def outputs(rest):
    """Store the outputs of the notebooks, and bring the generated files up to date."""
    install("test")
    # The outputs first: some of the generated files are made from the notebooks.
    status = run([tool("refresh_outputs.py")] + rest)
    return status or run([tool("build.py")])


def site(rest):
    """Build the site in _site, and serve it on this machine if `rest` says so."""
    if os.path.basename(VENV) != SITE_VENV:
        # The other environment is another run of this script, as for the other Pythons.
        command = [sys.executable, os.path.join("tools", "dev.py"), "site"] + rest
        return call(command, dict(os.environ, COURSE_VENV=SITE_VENV))
    install("site", SITE_LOCKS)
    status = run([tool("lock.py"), "--check"])
    return status or run([os.path.join("website", "build.py")] + rest)


def test_site(rest):
    """Build the site, and run its tests, or what `rest` asks pytest for."""
    install("test")
    # Without what pyproject.toml asks for besides: nbval would take notebooks for tests.
    options = ["-m", "pytest", "-p", "no:nbval", "-o", "addopts=-ra"]
    named = any(part.startswith("website") for part in rest)
    return site([]) or run(options + ([] if named else ["website/tests"]) + rest)


def pythons(rest):
    """Run the notebooks, and the tests that can differ, on the other Pythons of this machine."""
    return call([sys.executable, tool("pythons.py")], dict(os.environ))


def bench(rest):
    """Measure, and bring the page that shows the result up to date."""
    install("test")
    status = run([os.path.join("benchmarks", "run.py")] + rest)
    return status or run([tool("build.py"), "benchmarks"])


def lock(rest):
    """Write the lock files."""
    return call([sys.executable, tool("lock.py")] + rest, dict(os.environ))


def clean(rest):
    """Remove what the other commands made, but for outputs in the notebooks."""
    doomed = [name for name in os.listdir(ROOT) if name.startswith(".venv-")]
    doomed += [".venv", ".pytest_cache", ".ruff_cache", ".hypothesis", "dist", ".coverage"]
    doomed += ["_site", os.path.join("build", "site")]
    for folder, folders, _ in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in (".git", ".venv", "node_modules")]
        doomed += [
            os.path.join(folder, name)
            for name in folders
            if name in ("__pycache__", ".ipynb_checkpoints")
        ]
    for path in doomed:
        remove(path)
    return 0


COMMANDS = {
    "help": show_help,
    "lab": lab,
    "check": check,
    "test": test,
    "test-mongo": test_mongo,
    "pythons": pythons,
    "coverage": coverage,
    "serve": serve,
    "article": article,
    "outputs": outputs,
    "site": site,
    "test-site": test_site,
    "bench": bench,
    "lock": lock,
    "clean": clean,
}


def check_python(version, command):
    """Refuse a Python that is too old.

    Args:
        version (tuple[int, ...]): the version of the Python that runs.
        command (str): the command that was asked for.

    Raises:
        Stop: it is too old.
    """
    if tuple(version[:2]) >= OLDEST_PYTHON:
        return
    newer = find_newer_python()
    if newer:
        cure = "There is a newer one here: make %s PYTHON=%s" % (command, newer)
    else:
        cure = "Install it, and if it is not the first on the PATH, name it: make %s PYTHON=%s" % (
            command,
            "python3.12",
        )
    numbers = OLDEST_PYTHON + tuple(version[:3])
    raise Stop("Python %d.%d or newer is needed, this is %d.%d.%d. " % numbers + cure)


def find_newer_python():
    """Look for a Python that is new enough.

    Returns:
        str | None: its name on the PATH, newest first. It is run, not only looked for, because some
        version managers put a stand-in there for a Python that they have not selected.
    """
    for minor in range(OLDEST_PYTHON[1] + 9, OLDEST_PYTHON[1] - 1, -1):
        name = "python3.%d" % minor
        try:
            process = subprocess.Popen(
                [name, "-c", "import sys; print(sys.version_info[1])"],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
        except OSError:
            continue
        if process.communicate()[0].strip() == str(minor).encode():
            return name
    return None


def has_screen():
    """Tell whether a browser can be opened here."""
    if os.environ.get("CI"):
        return False
    if sys.platform.startswith("linux"):
        return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return True


def tool(name):
    """Return the path of another script in tools/, or stop when it is not there."""
    path = os.path.join("tools", name)
    if not os.path.exists(path):
        raise Stop("%s is missing. Is this checkout whole?" % path)
    return path


def remove(path):
    """Remove a file or a folder, whether it is there or not."""
    try:
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        elif os.path.lexists(path):
            os.remove(path)
    except OSError as error:
        raise Stop("cannot remove %s (%s). Close what uses it, then try again." % (path, error))


def read(path):
    """Return the text of a file, or an empty one when there is no such file."""
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except OSError:
        return ""


def write(path, text):
    """Write a file."""
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def wanted_stamp(level, locks=LOCKS):
    """Say what .venv has to hold.

    Args:
        level (str): "lab" or "test", or the name of another lock.
        locks (list[tuple[str, str]]): LOCKS, or what another environment is filled from.

    Returns:
        str: two lines. The first changes with the lock files up to `level`, with what
        pyproject.toml says about the package (not about its tools) and with the Python; the second
        is the folder.
    """
    import tomllib  # new in Python 3.11

    with open("pyproject.toml", "rb") as file:
        pyproject = tomllib.load(file)
    facts = [repr(sys.version_info[:2])]
    facts += [repr(pyproject.get(table)) for table in ("build-system", "project")]
    for name, path in locks:
        text = read(path)
        if not text:
            raise Stop("%s is missing or empty. Write it with `make lock`." % path)
        facts.append(text)
        if name == level:
            break
    digest = hashlib.sha256("\0".join(facts).encode("utf-8")).hexdigest()
    return "%s %s\n%s\n" % (level, digest, ROOT)


def why_broken():
    """Look at .venv.

    Returns:
        str | None: why it has to be made anew, or None when it can be used, or is not there.
    """
    if not os.path.lexists(VENV):
        return None
    if os.path.exists(UNFINISHED):
        return "an installation into it was interrupted"
    stamp = read(STAMP).splitlines()
    if stamp and stamp[1:] != [ROOT]:
        # What was installed begins with the path of its Python.
        return "it was made when this folder had another name"
    question = "import pip, sys; print('%d.%d' % sys.version_info[:2]); print(sys.prefix)"
    try:
        answer = subprocess.check_output(
            [PYTHON, "-c", question], stderr=subprocess.STDOUT, env=environment()
        )
    except (OSError, subprocess.CalledProcessError):
        return "its Python does not run, or has no pip"
    version, prefix = answer.decode(errors="replace").splitlines()[-2:]
    if not os.path.exists(prefix) or not os.path.samefile(prefix, VENV):
        return "its Python would install elsewhere, into " + prefix
    if version != "%d.%d" % sys.version_info[:2]:
        return "its Python is %s and this one is %d.%d" % ((version,) + sys.version_info[:2])
    return None


def install(level, locks=LOCKS):
    """Bring .venv to what a lock file says, and do nothing when it is there already.

    Args:
        level (str): "lab" or "test", or the name of another lock.
        locks (list[tuple[str, str]]): LOCKS, or what another environment is filled from.

    Raises:
        Stop: it could not be done.
    """
    broken = why_broken()
    names = [name for name, _ in locks]
    stamps = [wanted_stamp(name, locks) for name in names]
    if not broken and read(STAMP) in stamps[names.index(level) :]:
        return
    check_venv_module()
    if broken:
        print(".venv is made anew: %s." % broken)
        remove(VENV)
    if not os.path.exists(PYTHON):
        make_environment()
    lock_file = dict(locks)[level]
    venv = os.path.basename(VENV)
    print("Installing %s into %s. This takes a minute or two, once." % (lock_file, venv))
    write(UNFINISHED, "")
    pip(lock_arguments(lock_file), lock_file)
    pip(["--no-deps", "--no-build-isolation", "-e", "."], "the project itself")
    write(STAMP, wanted_stamp(level, locks))
    remove(UNFINISHED)


def make_environment():
    """Make .venv.

    Raises:
        Stop: it could not be done.
    """
    try:
        if not os.path.exists(VENV):
            os.mkdir(VENV)
        write(UNFINISHED, "")
    except OSError as error:
        raise Stop("cannot write into the folder of the course (%s)." % error)
    # The Python of .venv itself may be the one that runs, if somebody has activated it.
    python = getattr(sys, "_base_executable", None) or sys.executable
    if call([python, "-m", "venv", VENV], environment()) != 0:
        raise Stop(
            "Python could not make the virtual environment .venv (its own words are above). There "
            "are %d MB free on its disk; it takes 400, and 900 with all for the tests."
            % (shutil.disk_usage(ROOT).free // 1000000)
        )


def lock_arguments(lock_file):
    """Return how pip installs what is in a lock.

    Everything that the packages require is in it, which tools/lock.py checks. So pip is not to look
    for requirements: for some, such as `coverage[toml]`, an old pip takes a newer release than the
    lock has, and then refuses it.
    """
    return ["--no-deps", "--require-hashes", "-r", lock_file]


def pip(arguments, wanted):
    """Install something into .venv.

    Args:
        arguments (list[str]): what `pip install` is given.
        wanted (str): what that is, for people.

    Raises:
        Stop: it failed.
    """
    log = os.path.join(VENV, "pip.log")
    remove(log)
    options = ["--disable-pip-version-check", "--log", log]
    if not sys.stdout.isatty():
        options.append("--quiet")
    status = run(["-m", "pip", "install"] + options + arguments)
    if status == 0:
        return
    if status > 0:
        # It gave up in good order, so what was there before is still whole.
        remove(UNFINISHED)
    import why_pip_failed  # not for old Pythons, and only needed here

    raise Stop(why_pip_failed.explain(read(log), status, wanted))


def check_venv_module():
    """Refuse a Python that cannot make virtual environments.

    Raises:
        Stop: it cannot.
    """
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError as error:
        raise Stop(
            "this Python cannot make a virtual environment (%s). On Debian and Ubuntu: apt-get "
            "install python%d.%d-venv" % ((error,) + sys.version_info[:2])
        )


def environment():
    """Return the environment variables for what runs in .venv.

    Settings, histories and the like stay in .venv too: nothing is written to the home folder, and
    nothing there changes how the notebooks run.
    """
    result = dict(os.environ)
    for name in ("PYTHONHOME", "PYTHONPATH", "__PYVENV_LAUNCHER__", "COURSE_VENV"):
        result.pop(name, None)
    state = os.path.join(VENV, "jupyter")
    result["JUPYTER_CONFIG_DIR"] = os.path.join(state, "config")
    result["JUPYTER_CONFIG_PATH"] = JUPYTER_CONFIG
    result["JUPYTER_DATA_DIR"] = os.path.join(state, "data")
    result["JUPYTER_RUNTIME_DIR"] = os.path.join(state, "runtime")
    result["IPYTHONDIR"] = os.path.join(state, "ipython")
    result["VIRTUAL_ENV"] = VENV
    result["PATH"] = BIN + os.pathsep + result.get("PATH", "")
    # Some people's pip installs into the home folder by default.
    result["PIP_USER"] = "0"
    return result


def run(arguments):
    """Run the Python of .venv.

    Args:
        arguments (list[str]): its command line.

    Returns:
        int: its exit status.
    """
    variables = environment()
    # IPython warns of a folder for its state that is not there, and to the tests a warning is an
    # error.
    if os.path.isdir(VENV) and not os.path.isdir(variables["IPYTHONDIR"]):
        os.makedirs(variables["IPYTHONDIR"])
    return call([PYTHON] + arguments, variables)


def call(command, variables):
    """Run a command and leave Ctrl-C to it.

    Args:
        command (list[str]): the command.
        variables (dict[str, str]): its environment variables.

    Returns:
        int: its exit status.
    """
    sys.stdout.flush()
    child = subprocess.Popen(command, env=variables)
    # Ctrl-C reaches the child as well. Only the child may decide what it means.
    interrupts = []
    before = signal.signal(signal.SIGINT, lambda *_: interrupts.append(True))
    try:
        status = child.wait()
    finally:
        signal.signal(signal.SIGINT, before)
    if interrupts and status != 0:
        raise KeyboardInterrupt
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
