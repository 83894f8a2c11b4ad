"""What is wrong with a picture, as HTML. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.html import NOTHING, Html, join, markup
from app.words.picture import FAULT, REMEDY

if TYPE_CHECKING:
    from app.words import Words
    from lentigo.picture.quality import Finding


def _quality(findings: tuple[Finding, ...], inner: Html) -> Html:
    return markup(
        '<div class="quality" data-testid="quality" data-issues="{issues}">{inner}</div>',
        issues=",".join(finding.issue for finding in findings),
        inner=inner,
    )


def refusal(findings: tuple[Finding, ...], title: str, words: Words) -> Html:
    """Say why a picture cannot be judged, and what to do about it."""
    inner = markup("<h2>{title}</h2>{list}", title=title, list=_list(findings, words))
    return markup('<div class="notice">{quality}</div>', quality=_quality(findings, inner))


def _list(findings: tuple[Finding, ...], words: Words) -> Html:
    items = join(
        markup(
            "<li><strong>{fault}</strong> {remedy}</li>",
            fault=words(FAULT[finding.issue]),
            remedy=words(REMEDY[finding.remedy]),
        )
        for finding in findings
    )
    return markup("<ul>{items}</ul>", items=items)


def warnings(findings: tuple[Finding, ...], words: Words) -> Html:
    """Say in a result what would make its picture a better one."""
    if not findings:
        return _quality((), NOTHING)
    title, found = words("answer.warnings"), _list(findings, words)
    return _quality(findings, markup("<h3>{title}</h3>{found}", title=title, found=found))
