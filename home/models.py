"""Home, standard and news pages, and the settings of the site."""

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from collaborative import context

# The standard page at this address also shows who sits at the table (COL-1) and the newest news.
ABOUT = "about"
YOUNG = "-young"  # a page with this after its address says the same for young people
EARLIER = "-[0-9]+"  # one with the number of a version: what it said before, as privacy-1


def crumbs(page: Page) -> list[tuple[str, str]]:
    """Where a page stands in the tree, Home aside: [(address, title)], the page itself last (one query)."""
    above = page.get_ancestors().live().filter(depth__gt=2) if page.pk else []
    return [*((one.url, one.title) for one in above), ("", page.title)]


class PageBlocks(blocks.StreamBlock):
    heading = blocks.CharBlock(label=_("Heading"), form_classname="title")
    paragraph = blocks.RichTextBlock(label=_("Text"), features=["bold", "italic", "ul", "ol", "link"])


class HomePage(Page):
    sentence = models.CharField(_("purpose in one sentence"), max_length=200, blank=True)
    leader = models.TextField(_("a little more"), blank=True)

    content_panels: ClassVar = [*Page.content_panels, FieldPanel("sentence"), FieldPanel("leader")]
    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    max_count = 1

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from home.front import front_context  # it reads the models

        return {**super().get_context(request, *args, **kwargs), **front_context(request)}


class StandardPage(Page):
    introduction = models.TextField(_("introduction"), blank=True)
    body = StreamField(PageBlocks(), blank=True)

    content_panels: ClassVar = [*Page.content_panels, FieldPanel("introduction"), FieldPanel("body")]
    parent_page_types: ClassVar[list[str]] = ["home.HomePage", "home.StandardPage"]
    subpage_types: ClassVar[list[str]] = ["home.StandardPage"]
    search_fields: ClassVar = [
        *Page.search_fields,
        index.SearchField("introduction"),
        index.SearchField("body"),
    ]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        found = super().get_context(request, *args, **kwargs)
        found |= {"section": "about", "crumbs": crumbs(self), "more": self.more()}
        if self.slug == ABOUT:
            from home.front import membership  # it reads the models

            found |= {"membership": membership(), "news": NewsPage.newest()[:3]}
        return found

    def more(self) -> Any:
        """What stands below this page, and beside it the edition for young people and what it said before
        (two queries)."""
        if not self.pk:
            return []
        beside = Page.objects.sibling_of(self).filter(slug__regex=rf"^{self.slug}({YOUNG}|{EARLIER})$")
        return (self.get_children() | beside).live().public().order_by("path")


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
    parent_page_types: ClassVar[list[str]] = ["home.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    search_fields: ClassVar = [
        *Page.search_fields,
        index.SearchField("introduction"),
        index.SearchField("body"),
    ]

    @classmethod
    def newest(cls) -> "models.QuerySet[NewsPage]":
        """Published news, newest first, wherever in the tree it stands."""
        return cls.objects.live().public().defer_streamfields().order_by("-date", "-pk")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        found = super().get_context(request, *args, **kwargs)
        return found | {"section": "about", "crumbs": [("/news/", _("News")), ("", self.title)]}


@register_setting(icon="site")
class SiteSettings(BaseSiteSetting):
    partnership = models.CharField(
        _("name of the partnership"), max_length=120, default="Career Services Collaborative"
    )
    operator = models.CharField(_("who runs this site"), max_length=250, blank=True)
    not_heard_enough = models.TextField(_("who is not heard enough yet"), blank=True)

    panels: ClassVar = [FieldPanel("partnership"), FieldPanel("operator"), FieldPanel("not_heard_enough")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        context.forget()


class DemoSet(models.Model):
    """What `load_demo` made, so that `load_demo --clear` removes exactly that: {model label: [keys]}."""

    loaded_at = models.DateTimeField()
    made = models.JSONField()

    def __str__(self) -> str:
        return str(self.loaded_at)
