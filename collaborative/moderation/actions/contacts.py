"""What happens to the contacts: somebody makes sure that one is still right."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from collaborative import pagecache
from collaborative.contributions import ledger
from collaborative.moderation.models import Contact
from collaborative.moderation.permissions import user_may_check_contacts
from collaborative.people.models import User


def check_contact(contact: Contact, *, by: User) -> None:
    """Somebody rang or looked today, and it is right. Twice on one day is once."""
    if not user_may_check_contacts(by):
        raise PermissionDenied
    today = timezone.localdate()
    with transaction.atomic():
        row = Contact.objects.select_for_update().get(pk=contact.pk)
        if (row.last_checked, row.checked_by_id) != (today, by.pk):
            row.last_checked, row.checked_by = today, by
            row.save(update_fields=["last_checked", "checked_by"])
            ledger.record("contact.checked", f"contact:{row.pk}", by)
            pagecache.touch()
    contact.last_checked, contact.checked_by = row.last_checked, row.checked_by
