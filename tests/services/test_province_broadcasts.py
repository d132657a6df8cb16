"""A message to a hamlet written above the communes: who may at all, and which hamlet is meant."""

import pytest

from tests.services.levels import Province

WRITE = "nội dung gửi bà con"
MESSAGE = "Thứ Tư 18/11 cấm đường tỉnh 512 từ 7 giờ đến 11 giờ."


async def test_a_lone_head_is_told_before_writing(wide: Province) -> None:
    """Nobody above could let it go; the words name no case and leave no gap for one."""
    told = await wide.says("t_chanh", "nhan tin thon")
    assert "cần người thứ hai duyệt" in told
    assert " ," not in told
    assert WRITE not in await wide.says("t_chanh", "1")


@pytest.mark.parametrize("who", ["t_sxd_truong", "chu_tich", "ba_kt_truong"])
async def test_who_has_a_second_person_writes(wide: Province, who: str) -> None:
    """A chief below the head, and heads of a commune, who have each other."""
    assert "Nhắn tin cho bà con ở đâu?" in await wide.says(who, "nhan tin thon")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("thôn 3", "thôn 3, xã Tân Lập Mẫu"),
        ("thon 3", "thôn 3, xã Tân Lập Mẫu"),
        ("thôn Bến Đò", "thôn Bến Đò, xã Tân Lập Mẫu"),
        ("Bến Đò", "thôn Bến Đò, xã Tân Lập Mẫu"),
        ("xóm Chùa", "xóm Chùa, xã Tân Lập Mẫu"),
        ("thôn 1 xã Bình An Mẫu", "thôn 1, xã Bình An Mẫu"),
        ("thon 1 binh an", "thôn 1, xã Bình An Mẫu"),
        ("thôn 3, xã Tân Lập Mẫu", "thôn 3, xã Tân Lập Mẫu"),
        ("thôn Hạ", "thôn Hạ, xã Bình An Mẫu"),
        ("Bình An", "xã Bình An Mẫu"),
        ("xã Tân Lập Mẫu", "xã Tân Lập Mẫu"),
        ("tỉnh Mẫu", "tỉnh Mẫu"),
    ],
)
async def test_a_hamlet_is_found_by_its_name(wide: Province, typed: str, meant: str) -> None:
    """With its commune's or without, where only one commune has it; also one that has no digit."""
    await wide.says("t_sxd_truong", "nhan tin thon")
    assert f"{WRITE} {meant}," in await wide.says("t_sxd_truong", typed)


@pytest.mark.parametrize("typed", ["thôn 1", "thon 1", "xóm Đình"])
async def test_a_name_of_many_communes_is_asked_about(wide: Province, typed: str) -> None:
    """None is chosen; the commune alone tells which."""
    await wide.says("t_sxd_truong", "nhan tin thon")
    assert "Tên này có ở nhiều xã" in await wide.says("t_sxd_truong", typed)
    assert f"{WRITE} {typed[:3]}" not in await wide.says("t_sxd_truong", "không rõ")
    labels = [one.label for one in wide.channels["paper"].told[-1].message.choices]
    assert len(labels) == 3  # and back
    assert f"{labels[1]}," in await wide.says("t_sxd_truong", "2")


@pytest.mark.parametrize(
    ("typed", "said"), [("thôn 33", "Không có thôn nào tên như vậy"), (MESSAGE, "chọn nơi nhận trước")]
)
async def test_what_is_no_hamlet_is_told_so(wide: Province, typed: str, said: str) -> None:
    """A message typed before its place is not called a hamlet."""
    await wide.says("t_sxd_truong", "nhan tin thon")
    assert said in await wide.says("t_sxd_truong", typed)


async def test_the_roster_seen_from_above_says_the_commune(wide: Province) -> None:
    """Of everybody on duty, and in what is about to be changed."""
    roster = await wide.says("t_quan_tri", "lich truc")
    assert {"(xã Tân Lập Mẫu)", "(xã Bình An Mẫu)", "(tỉnh Mẫu)"} <= {
        f"({part.partition(')')[0]})" for part in roster.split("(")[1:]
    }
    await wide.says("t_quan_tri", "18/11")
    assert "Trực thứ Tư 18/11/2026: Bùi Phương Thảo (xã Tân Lập Mẫu)" in await wide.says("t_quan_tri", "1")


async def test_a_communes_roster_says_names_alone(wide: Province) -> None:
    """There is but one there."""
    assert "(xã" not in await wide.says("ba_quan_tri", "lich truc")
