"""Handing a file over: as a download and nothing else, kept by nobody, without a cookie asked or set."""

from django.core import signing
from django.http import Http404
from django.utils.http import content_disposition_header

from collaborative.contributions import files
from collaborative.contributions.models import Contribution, SentFile
from collaborative.streaming import Streamed

SALT = "contributions.files"
SECONDS = 120  # between the press and the download


def download(row: SentFile, name: str) -> Streamed:
    """Its bytes under that name. Whoever calls has asked whether they may be seen. Raises Http404."""
    try:
        parts = files.parts_of(row.stored)
    except FileNotFoundError:  # taken back between the question and the answer
        raise Http404 from None
    # Never the type that it is: no browser is to show it as a page of ours.
    response = Streamed(parts, content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, " ".join(name.split())) or "attachment"
    response["Content-Length"] = str(row.size)
    response["Content-Encoding"] = "identity"  # most are packed already
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


def token(contribution: Contribution) -> str:
    """For somebody who may see the file as it stands now. It dies in two minutes, or when the state moves."""
    return signing.dumps([contribution.reference, contribution.state], salt=SALT, compress=False)


def opened(given: str) -> Contribution:
    """What a token leads to, with `newest_text` and its file. Raises Http404."""
    try:
        reference, state = signing.loads(given, salt=SALT, max_age=SECONDS)
    except (signing.BadSignature, ValueError):
        raise Http404 from None
    rows = Contribution.objects.with_newest_text().select_related("file")
    row = rows.filter(reference=reference, state=state, file__isnull=False).first()
    if row is None:
        raise Http404
    return row
