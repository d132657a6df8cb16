"""A case is opened by an act like any other, and once."""

import pytest

from domain.cases import Act, NotNow
from services.acts.act import act
from services.acts.opening import Open
from services.standing.parties import Actor
from storage.cases import cases
from storage.store.engine import Store
from tests.storage import commune


async def test_a_case_begins_with_its_own_act(sqlite_store: Store) -> None:
    """Its first line says for what it was taken, its version is the first; nobody opens it again."""
    await commune.settle(sqlite_store)
    (code,) = await commune.open_cases(sqlite_store, 1)
    async with sqlite_store.work() as work:
        case = await cases.by_code(work, code)
        assert case is not None
        (line,) = await cases.history(work, case)
        assert (line.act, case.version, case.history_length) == (Act.OPEN, 1, 1)
        assert line.detail.keys() == {"unit", "kind", "field", "due_on"}
        with pytest.raises(NotNow):
            await act(work, case, Open(), Actor(case.chat_key))
        assert (case.version, case.history_length) == (1, 1)
