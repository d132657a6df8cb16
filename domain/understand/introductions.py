"""Where a message says who writes it: “tôi là Lan nhà bên”, “em tên Hoa”, anywhere in it."""

import re

_SURNAME = (
    r"(?:nguy[ễe]n|tr[ầa]n|ph[ạa]m|hu[ỳy]nh|ho[àa]ng|[đd][ặa]ng|b[ùu]i|(?:l[êe]|v[õo]|[đd][ỗo]|h[ồo]|ng[ôo]|l[ýy]"
    r"|phan|v[ũu]|[đd]inh|d[ưu][ơo]ng|mai|cao|l[ưu][ơo]ng)\ (?:v[ăa]n|th[ịi]))"
)
_CAPITAL = "[A-Z" + "".join(chr(at) for at in range(0xC0, 0x1EFA) if chr(at).isupper()) + "]"
_ME = r"(?:t[ôo]i|tui|em|ch[áa]u|(?<!b[àa]\ )con|m[ìi]nh|t[ớo])"
_NAMED = r"t[êe]n(?:\ (?:l[àa]|g[ọo]i))?|l[àa](?:\ t[êe]n)?"
_WRITES = (
    r"(?:b[áa]o|vi[ếe]t|g[ửu]i|ph[ảa]n\ [áa]nh|l[àa]m|k[ýy]|ki[ếe]n\ ngh[ịi]|khi[ếe]u\ n[ạa]i|t[ốo]\ c[áa]o)"
)
_OPENS = re.compile(
    rf"""(?<![^\W_])(?:
        {_ME}\ (?:{_NAMED})
        | {_ME}\ ?,\ (?-i:(?={_CAPITAL}))
        | (?P<paper>t[êe]n\ (?:{_ME})(?:\ (?P<is>l[àa]))? | h[ọo]\ (?:v[àa]\ )?t[êe]n | k[ýy]\ t[êe]n)
        | ng[ưu][ờo]i\ {_WRITES}(?:\ [đd][ơo]n)?\ ?(?:l[àa]|:)
        | i(?:\ am|['’]m)(?-i:(?=\ {_CAPITAL}))
        | my\ name\ is | this\ is(?-i:(?=\ {_CAPITAL}))
    )(?![^\W_])(?P<gap>[\s:]*)""",
    re.IGNORECASE | re.VERBOSE,
)
_ENGLISH_TO = r"(?<=\w )[Tt]o "
"""Behind a word “to” is English: “it belongs to Binh An Mau”."""
_PLAIN_NAME = re.compile(
    rf"(?<![^\W_])(?<!t[êe]n )(?!{_ENGLISH_TO})(?i:{_ME})\ (?=(?:{_CAPITAL}\w*\s){{1,4}}{_CAPITAL}\w*)"
)
"""“Tôi Nguyễn Văn Tám …”: nothing between the two."""
_TELLS = (
    r"ph[ảa]n\ [áa]nh|b[áa]o|xin|mu[ốo]n|ki[ếe]n\ ngh[ịi]|[đd][ềe]\ ngh[ịi]|t[ốo]\ c[áa]o"
    r"|khi[ếe]u\ n[ạa]i|tr[ìi]nh|nh[ờo]|th[ấa]y|b[ịi]|g[ửu]i|h[ỏo]i|y[êe]u\ c[ầa]u|mong|vi[ếe]t"
    r"|[đd][ềe]\ xu[ấa]t|c[óo]|nay|v[ìi]|do|report"
)
_CLAUSE = re.compile(
    rf"(?P<who>[^.,;:\n!?()–]{{0,100}}?)(?:(?P<ends>[.,;:\n!?()–]|\s-\s|$)|\s(?=(?:{_TELLS})\b\s+\w|th[ấa]y\s*(?:[.,;!?]|$)))",
    re.IGNORECASE,
)
_NAME = re.compile(rf"(?:{_CAPITAL}[\w’']*\s?){{1,5}}")
_TITLE = r"(?:[ôo]ng|b[àa]|anh|ch[ịi]|em|c[ôo]|ch[úu]|b[áa]c|ch[áa]u|th[ầa]y)\ "
_MAY_BE_A_NAME = re.compile(rf"(?:{_TITLE})?(?:(?-i:{_CAPITAL})|{_SURNAME}\ )", re.IGNORECASE)
_SHOUTED = re.compile(rf"(?:{_TITLE})?{_SURNAME}\ ", re.IGNORECASE)
_BARE_NAME = re.compile(rf"{_SURNAME}(?:\ [^\W\d_]+){{1,2}}", re.IGNORECASE)
_FEW = re.compile(r"(?:[^\W\d_]+ ?){1,4}(?=[.,;:\n!?()–]|$)")
"""A name without its capitals is all that a clause says."""
_GREETS = re.compile(
    r"(?:^|[.,;:\n!?()“”\"–-]|(?<![^\W_])(?:d[ạa]|th[ưu]a|v[âa]ng|ch[àa]o|xin|alo|[ạa]|[ơo]i|xin ph[ée]p"
    r"|nh[àa]|x[ãa]|b[ộo]|ban|anh|ch[ịi]|b[áa]c|ch[úu]|c[ôo]|đ[ồo]|cho|v[àa]|nay|hello|hi))\s*$",
    re.IGNORECASE,
)
"""Who says who they are begins with it, or has greeted before; after any other word it is told of a name."""
_NOT_OF_WHO_WRITES = re.compile(
    r"(?:nh[àa]|[đd][ấa]t|ru[ộo]ng|xe|v[ưu][ờo]n|c[ửu]a|c[ủu]a|th[ửu]a)\s$", re.IGNORECASE
)
_HERE = re.compile(rf"(?<![^\W_])(?:{_CAPITAL}\w*\s){{1,4}}[đĐ][âa]y(?:\sạ)?(?=[\s.,;!]|$)")
"""“Lan đây”."""
_SHORTEST = 3
"""Words that must be left, or an unended clause is the matter itself."""


