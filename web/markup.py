"""An answer as a page shows it: its Markdown as HTML, in which a writer's HTML stays text."""

from markdown_it import MarkdownIt
from markupsafe import Markup

from knowledge.answers.notation import on_page

_MARKDOWN = MarkdownIt("commonmark", {"html": False})


def answer_html(text: str) -> Markup:
    """Addresses other than http, https and our own paths are left as text by the renderer."""
    return Markup(_MARKDOWN.render(on_page(text)))
