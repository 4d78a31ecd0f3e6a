"""Uploaded files: into whatever storage the settings name, and out of it again."""

import mimetypes

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from .facts import PICTURES, POD
from .models import Upload


@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    file = request.FILES.get("file")
    if settings.MEDIA_PLACE is None:
        return HttpResponse("There is neither a bucket nor a volume for uploads.\n", "text/plain", 409)
    if file is None:
        return HttpResponse('No file came along, in a field named "file".\n', "text/plain", 400)
    Upload.objects.create(file=file, size=file.size, uploaded_by=POD)
    return HttpResponseRedirect(reverse("page"), status=303)


@require_safe
def media(request: HttpRequest, name: str) -> HttpResponseBase:
    """A file on the volume; those in a bucket are read from there. Only what was uploaded: the row says what there is."""
    if not isinstance(default_storage, FileSystemStorage):
        raise Http404
    row = get_object_or_404(Upload, file=name)
    try:
        content = row.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    kind = mimetypes.guess_type(name)[0]
    response = FileResponse(content, as_attachment=kind not in PICTURES, filename=name.rpartition("/")[2])
    # Somebody else's file on this site's own address: it is shown, and nothing in it is run.
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=3600"
    return response
