"""What was noted on cases becomes rows, and what was told about safety becomes a case."""

from typing import Any

from django.db import migrations


def carry_over(apps: Any, schema_editor: Any) -> None:
    case_model = apps.get_model("moderation", "SafeguardingCase")
    note_model = apps.get_model("moderation", "CaseNote")
    report_model = apps.get_model("moderation", "Report")
    for case in case_model.objects.select_related("contribution"):
        case.raised_at = case.looked_at = case.opened_at  # nobody is alerted anew
        case.engagement_id = case.contribution.engagement_id
        case.frozen = case.contribution.wordings.order_by("-number").first()
        case.save(update_fields=["raised_at", "looked_at", "engagement_id", "frozen"])
        if case.actions_taken:
            note_model.objects.create(case=case, kind="note", text=case.actions_taken, at=case.opened_at)
    for report in report_model.objects.filter(about="safety", case=None).select_related("contribution"):
        case_model.objects.create(
            report=report,
            engagement_id=report.contribution.engagement_id if report.contribution else None,
            opened_at=report.created_at,
            raised_at=report.created_at,
            looked_at=report.handled_at,
            closed_at=report.handled_at,
            closed_by=report.handled_by,
            outcome="Dealt with before cases were kept for what people tell us." if report.handled_at else "",
        )


class Migration(migrations.Migration):
    dependencies = [("moderation", "0007_cases_whole")]

    operations = [migrations.RunPython(carry_over, migrations.RunPython.noop)]
