"""How an action's refusal becomes an error on the form that asked for it."""

from django.forms import Form

from console.kit.problems import Problem

INVALID_STATUS = 422
"""The HTTP status of a page that shows a refused form; htmx swaps it in."""


def refuse(form: Form, problem: Problem) -> None:
    """Show `problem` at the field that it names, or above the form when it names none of the form's."""
    form.add_error(problem.field if problem.field in form.fields else None, problem.message)
