"""Whether a delay has climbed out of the commune, to the province's unit of the field."""

from domain.alarms import Level
from domain.cases import OPEN_STATES
from domain.digests import climbed_to
from domain.people import Holding
from storage.cases.cases import Case
from storage.ground.work import Work


def has_come_to(work: Work, case: Case, holding: Holding) -> bool:
    """Say whether a delay has come to whoever holds a role in that unit: who is told of it may act on it.

    What is kept close never does: it is for those who head the commune and the province.
    """
    rules = work.rules_of(case)
    field, directory = rules.taxonomy.fields.get(case.field), rules.directory
    if case.confidential or field is None or case.state not in OPEN_STATES or case.due_on >= work.today:
        return False
    if directory.unit(holding.unit_id).type != field.tinh or not directory.level(holding.unit_id):
        return False
    late = rules.calendar.working_days_after(case.due_on, work.today)
    return late > 0 and Level.PROVINCE in climbed_to(late, rules.reminders)
