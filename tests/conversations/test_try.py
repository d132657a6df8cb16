from tests.conversations.test_communes import *


async def test_try(wide):
    async def go(who, *texts):
        print("=====", who)
        for t in texts:
            print(">", t)
            print(await wide.says(who, t))
        print(await wide.cases()[-1:] if False else (await wide.cases())[-1:], await wide.chat_commune(who))

    await go("a", "xbinh_an_mau", "cống thôn 1 tắc mấy hôm rồi, mưa là ngập đường", "gui")
    await go("b", "duong o thon 1 xa binh an mau hong nat het roi", "gui")
    await go("c", "xtan_lap_mau", "cống thôn 1 xã Bình An Mẫu tắc mấy hôm rồi, mưa là ngập đường", "1", "gui")
    await go("d", "cống thôn 1 tắc mấy hôm rồi, mưa là ngập đường", "xa hoa lac nao do", "tan lap mau", "gui")
    await go("e", "cống thôn 1 tắc mấy hôm rồi, mưa là ngập đường", "xa hoa lac nao do", "khong biet", "gui")
    await go("f", "cháy nhà rồi cứu với", "thôn 2 xã Bình An Mẫu")
    await go("g", "xtan_lap_mau", "chủ tịch xã Bình An Mẫu ăn tiền làm đường của dân", "1", "1", "gui")
    await go("h", "mất điện ở thôn Hạ cả đêm", "gui", "viec cua toi")
