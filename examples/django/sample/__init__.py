# Celery's shared tasks belong to the app that is loaded first: it has to be this one, in every process that loads Django.
from .celery import app as celery_app

__all__ = ["celery_app"]