def without_introductions(text: str) -> str:
    """Return the text without what says who writes; what they tell stays."""
    return cut(text, spans(text), " ")


def spans(text: str) -> list[tuple[int, int]]:
    """Return where the text says who writes it."""
    found = [here.span() for here in _HERE.finditer(text)]
    for opening in (_OPENS, _PLAIN_NAME):
        at = 0
        while (begins := opening.search(text, at)) is not None:
            end = _end(text, begins)
            found += [(begins.start(), end)] if end > begins.end() else []
            at = max(end, begins.end())
    return found


def cut(text: str, found: list[tuple[int, int]], sign: str = "") -> str:
    """Return the text without these places, which may overlap; a sign stands where each was."""
    kept, at = "", 0
    for start, end in sorted(found):
        kept += f"{text[at:start]}{sign}" if start >= at else ""
        at = max(at, end)
    return kept + text[at:]


def _end(text: str, found: re.Match[str]) -> int:
    """Return where the introduction ends; where it began when it is none."""
    before = text[: found.start()]
    named = "\n" not in found[0] and (_SHOUTED if text.isupper() else _MAY_BE_A_NAME).match(text, found.end())
    if _NOT_OF_WHO_WRITES.search(before) or not (named or _may_introduce(text, found)):
        return found.start()
    if found.groupdict().get("paper") and _GREETS.search(before) is None:  # what was done with it goes on
        name = _NAME.match(text, found.end()) or _BARE_NAME.match(text, found.end())
        return len(text[: name.end()].rstrip()) if name is not None else found.start()
    clause = _CLAUSE.match(text, found.end())
    if clause is not None and (clause["ends"] or clause.end() < len(text) or not _is_all(text, found)):
        return clause.end("who")
    name = _NAME.match(text, found.end())
    return name.end() if name is not None else found.start()


def _may_introduce(text: str, found: re.Match[str]) -> bool:
    """Say whether somebody can be introduced though nothing that looks like a name follows.

    “Họ đọc tên tôi ra loa” and “họ chửi tôi là đồ ăn mày” go on with what was done.
    """
    parts = found.groupdict()
    if _GREETS.search(text[: found.start()]) is None:
        return False
    if parts.get("paper") is None:
        return True
    says = parts["is"] is not None or ":" in parts["gap"]
    return says and _FEW.match(text, found.end()) is not None


def _is_all(text: str, found: re.Match[str]) -> bool:
    """Say whether nothing would be left but a few words: the last clause is the matter then."""
    return len(text[: found.start()].split()) < _SHORTEST
