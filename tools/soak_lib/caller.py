"""One caller of a soak, and what the daemon is configured to answer."""
import asyncio
import json

from soak_lib.stream import Refused, Stream

TOKEN = "a-token-that-nobody-may-see-soak"
CALLED = "4921155667788"
SMS_TEXT = "Your confirmation code is {}."
CONTROL_TEXT = "Your other confirmation code is {}."
BACK_WITHIN = 8.0  # seconds in which a call tries to be there again
RULES = r"""
[[rule]]
on = "session_start"
do = [{ say = "GREETING" }]

[[rule]]
on = "user_speak"
text = 'confirmation code is (\d+)'
do = [{ send_sms = "Your confirmation code is {match.1}." }, { say = "It is on its way." }]

[[rule]]
on = "user_speak"
text = 'question (\d+)'
do = [{ say = "Answer {match.1}." }]

[[rule]]
on = "sms_failed"
do = [{ say = "Sorry, I could not send it." }]
"""


class Caller:
    """One call, from its connection to its end."""

    def __init__(self, vendor, script):
        self.vendor, self.script = vendor, script
        self.stream, self.reading, self.asked = None, None, {}
        self.text = (CONTROL_TEXT if script.by_control else SMS_TEXT).format(script.code)

    def events(self):
        def speak(text):
            return {"type": "user_speak", "text": text, "barged_in": False}

        code = {"type": "user_speech_started"} if self.script.by_control else speak(
            f"I was told that my confirmation code is {self.script.code}, please text it.")
        return [{"type": "session_start"}, speak("question 1"), {"type": "dtmf_received", "digit": "5"}, code,
                speak("question 4"), {"type": "assistant_speech_ended"}, speak("question 6"),
                {"type": "user_speech_started"}, speak("question 8"), {"type": "session_end"}]

    async def play(self):
        s = self.script
        try:
            if not await self.stumble() or not await self.connect(BACK_WITHIN):
                self.vendor.count["calls that found nobody"] += 1
                return
            for number, event in enumerate(self.events()):
                if not self.open() and not await self.come_back():
                    return
                self.send(event, number)
                if s.by_control and number == 3:
                    self.vendor.ask_by_control(s, self.text)
                if s.cut and number == s.cut_at:
                    self.lose(s.cut)
                await asyncio.sleep(s.pace)
            self.vendor.count["calls played to their end"] += 1
            await asyncio.sleep(s.linger)
            if self.open():
                self.stream.close()
        finally:
            if self.reading:
                # The peer answers the close; one that does not is left after a while.
                await asyncio.wait({self.reading}, timeout=5)
                self.reading.cancel()

    async def stumble(self):
        """What goes wrong before the connection: a wrong token has to be refused. False: nobody was there."""
        try:
            if self.script.stumble == "torn_handshake":
                await Stream.tear(self.vendor.port, "/ws")
                self.vendor.count["handshakes torn"] += 1
            elif self.script.stumble == "wrong_token":
                (await Stream.connect(self.vendor.port, "/ws", TOKEN[::-1])).reset()
                self.vendor.trouble.append("a wrong token was let in")
        except Refused:
            self.vendor.count["connections refused for their token"] += 1
        except (OSError, asyncio.IncompleteReadError):
            pass
        return True

    async def connect(self, within):
        """Tries until the daemon is there; it is not while it is being restarted."""
        loop = asyncio.get_running_loop()
        end, pause = loop.time() + within, 0.1
        while True:
            try:
                self.stream = await Stream.connect(self.vendor.port, "/ws", TOKEN)
            except Refused as error:
                self.vendor.trouble.append(f"a connection with the right token was refused: {error}")
                return False
            except (OSError, asyncio.IncompleteReadError):
                self.vendor.count["connections refused by nobody"] += 1
                if loop.time() + pause > end:
                    return False
                await asyncio.sleep(pause)
                pause = min(1.0, pause * 1.6)
                continue
            self.vendor.count["connections"] += 1
            self.vendor.streams.add(self.stream)
            self.reading = asyncio.create_task(self.read(self.stream))
            return True

    async def read(self, stream):
        try:
            await stream.run(self.vendor.action)
        finally:
            self.vendor.streams.discard(stream)

    async def come_back(self):
        self.vendor.ledger.cut(self.script.session)
        self.asked.clear()
        if self.script.returns_after is None:
            self.vendor.count["calls that did not come back"] += 1
            return False
        await asyncio.sleep(self.script.returns_after)
        back = await self.connect(BACK_WITHIN)
        self.vendor.count["calls that came back" if back else "calls that did not come back"] += 1
        return back

    def open(self):
        return self.stream in self.vendor.streams and not (self.stream.mute or self.stream.writer.is_closing())

    def lose(self, how):
        self.vendor.ledger.cut(self.script.session)
        self.vendor.count[f"connections lost by {how.replace('_', ' ')}"] += 1
        getattr(self.stream, how)()

    def session(self):
        return {"id": self.script.session, "account_id": "soak", "phone_number": CALLED, "direction": "inbound",
                "from_phone_number": self.script.caller, "to_phone_number": CALLED}

    def send(self, event, number):
        if event.get("text", "").startswith("question"):
            self.asked[str(number)] = asyncio.get_running_loop().time()
        self.stream.send(json.dumps(event | {"session": self.session()}))
        self.vendor.count["events"] += 1
