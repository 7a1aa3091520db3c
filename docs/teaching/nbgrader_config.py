"""nbgrader's settings for this course. Copy this file into the folder of your class.

docs/teaching/nbgrader.md says, step by step, what to do with it. Everything in it can be changed;
the classes say what goes wrong without them.
"""

from nbclient.exceptions import DeadKernelError
from nbformat.v4 import new_code_cell
from nbgrader import utils
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.preprocessors import ClearSolutions, Execute, NbGraderPreprocessor, OverwriteCells

from flasklogin_tutorial.exercises import find_exercise

#: Characters of output that are kept of one cell.
MOST_OUTPUT = 100_000

#: The version of nbgrader's metadata in the course's notebooks.
SCHEMA = 3


class Stubs(ClearSolutions):
    """Puts the stub of the course in place of a solution.

    nbgrader knows one stub for all cells, and a check would show it as an error. The course's stub
    names its exercise, and a check shows it as "not yet"; at a hunt it is the code to be mended.
    """

    def preprocess_cell(self, cell, resources, cell_index):
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if utils.is_solution(cell):
            number = grade_id.removeprefix("answer-").replace("-", ".")
            self.code_stub = {"python": find_exercise(number).stub}
        cell, resources = super().preprocess_cell(cell, resources, cell_index)
        if utils.is_solution(cell):  # an empty line of the stub got an indentation
            cell.source = "\n".join(line.rstrip() for line in cell.source.split("\n"))
        return cell, resources


class OnlyThisNotebook(NbGraderPreprocessor):
    """Refuses what cannot be an answer to this assignment, with the reason in one line.

    Without it, a notebook with another version of nbgrader's metadata ends the whole run: nobody
    after it is graded. Where an answer was deleted together with its check, this puts an empty one
    back; nbgrader itself can only put back the check.
    """

    def preprocess(self, nb, resources):
        about = resources["nbgrader"]
        marks = [cell.metadata["nbgrader"] for cell in nb.cells if "nbgrader" in cell.metadata]
        there = {mark.get("grade_id") for mark in marks}
        versions = {str(mark.get("schema_version", "none")) for mark in marks if mark}
        with Gradebook(about["db_url"]) as gradebook:
            notebook = gradebook.find_notebook(about["notebook"], about["assignment"])
            answers = [cell.name for cell in notebook.solution_cells]
        said = None
        if not nb.cells:
            said = "it has no cells"
        elif versions - {str(SCHEMA)}:
            said = f"it was made for another version of the course: {versions}, and not {SCHEMA}"
        elif not there & set(answers):
            said = f"none of {', '.join(answers)} is in it"
        if said:
            self.log.error("Not graded: %s: %s", about["student"], said)
            raise ValueError(said)
        nb.cells += [empty(answer) for answer in answers if answer not in there]
        return nb, resources


def empty(grade_id):
    """Return the cell of an answer with nothing in it."""
    kinds = {"grade": False, "locked": False, "solution": True, "task": False}
    metadata = {"nbgrader": {**kinds, "grade_id": grade_id, "schema_version": SCHEMA}}
    return new_code_cell("# This answer was deleted.", metadata=metadata)


class RunCells(Execute):
    """Runs a notebook as its author could have run it, and no further.

    A check that does not end is interrupted, and costs its own points. Any other cell that does not
    end is the end of the notebook: it is not graded. The name `check_answer` is the course's own in
    each check, whatever the notebook made of it, and a cell cannot fill the memory with what it
    prints. A kernel that was told to exit goes on for a tenth of a second: whether the cells below
    ran in it must not decide the points.
    """

    def preprocess_cell(self, cell, resources, index):
        self.on_cell_executed = refuse_exit
        self.interrupt_on_timeout = utils.is_grade(cell)
        self.printed = 0
        source = cell.source
        if utils.is_grade(cell):
            cell.source = f"from flasklogin_tutorial.exercises import check_answer\n{source}"
        cell, resources = super().preprocess_cell(cell, resources, index)
        cell.source = source
        return cell, resources

    def output(self, outs, msg, display_id, cell_index):
        shown = msg["content"].get("text", msg["content"])
        self.printed += len(shown if isinstance(shown, str) else str(shown))
        if self.printed > MOST_OUTPUT and msg["msg_type"] != "error":
            return None
        return super().output(outs, msg, display_id, cell_index)


def refuse_exit(*, cell, cell_index, execute_reply):
    """End a notebook at the cell that told the kernel to exit."""
    payload = execute_reply["content"].get("payload", [])
    if any(part.get("source") == "ask_exit" for part in payload):
        raise DeadKernelError(f"cell {cell_index + 1} ended the kernel with exit()")


def instead(steps, old, *new):
    """Return nbgrader's steps with one replaced."""
    assert old in steps, f"this nbgrader has no {old.__name__} here"
    return [each for step in steps for each in (new if step is old else (step,))]


c = get_config()  # noqa: F821 - nbgrader puts it here

c.CourseDirectory.course_id = "flasklogin_tutorial"

# ---- generate_assignment
c.GenerateAssignment.preprocessors = instead(
    GenerateAssignment.preprocessors.default(), ClearSolutions, Stubs
)

# ---- submit: a notebook that is missing or has another name is refused while its author is there
c.ExchangeSubmit.strict = True

# ---- autograde
c.Autograde.sanitize_preprocessors = instead(
    Autograde.sanitize_preprocessors.default(), OverwriteCells, OnlyThisNotebook, OverwriteCells
)
c.Autograde.autograde_preprocessors = instead(
    Autograde.autograde_preprocessors.default(), Execute, RunCells
)
# Checks that were deleted come back.
c.OverwriteCells.add_missing_cells = True
# Seconds for one cell, and for a kernel to start.
c.Execute.timeout = 30
c.Execute.startup_timeout = 60
# Seconds for what a cell printed to arrive. The 4 of nbgrader are too few for 100 MB.
c.Execute.iopub_timeout = 60
# A message on stderr is no mistake: an answer is wrong when its check raises an error.
c.IgnorePattern.enabled = True
c.IgnorePattern.pattern = r"(?s)."
# Lines of one cell that the feedback shows.
c.LimitOutput.max_lines = 200
c.LimitOutput.max_traceback = 50
