"""What each role may start: nothing is lost between pages, and nothing is offered that is refused."""

from itertools import chain, combinations

import pytest

from domain.people import Role
from handlers.engine import by_role

EVERY_SET = [frozenset(roles) for n in range(len(Role) + 1) for roles in combinations(Role, n)]

WORK = {option for _, options in by_role._ENTRIES for option in options}


def pages(options: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return a menu's pages, one after the other."""
    found, more = [], True
    while more:
        page, more = by_role.page(options, len(found) + 1)
        found.append(page)
    return found


@pytest.mark.parametrize("roles", EVERY_SET, ids=lambda roles: "+".join(sorted(roles)) or "citizen")
def test_every_menu_has_at_most_nine_entries_a_page(roles: frozenset[Role]) -> None:
    """Every entry stands on one page, in its order; with “more” a page still has a digit for each."""
    options = by_role.entries(roles)
    found = pages(options)
    assert tuple(chain(*found)) == options
    assert all(1 <= len(page) + (page is not found[-1]) <= 9 for page in found)
    assert len(set(options)) == len(options)


@pytest.mark.parametrize("roles", EVERY_SET, ids=lambda roles: "+".join(sorted(roles)) or "citizen")
def test_what_is_offered_may_be_started(roles: frozenset[Role]) -> None:
    """And work is offered to those alone who may do it; the citizen in everybody keeps their own."""
    options = by_role.entries(roles)
    assert all(by_role.may(roles, option) for option in options)
    assert {"report", "follow"} <= set(options)
    assert not {option for option in WORK if by_role.may(roles, option)} - set(options)


def test_two_roles_are_offered_what_each_of_them_is() -> None:
    """Whoever is admin and keeper has both menus, not one of them."""
    both = set(by_role.entries({Role.ADMIN, Role.KEEPER}))
    assert both == {*by_role.entries({Role.ADMIN}), *by_role.entries({Role.KEEPER})}
    assert {"admin", "openings"} <= both
    assert not {"mine", "counter", "approvals"} & both


@pytest.mark.parametrize("number", range(1, 30))
def test_a_menu_of_any_length_can_be_paged(number: int) -> None:
    """However many entries other roles bring."""
    options = tuple(map(str, range(number)))
    assert tuple(chain(*pages(options))) == options
    assert all(len(page) <= 9 for page in pages(options))


def test_help_has_pages_for_each_role() -> None:
    """A citizen has theirs, and every role one of its own."""
    assert by_role.help_pages(frozenset()) == ("citizen", "citizen_more")
    assert by_role.help_pages({Role.ADMIN}) == ("admin",)
    assert by_role.help_pages({Role.HEAD}) == ("official", "official_more", "chief", "keeper")
