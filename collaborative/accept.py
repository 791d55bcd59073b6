"""In which form somebody wants an answer."""

from django.http import HttpRequest

JSON = "application/json"


def wants_json(request: HttpRequest) -> bool:
    """A script, or somebody who reads by machine: JSON is what they ask for first."""
    return request.headers.get("Accept", "").startswith(JSON)
