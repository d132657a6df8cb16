"""A disk that is full, or nearly so, is told to the admins each morning, as doctor would say it."""

import asyncio
from collections.abc import Mapping
from uuid import UUID

import locales
from domain.people import Role
from storage.ground.files import Disk
from storage.ground.work import Work

_MB = 1024 * 1024


async def news(work: Work) -> Mapping[UUID | None, Disk]:
    """Return for each admin of the desk itself the disk, where something must be said of it."""
    disk = await asyncio.to_thread(work.disk)
    admins = work.desk.directory.topmost(Role.ADMIN, work.today) if disk.state != "ample" else []
    return dict.fromkeys(admins, disk)


def line(disk: Disk | None, language: str) -> str:
    """Write it for an admin; nothing where there is nothing to say."""
    return locales.words(language)(f"room.{disk.state}", free=disk.free // _MB) if disk else ""
