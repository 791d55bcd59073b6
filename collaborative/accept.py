"""In which form somebody wants an answer."""

from typing import Any

from django.http import HttpRequest, JsonResponse

JSON = "application/json"


def wants_json(request: HttpRequest) -> bool:
    """A script, or somebody who reads by machine: JSON is what they ask for first."""
    return request.headers.get("Accept", "").startswith(JSON)


def as_json(record: dict[str, Any]) -> JsonResponse:
    """A public page for machines; whoever keeps it asks before they use it again."""
    response = JsonResponse(record, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "no-cache"
    return response
