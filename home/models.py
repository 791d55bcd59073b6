"""Home, standard and news pages, and the settings of the site."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index


class PageBlocks(blocks.StreamBlock):
    heading = blocks.CharBlock(label=_("Heading"), form_classname="title")
    paragraph = blocks.RichTextBlock(label=_("Text"), features=["bold", "italic", "ul", "ol", "link"])


class HomePage(Page):
    sentence = models.CharField(_("purpose in one sentence"), max_length=200, blank=True)
    leader = models.TextField(_("a little more"), blank=True)

    content_panels: ClassVar = [*Page.content_panels, FieldPanel("sentence"), FieldPanel("leader")]
    max_count = 1


class StandardPage(Page):
    introduction = models.TextField(_("introduction"), blank=True)
    body = StreamField(PageBlocks(), blank=True)

    content_panels: ClassVar = [*Page.content_panels, FieldPanel("introduction"), FieldPanel("body")]
    search_fields: ClassVar = [
        *Page.search_fields,
        index.SearchField("introduction"),
        index.SearchField("body"),
    ]


class NewsPage(Page):
    date = models.DateField(_("date"))
    introduction = models.TextField(_("introduction"), blank=True)
    body = StreamField(PageBlocks(), blank=True)

    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("date"),
        FieldPanel("introduction"),
        FieldPanel("body"),
    ]
    search_fields: ClassVar = [
        *Page.search_fields,
        index.SearchField("introduction"),
        index.SearchField("body"),
    ]


@register_setting(icon="site")
class SiteSettings(BaseSiteSetting):
    partnership = models.CharField(
        _("name of the partnership"), max_length=120, default="Career Services Collaborative"
    )
    operator = models.CharField(_("who runs this site"), max_length=250, blank=True)
    not_heard_enough = models.TextField(_("who is not heard enough yet"), blank=True)

    panels: ClassVar = [FieldPanel("partnership"), FieldPanel("operator"), FieldPanel("not_heard_enough")]


class DemoSet(models.Model):
    """What `load_demo` made, so that `load_demo --clear` removes exactly that: {model label: [keys]}."""

    loaded_at = models.DateTimeField()
    made = models.JSONField()

    def __str__(self) -> str:
        return str(self.loaded_at)
