"""A file that anyone may have: sent with an answer that was checked, and that its author lets us publish."""

from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from collaborative.consultations.listing import public_answers, shows_responses
from collaborative.consultations.visit import find_consultation
from collaborative.contributions import serving


@require_safe
def published(request: HttpRequest, slug: str, reference: str) -> HttpResponseBase:
    page, engagement = find_consultation(slug)
    if not shows_responses(page, engagement.state_at(timezone.now())):
        raise Http404
    row = public_answers(engagement).filter(reference=reference, file__isnull=False).first()
    if row is None:
        raise Http404
    return serving.download(row.file, row.public_text)
