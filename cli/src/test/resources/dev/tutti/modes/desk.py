"""An agent of examples/modes as a process of its own: reads its input, says what it gives.

desk.py AGENT [VICTIM MARK]: the one who is the victim is killed the first time, which MARK notes.
"""
import json
import os
import signal
import sys

agent = sys.argv[1]
given = json.load(sys.stdin)
if len(sys.argv) > 3 and agent == sys.argv[2] and not os.path.exists(sys.argv[3]):
    open(sys.argv[3], "w").close()
    os.kill(os.getpid(), signal.SIGKILL)

text = given.get("text", "")
topic, whose = (
    ("bills", "biller")
    if "bill" in text
    else ("repairs", "mechanic")
    if "broken" in text
    else ("other", "clerk")
)
if agent == "planner":
    out = {
        "reason": "one skill after the other",
        "tasks": {
            "sort": {"skill": "sort", "input": {"text": "${input.text}"}},
            "answer": {"skill": "answer", "input": {"topic": "${sort.topic}", "text": "${sort.text}"}},
            "check": {"skill": "check", "input": {"draft": "${answer.draft}"}},
            "send": {"skill": "send", "input": {"checked": "${check.checked}"}},
        },
        "output": {"sent": "${send.sent}"},
    }
elif agent == "sorter" and "hand_off" in given:
    out = {"hand_over": {"to": whose, "what": {"topic": topic}, "reason": "this is theirs"}}
elif agent == "sorter":
    out = {"topic": topic, "text": text}
elif agent == "checker":
    out = {"checked": given["draft"] + "."}
elif agent == "sender":
    out = {"sent": given["checked"]}
else:
    handed = (given.get("hand_off") or {}).get("what") or {}
    known = handed.get("topic") or given.get("topic")
    out = {"draft": 'On %s: we look into "%s"' % (known, text)}
print(json.dumps(out))
