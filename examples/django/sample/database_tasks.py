"""The task as Django Tasks knows it: a function of a module, found again by its name."""

from django_tasks import task

from . import work


@task()
def add(left: int, right: int) -> None:
    work.add(left, right)
