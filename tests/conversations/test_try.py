from tests.conversations.test_communes import *


async def test_try(wide):
    async def go(who, *texts):
        print("=====", who)
        for t in texts:
            print(">", t)
            print(await wide.says(who, t))
        print(await wide.cases()[-1:] if False else (await wide.cases())[-1:], await wide.chat_commune(who))

    await go("f", "cháy nhà rồi cứu với", "thôn 2 xã Bình An Mẫu")
    for w in ("t_tiep", "t_chanh", "ba_vp_hoa", "ba_ca_dung", "vp_truc", "ba_chu_tich"):
        print("##", w, wide.told(w))
    await go("g", "xtan_lap_mau", "cháy nhà ở thôn 1 xã Bình An Mẫu rồi cứu với")
    await go(
        "i",
        "xtan_lap_mau",
        DRAIN + " ở thôn 2",
        "gui",
        "đường ở xã Bình An Mẫu thôn 1 hỏng nát, ổ gà đầy",
        "1",
        "gui",
        "theo doi",
    )
    await go(
        "j",
        "xtan_lap_mau",
        "gui kin",
        "trưởng phòng kinh tế xã Bình An Mẫu nhận hối lộ 20 triệu ở thôn 1",
        "1",
        "1",
        "1",
        "1",
    )
    await go("k", "gui kin", "trưởng phòng kinh tế nhận hối lộ 20 triệu ở thôn 1", "2", "2", "1", "1")
