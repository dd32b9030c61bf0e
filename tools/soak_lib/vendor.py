"""AI Flow's part in a soak: calls that come in at a steady rate, each on a connection of its own."""
import asyncio
import json
import re
from collections import Counter

from soak_lib import plan
from soak_lib.stream import Refused, Stream

TOKEN = "a-token-that-nobody-may-see-soak"
CALLED = "4921155667788"
SMS_TEXT = "Your confirmation code is {}."
CONTROL_TEXT = "Your other confirmation code is {}."
ANSWER = re.compile(r"Answer (\d+)\.")
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


class Call:
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
        except (OSError, asyncio.TimeoutError, asyncio.IncompleteReadError):
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
            except (OSError, asyncio.TimeoutError, asyncio.IncompleteReadError):
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
        return self.stream in self.vendor.streams and not self.stream.writer.is_closing()

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


class Vendor:
    """All calls, and what they have in common. `storms` are the times, from `began`, in which every SMS fails."""

    def __init__(self, port, seed, ledger, control, storms):
        self.port, self.seed, self.ledger, self.control, self.storms = port, seed, ledger, control, storms
        self.began = asyncio.get_running_loop().time()
        self.calls, self.streams, self.tasks = {}, set(), set()
        self.count, self.trouble, self.turn_arounds = Counter(), [], []
        self.at_next_frame = None  # called once, when the next SMS has been read and nothing was said to it

    def now(self):
        return asyncio.get_running_loop().time() - self.began

    async def dial(self, rate, seconds):
        """Begins a call every 1/rate seconds; gives when all of them are over."""
        number = 0
        while (at := number / rate) < seconds:
            await asyncio.sleep(max(0, at - self.now()))
            script = plan.call(self.seed, number)
            call = self.calls[script.session] = Call(self, script)
            self.run(self.played(call))
            number += 1
        self.count["calls"] = number
        while self.tasks:
            await asyncio.wait(self.tasks)

    async def played(self, call):
        await call.play()
        # Failures may come later than the call ends, and its answers are asked for by session.
        await asyncio.sleep(10)
        del self.calls[call.script.session]

    def run(self, work):
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.done)

    def done(self, task):
        self.tasks.discard(task)
        if not task.cancelled() and task.exception():
            self.trouble.append(f"a call broke off: {task.exception()!r}")

    def killed(self):
        """The daemon is gone, and with it every connection."""
        for call in self.calls.values():
            self.ledger.cut(call.script.session)

    def action(self, text):
        actions = json.loads(text)
        for action in actions if isinstance(actions, list) else [actions]:
            call = self.calls.get(action["session_id"])
            self.count["actions"] += 1
            if action["type"] == "send_sms":
                self.sms(call, action)
            elif call and (answer := ANSWER.fullmatch(action.get("text", ""))):
                if asked := call.asked.pop(answer[1], None):
                    self.turn_arounds.append((self.now(), asyncio.get_running_loop().time() - asked))

    def sms(self, call, action):
        session = action["session_id"]
        if not call:
            self.ledger.frame(session)
            self.trouble.append("a send_sms came for a call that has been over for 10 s")
            return
        as_asked = (action["phone_number"], action["message"]) == (call.script.caller, call.text)
        number = self.ledger.frame(session, as_asked)
        if strike := self.at_next_frame:
            self.at_next_frame = None
            strike()
        if call.script.cut_at_frame and number == 1 and call.open():
            call.lose("reset")
            self.count["connections reset between an SMS and the proof of its hand-off"] += 1
        answer = call.script.answers[min(number, len(call.script.answers)) - 1]
        if number == 1 and any(begin <= self.now() < end for begin, end in self.storms):
            answer = plan.Answer(plan.UNAVAILABLE, 0.1)
        if answer:
            self.run(self.fail(call, number, answer))

    async def fail(self, call, number, answer):
        await asyncio.sleep(answer.after)
        stream = call.stream if call.open() else None
        if not stream and call.script.number % 4 == 0:
            # It may come on another connection than the send (reliability.md 3.2, 5).
            stream = next(iter(self.streams), None)
        if not stream:
            self.count["failures that found no way"] += 1
            return
        event = {"type": "sms_failed", "recipient": call.script.caller, "session": call.session(),
                 "message": "could not be sent"} | ({"reason": answer.reason} if answer.reason else {})
        self.ledger.failed(call.script.session, number, answer.reason)
        for _ in range(1 + answer.twice):
            stream.send(json.dumps(event))
            self.count["sms_failed"] += 1

    def ask_by_control(self, script, text):
        self.run(self.submit(script, text))

    async def submit(self, script, text):
        """Asks until there is an answer: the same `client_ref` has to mean the same message, over a crash, too."""
        body = {"session": script.session, "to": script.caller, "text": text, "client_ref": script.code}
        for _ in range(20):
            answer = await self.control.post("/v1/sms", body)
            if answer:
                status, said = answer
                if status == 201:
                    self.ledger.accepted(script.session)
                else:
                    self.count[f"refused at the control socket: {said['error']['code']}"] += 1
                return
            self.count["questions at the control socket without an answer"] += 1
            await asyncio.sleep(0.3)
