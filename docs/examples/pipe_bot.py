#!/usr/bin/env python3
# A caller asks for a code and gets it by SMS: the whole bot, for handler.type = "pipe" of aiflowd.
import json
import sys

def act(event, type, **members):
    print(json.dumps({"type": type, "session_id": event["session"]["id"], **members}), flush=True)

for line in sys.stdin:
    e = json.loads(line)
    if e["type"] == "session_start":
        act(e, "speak", text="Hello. Shall I text you the code?")
    elif e["type"] == "user_speak" and "code" in e.get("text", "").lower():
        act(e, "send_sms", phone_number=e["session"]["from_phone_number"],
            message="Your confirmation code is 4242.")
        act(e, "speak", text="It is on its way.")
    elif e["type"] == "sms_failed":
        act(e, "speak", text="I am sorry, I could not send it.")
