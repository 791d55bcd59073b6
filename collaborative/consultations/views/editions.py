"""Which question is there in which edition, as published; and where somebody says that one still fits."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from collaborative.consultations import editions
from collaborative.consultations.actions import edition_still_fits
from collaborative.consultations.checklist import published_questions
from collaborative.consultations.models import QuestionWording
from collaborative.consultations.permissions import user_may_write_questions
from collaborative.engagements.models import Engagement
from collaborative.staff import actor, only, screen


@only(user_may_write_questions)
def overview(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Engagement.objects.filter(kind=Engagement.Kind.CONSULTATION).select_related(
        "page__consultationpage"
    )
    engagement = get_object_or_404(rows, pk=pk)
    if request.method == "POST":
        of_this = QuestionWording.objects.filter(question__engagement=engagement)
        number = request.POST.get("wording", "")
        wording = get_object_or_404(of_this, pk=int(number) if number.isdecimal() else 0)
        edition_still_fits(wording, by=actor(request))
        messages.success(request, _("Noted: it still fits."))
        return redirect("editions", pk=pk)
    blocks = [child.value for child in engagement.page.consultationpage.questions]
    return screen(
        request,
        "consultations/staff/editions.html",
        title=_("Editions"),
        icon="globe",
        crumbs=[(reverse("wagtailadmin_pages:edit", args=[engagement.page_id]), engagement.title)],
        rows=editions.table(blocks, published_questions(engagement)),
        editions=[one.label for one in editions.OTHERS],
    )
