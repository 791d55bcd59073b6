"""The addresses of this room."""

from django.urls import URLPattern, path

from collaborative.outcomes.views import evidence, model

urlpatterns: list[URLPattern] = [
    path("evidence/", evidence.evidence, name="evidence"),
    path("evidence/assessments/<slug:slug>/", evidence.assessment, name="assessment"),
    path("evidence/<slug:ref>/", evidence.evidence_record, name="evidence_record"),
    path("model/", model.plan, name="model"),
    path("model/versions/", model.versions, name="model_versions"),
    path("model/versions/<int:number>/", model.version, name="model_version"),
    path("model/compare/", model.choose, name="model_compare_choose"),
    path("model/compare/<int:a>/<int:b>/", model.compare, name="model_compare"),
    path("model/clauses/<str:ref>/", model.sentence, name="model_clause"),
]
