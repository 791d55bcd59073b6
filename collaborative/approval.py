"""What happens when a workflow ends well: exactly what was sent in is published, or nothing is.

Wagtail by itself publishes the newest revision, whatever the approver looked at. Named in the settings as
WAGTAIL_FINISH_WORKFLOW_ACTION, which is imported before models can be: so the imports stand in the function.
"""

from typing import Any


def publish_what_was_approved(workflow_state: Any, user: Any = None) -> None:
    """Publish the revision that was sent in for approval, and record its fingerprint.

    Raises Refused when the draft changed since it was sent in, or when its author approves it. The approval
    is rolled back then: Wagtail calls this inside the transaction of the approval.
    """
    import hashlib
    import json

    from django.utils.translation import gettext as _

    from collaborative.contributions import ledger
    from collaborative.errors import Refused

    state = workflow_state.current_task_state
    revision = workflow_state.content_object.get_latest_revision()
    # Autosave writes into the same revision, so that the number alone says nothing.
    if revision.pk != state.revision_id or revision.created_at > state.started_at:
        raise Refused(
            _(
                "The draft changed after it was sent in, so nothing was published. "
                "Send it in again, then approve."
            )
        )
    if user is not None and user.pk in (revision.user_id, workflow_state.requested_by_id):
        raise Refused(_("Nobody approves their own draft. Somebody else has to look at it."))
    content = json.dumps(revision.content, sort_keys=True).encode()
    ledger.record(
        "page.approved",
        f"page:{revision.object_id}",
        user,
        revision=revision.pk,
        content=hashlib.sha256(content).hexdigest(),
    )
    revision.publish(user=user, skip_permission_checks=True)
