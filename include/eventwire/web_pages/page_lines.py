"""The paragraphs of a body without the lines that pages put before, between and after them."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Final

from include.eventwire.web_pages.wording import ends_sentence, letters

_LIST_MARK: Final = re.compile(r"^[-•*]\s+(?=\S)")
_TABLE_RULE: Final = re.compile(r"-{3,}")
# Lines that pages put between the paragraphs of an article; compared as a whole.
_FURNITURE: Final = re.compile(
    r"(?:advertisement|advertising|story continues below(?: this)? advertisement|"
    r"article continues (?:below|after)(?: this)? (?:advertisement|ad)|read more|read also|"
    r"related(?: articles| stories| content| topics)?|recommended(?: stories)?|"
    r"share(?: this(?: article| story)?)?|follow us(?: on [\w ,]+)?|sign up|subscribe|"
    r"more on this story|comments?|leave a comment|view comments|tags|topics|listen|loading|"
    r"image source|getty images|watch|copy link|print|email|facebook|twitter|main content|"
    r"skip to (?:main )?content|updated|email article|このニュースをシェア)[.:…]*",
    re.IGNORECASE,
)
# Who made a picture: a short line that is no sentence.
_CREDIT: Final = re.compile(
    r"[(\[|]?\s*(?:(?:photo|photograph|picture|image|illustration|video|screenshot|foto|bild|"
    r"fotografía|imagen|immagine)s?(?:\s+(?:credits?|courtesy|by|via|von|de|di|par)\b.*|\s*[:/=©].*)|"
    r"(?:credits?|courtesy)(?: of)?\b.*|©.*)",
    re.IGNORECASE,
)
_LONGEST_CREDIT: Final = 90
# What pages write above links to other articles, by language.
_LIST_HEADING: Final = re.compile(
    r"(?:related|recommended|recent|popular|trending|latest|most (?:read|viewed|popular))\b"
    r"(?: (?:to this|articles?|stor(?:y|ies)|posts?|content|news|topics?|reading|videos?))*|"
    r"more (?:from|on|must-reads|stories|news|top stories|in|about)\b.*|"
    r"(?:read|up|what to read) next|(?:read|see) (?:also|more)|don['’]t miss|"
    r"you (?:may|might) (?:also )?(?:like|be interested).*|editor['’]?s['’]? (?:picks?|choice)|"
    r"(?:lesen|hören|sehen) sie (?:auch|mehr)|mehr (?:zum thema|dazu|aus|von)\b.*|"
    r"(?:das könnte sie auch interessieren|weitere (?:artikel|themen|nachrichten|meldungen)).*|"
    r"(?:à )?lire (?:aussi|également)|sur le même (?:sujet|thème)|(?:nos )?autres articles.*|"
    r"leggi anche|articoli correlati|potrebbe interessarti.*|"
    r"(?:lea|lee|leer|ver) (?:también|además|más)|te puede interesar.*|"
    r"(?:noticias|notas) relacionadas|más (?:noticias|información|sobre)\b.*|"
    r"le(?:ia|r) (?:também|mais)|veja também|lees (?:ook|meer)|meer (?:over|nieuws)\b.*|"
    r"les (?:også|mer)|läs (?:också|även|mer)|læs (?:også|mere)|lue (?:myös|lisää)|"
    r"czytaj (?:także|też|również|więcej)|zobacz (?:także|też)|"
    r"čtěte (?:také|více|dále)|související(?: články)?|baca juga|"
    r"ayrıca okuyun|ilgili haberler|xem thêm|tin liên quan|"
    r"читайте (?:также|ещё|еще|також)|(?:материалы )?по теме|"
    r"(?:إقرأ|اقرأ|اقرؤوا) (?:أيضا|أيضاً|أيضًا|المزيد)|مواضيع (?:ذات صلة|متعلقة)|"
    r"関連記事|関連ニュース|関連リンク|あわせて読みたい|おすすめ記事|"
    r"相关(?:新闻|阅读|报道|文章|链接)|延伸阅读|推荐阅读|相關(?:新聞|報導|文章)|延伸閱讀|"
    r"관련 ?기사|"
    r"เรื่องที่เกี่ยวข้อง|ข่าวที่เกี่ยวข้อง|यह भी पढ़ें|ये भी पढ़ें",
    re.IGNORECASE,
)
# What they write above offers of their own.
_OFFER_HEADING: Final = re.compile(
    r"stay (?:connected|informed|up to date)\b.*|about the authors?|"
    r"(?:sign up|subscribe|get|join|want)\b.*\b(?:newsletters?|recs|inbox|updates|alerts)\b.*",
    re.IGNORECASE,
)
# When the page was written or changed, above its first paragraphs.
_TIME_STAMP: Final = re.compile(
    r"(?:(?:first |last )?(?:published|posted|updated|modified)|(?:mis à jour|publié|modifié)|"
    r"(?:actualizado|publicado|atualizado)|(?:aktualisiert|veröffentlicht|stand)|"
    r"(?:aggiornato|pubblicato)|(?:oppdatert|publisert|uppdaterad|publicerad|opdateret))\b"
    r".*(?:\d{4}|\d{1,2}[:.h]\d\d)(?: ?(?:uhr|[ap]\.?m\.?|[a-z]{3,4}))?[\s)]*",
    re.IGNORECASE,
)
_STAMPED: Final = 3  # first paragraphs
_LONGEST_HEADING: Final = 80
# Characters. Teasers below a headline that is a link are shorter; paragraphs may be, too.
_LONGEST_TEASER: Final = 220
# A tail is no larger a part of the body.
_LARGEST_TAIL: Final = 0.4
_LARGEST_UNNAMED_TAIL: Final = 0.25
_LEAST_LINKS: Final = 3
_LEAST_LINKED_SHARE: Final = 1 / 3
_LONG_LINK: Final = 20
# Letters at the end of a stated body by which the paragraph that it ends with is known.
_ENDING: Final = 40


def tidy_paragraphs(
    lines: Sequence[str],
    title_lines: Collection[str],
    links: Collection[str] = (),
    stated: str = "",
) -> list[str]:
    """Return the paragraphs of a body without the lines around and between them.

    Args:
        lines: The body as an extractor gives it.
        title_lines: Headline, authors and the like, dropped where they stand first.
        links: Texts of the links of the page, by which lists of other articles are known.
        stated: Body as the page states it, after whose last paragraph nothing is kept.
    """
    paragraphs = [_LIST_MARK.sub("", _unpipe(line.strip())) for line in lines]
    kept = [text for text in paragraphs if text and not _is_furniture(text, links)]
    known = {letters(line) for line in title_lines} - {""}
    while kept and _is_title(letters(kept[0]), known):
        kept.pop(0)
    kept = [text for i, text in enumerate(kept) if i >= _STAMPED or not _is_time_stamp(text)]
    return _cut_links(_cut_headed_tail(_cut_after(kept, stated), links), links)


def _is_title(key: str, known: Collection[str]) -> bool:
    # The name of the site or of the author stands behind the headline.
    is_cut = len(key) >= _LONG_LINK and any(line.startswith(key) for line in known)
    return is_cut or key.removeprefix("by") in known


def _unpipe(line: str) -> str:
    """Return a row of a table without the frame that the extractor draws."""
    if not line.startswith("|"):
        return line
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    return " | ".join(cell for cell in cells if cell and not _TABLE_RULE.fullmatch(cell))


def _is_furniture(text: str, links: Collection[str]) -> bool:
    if _FURNITURE.fullmatch(text):
        return True
    if len(text) <= _LONGEST_CREDIT and _CREDIT.fullmatch(text):
        return not ends_sentence(text)
    # "Read also: Storm over Port Amber", the rest being a link to it.
    heading, colon, rest = text.partition(":")
    return bool(
        colon and _is_link(rest.strip(), links) and _LIST_HEADING.fullmatch(heading.strip())
    )


def _is_time_stamp(text: str) -> bool:
    return len(text) <= _LONGEST_HEADING and _TIME_STAMP.fullmatch(text) is not None


def _cut_after(paragraphs: list[str], stated: str) -> list[str]:
    """Cut what follows the last paragraph of the body that the page states."""
    ending = letters(stated)[-_ENDING:]
    if len(ending) < _ENDING:
        return paragraphs
    for index in range(len(paragraphs) - 1, 0, -1):
        if letters("".join(paragraphs[max(0, index - 3) : index + 1])).endswith(ending):
            is_small = _size(paragraphs[index + 1 :]) <= _LARGEST_TAIL * _size(paragraphs)
            return paragraphs[: index + 1] if is_small else paragraphs
    return paragraphs


def _cut_headed_tail(paragraphs: list[str], links: Collection[str]) -> list[str]:
    """Cut from the first heading above links or offers that only short lines follow."""
    largest = _LARGEST_TAIL * _size(paragraphs)
    for index, heading in enumerate(paragraphs):
        if not index or len(heading) > _LONGEST_HEADING:
            continue
        is_offer = _OFFER_HEADING.fullmatch(heading)
        if not is_offer and not _LIST_HEADING.fullmatch(heading.rstrip(" :…>»")):
            continue
        tail = paragraphs[index + 1 :]
        has_links = is_offer or not tail or any(_is_link(line, links) for line in tail)
        is_short = all(len(line) <= _LONGEST_TEASER for line in tail)
        if has_links and is_short and _size(tail) <= largest:
            return paragraphs[:index]
    return paragraphs


def _cut_links(paragraphs: list[str], links: Collection[str]) -> list[str]:
    """Cut a run of linked headlines, with or without teasers, at the end."""
    largest = _LARGEST_UNNAMED_TAIL * _size(paragraphs)
    cut = len(paragraphs)
    size = linked = gap = 0
    for count, line in enumerate(reversed(paragraphs), start=1):
        is_link = _is_link(line, links)
        size, linked, gap = size + len(line), linked + is_link, 0 if is_link else gap + 1
        if gap > 2 or len(line) > _LONGEST_TEASER or size > largest:
            break
        is_start = is_link or not ends_sentence(line)
        if is_start and linked >= max(_LEAST_LINKS, _LEAST_LINKED_SHARE * count):
            cut = len(paragraphs) - count
    return paragraphs[:cut]


def _is_link(line: str, links: Collection[str]) -> bool:
    """Return whether a line is a link, or one with a date or a name behind it."""
    return line in links or any(
        len(link) >= _LONG_LINK and line.startswith(link) and 2 * len(link) >= len(line)
        for link in links
    )


def _size(paragraphs: Sequence[str]) -> int:
    return sum(map(len, paragraphs))
