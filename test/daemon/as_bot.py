#!/usr/bin/env python3
"""usage: as_bot.py AIFLOWD URL --outbox DIRECTORY --window SECONDS
Becomes aiflowd, so that the crash tests can kill it as they kill an example bot."""
import os
import sys

aiflowd, url, _, outbox, _, window = sys.argv[1:]
os.makedirs(outbox, mode=0o700, exist_ok=True)
with open(f"{outbox}/rules.toml", "w") as rules:
    rules.write('[[rule]]\non = "user_speak"\ntext = "code"\n'
                'do = [{ send_sms = "Your confirmation code is 4242." }]\n')
with open(f"{outbox}/aiflowd.toml", "w") as config:
    config.write(f'mode = "connect"\nconnect.url = "{url}"\nrules.file = "rules.toml"\noutbox.directory = "{outbox}"\n'
                 f'control.socket = "off"\nsms.window = "{window}s"\n')
os.execv(aiflowd, [aiflowd, "--config", f"{outbox}/aiflowd.toml"])
