"""What officials corrected of where the desk sent cases, as far as anything may be learned of it.

Nobody here says of what field or kind a case is: they hand it on. So a correction is a case that an official
gave to another unit, which acts on nothing the packaged model had suggested, and which answered it. It says
that the case is of one of that unit's fields, and nothing of its kind. Of what nobody handed on
nothing is learned: its unit was right, of the field nobody said anything, and the desk would hear itself.
"""

from domain.routing import RECEPTIONS, Field
from domain.rules import Rules
from domain.understand.corrections import Correction, fields_of, impersonal
from domain.understand.linear import Linear
from services.standing.parties import person_of
from storage.cases import corrected
from storage.cases.cases import Case
from storage.ground.work import Work


async def of_desk(work: Work, packaged: Linear) -> list[Correction]:
    """Return the corrections of the desk's cases; nothing of what `storage.cases.corrected` leaves out.

    Nor of what speaks of an official or a unit, blames anybody, or may tell danger.
    """
    fields = {code for code, field in work.desk.taxonomy.fields.items() if _open(field)}
    cases = await corrected.handed_on(work, fields=fields, ringing=work.desk.ringing)
    told = [_correction(work, case, packaged) for case in cases]
    return [one for one in told if one is not None]


def _open(field: Field) -> bool:
    return not (field.confidential or field.sensitive)


def _correction(work: Work, case: Case, packaged: Linear) -> Correction | None:
    rules, unit = work.rules_of(case), work.desk.directory.unit(case.unit_id)
    if unit.type in RECEPTIONS or not _was_handed(work, case) or _speaks_of_somebody(work, rules, case.story):
        return None  # what a reception answers may be of any field
    fields = rules.taxonomy.fields
    acts_on = {code for code, field in fields.items() if unit.type in (field.xa, field.tinh, field.ops)}
    if case.field in acts_on:
        return None
    text = impersonal(case.story)
    may_be = fields_of(packaged, text, acts_on, {code for code in fields if _open(fields[code])})
    return Correction(case.code, case.chat_key, text, may_be) if may_be else None


def _was_handed(work: Work, case: Case) -> bool:
    """Say whether an official gave it to the unit where it is, and for what it is: not for where it is."""
    given = [line for line in work.histories[case.id] if line.act in corrected.HANDED]
    last = given[-1]
    here = last.detail.get("unit_id") == str(case.unit_id)
    return here and person_of(last.actor) is not None and not {"crossed", "spoken_of"} & last.detail.keys()


def _speaks_of_somebody(work: Work, rules: Rules, story: str) -> bool:
    heard, said = rules.understanding.read(story), rules.accused.read(story, work.today)
    named = said.people or said.units or said.beside or said.aside or said.wrong or said.holder
    return bool(named or heard.accuses or heard.blamed or heard.emergency or heard.doubt or heard.close)
