"""What a browser may load. Strict everywhere; the admin has the few exceptions that Wagtail needs."""

from typing import Any

from csp.constants import HEADER, NONE, SELF, UNSAFE_INLINE
from csp.middleware import CSPMiddleware, PolicyParts
from django.http import HttpRequest
from django.http.response import HttpResponseBase

PUBLIC: dict[str, Any] = {
    "default-src": [SELF],  # the sockets of live pages too: 'self' covers ws and wss of this host
    "img-src": [SELF, "data:"],
    "object-src": [NONE],
    "base-uri": [SELF],
    "form-action": [SELF],
    "frame-ancestors": [NONE],
}
# Wagtail starts its widgets with <script> elements in the page, and its editor of rich text writes a <style>
# element for its prompts and numbered lists; it needs no handlers or styles in attributes, and no eval.
ADMIN: dict[str, Any] = {
    **PUBLIC,
    "img-src": [SELF, "data:", "blob:"],
    "script-src": [SELF, UNSAFE_INLINE],
    "script-src-attr": [NONE],
    "style-src": [SELF],
    "style-src-elem": [SELF, UNSAFE_INLINE],
}
PERMISSIONS = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"
ADMIN_PREFIX = "/admin/"


class PolicyMiddleware(CSPMiddleware):
    """Sends the content security policy of the part of the site that is asked for."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if not report_only and parts.config is None:
            parts.config = ADMIN if request.path_info.startswith(ADMIN_PREFIX) else PUBLIC
        return parts

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        if request.path_info.startswith(ADMIN_PREFIX) and HEADER in response.headers:
            # A preview: a public page, made by a request inside the request, framed by the editor.
            policy = response.headers[HEADER].replace("frame-ancestors 'none'", "frame-ancestors 'self'")
            response.headers[HEADER] = policy
            response.headers["X-Frame-Options"] = "SAMEORIGIN"
            return response
        return super().process_response(request, response)
