import os

from django.core.wsgi import get_wsgi_application

from . import body_limit, environment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sample.settings")

application = body_limit.wsgi(get_wsgi_application(), environment.number("MAX_BODY_SIZE", 0))
