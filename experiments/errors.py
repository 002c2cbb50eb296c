"""What can go wrong in this room, with the HTTP status where it has one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from base.errors import LabError
from base.message import Message
from experiments.texts import english, plain

if TYPE_CHECKING:
    from base.message import Parameter


class ExperimentError(Exception):
    """Something was refused or could not be done; `message` says what, its text is English."""

    status = 400

    def __init__(self, code: str, **params: Parameter) -> None:
        self.message = Message(code, params)
        super().__init__(english(self.message))


class UnknownExperimentError(ExperimentError):
    """There is no experiment of this name."""

    status = 404

    def __init__(self, name: str) -> None:
        super().__init__("error.unknown_experiment", name=name)


class UnreadableExperimentError(ExperimentError):
    """The file of this experiment is no experiment."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__("error.unreadable_experiment", name=name, problem=problem)


class NeedsOrdersError(ExperimentError):
    """It is done with orders, and this system has not the services that take them."""

    status = 409

    def __init__(self) -> None:
        super().__init__("error.needs_orders")


class UnknownRunError(ExperimentError):
    """There is no run of this id, or it left no such file."""

    status = 404

    def __init__(self) -> None:
        super().__init__("error.unknown_run")


class RunEndedError(ExperimentError):
    """A run that has ended can't be stopped."""

    status = 409

    def __init__(self) -> None:
        super().__init__("error.run_ended")


class BusyError(ExperimentError):
    """Another run goes on: two at a time would judge each other's faults."""

    status = 409

    def __init__(self) -> None:
        super().__init__("error.busy")


class MatrixSpecError(ExperimentError):
    """A matrix was requested that can't be run."""


class ActivityError(ExperimentError):
    """An action was given arguments that it can't carry out."""


class PreconditionError(ExperimentError):
    """The lab is not in the state from which a matrix can be measured."""


def message_of(error: Exception) -> Message:
    """Return what ``error`` says as a message; a text of another room's stays as it is."""
    return error.message if isinstance(error, ExperimentError | LabError) else plain(error)
