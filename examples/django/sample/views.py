from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from .facts import POD, gather
from .models import Visit


@never_cache
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    return render(request, "sample/page.html", {"facts": gather(_interface(request))})


@never_cache
@require_GET
def status(request: HttpRequest) -> JsonResponse:
    return JsonResponse(gather(_interface(request)).as_json())


def _interface(request: HttpRequest) -> str:
    return "ASGI" if isinstance(request, ASGIRequest) else "WSGI"


@csrf_exempt  # for a test client without cookies; it can only add a row that holds nothing of the request
@require_POST
def record_visit(request: HttpRequest) -> JsonResponse:
    Visit.objects.create(recorded_by=POD)
    return JsonResponse({"rows": Visit.objects.count()}, status=201)
