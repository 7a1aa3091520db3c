"""Errors that are taught on purpose."""

from types import TracebackType
from typing import Self

from flasklogin_tutorial.show import wrap
from flasklogin_tutorial.visit import describe_error

#: Columns of what is printed; a notebook cuts off or scrolls what is wider.
_WIDTH = 100


class NothingRaised(AssertionError):
    """A block that had to raise an error ran to its end."""


class expect:
    """Run a block that must raise an error; show the error's type and first line.

    A cell tag that permits an error also permits its absence. This fails when nothing is raised,
    and lets any other error through.

    Args:
        *kinds: the exception classes, one of which has to be raised.

    Raises:
        NothingRaised: the block ran to its end.

    Example:
        `with expect(ZeroDivisionError): 1 / 0`

    Attributes:
        error: the exception, after the block.
    """

    def __init__(self, *kinds: type[BaseException]) -> None:
        classes = [k for k in kinds if isinstance(k, type) and issubclass(k, BaseException)]
        if not kinds or len(classes) < len(kinds):
            given = ", ".join(map(repr, kinds)) or "nothing"
            raise TypeError(
                f"expect() takes the classes of the errors that the block must raise, and was "
                f"given {given}. Write, for example: with expect(KeyError):"
            )
        self.kinds = kinds
        self.error: BaseException | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        if error is None:
            names = " or ".join(k.__name__ for k in self.kinds)
            raise NothingRaised(
                f"This block was expected to raise {names}, and it ran to its end. Was the code "
                "changed, or did an earlier cell already mend what fails here?"
            )
        if not isinstance(error, self.kinds):
            return False
        self.error = error
        said = describe_error(error)
        print("\n".join(wrap(said, _WIDTH, whole_words=True)))
        return True
