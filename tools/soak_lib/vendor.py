"""AI Flow's part in a soak: calls that come in at a steady rate, each on a connection of its own."""
import asyncio
import json
import re
from collections import Counter

from soak_lib import plan
from soak_lib.caller import Caller

ANSWER = re.compile(r"Answer (\d+)\.")


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
            call = self.calls[script.session] = Caller(self, script)
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
            stream = next((s for s in self.streams if not s.mute), None)
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
        body = {"session": script.session, "to": script.caller, "text": text,
                # Digits alone could look like a phone number.
                "client_ref": f"ref-{script.code}"}
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
