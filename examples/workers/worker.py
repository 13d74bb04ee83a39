"""A worker for Tutti, with nothing but Python's standard library: TUTTI_TOKEN=… python3 worker.py"""
import json
import os
import signal
import threading
import time
import urllib.error
import urllib.request

URL = os.environ.get("TUTTI_URL", "http://127.0.0.1:7070") + "/api/v1/workers"
stopping = threading.Event()


def shout(task, progress):
    progress(0.5, "taking a deep breath")
    return {"text": task["input"]["text"].upper()}


SKILLS = {"shout": shout}


def call(token, path, body):
    headers = {"authorization": "Bearer " + token, "content-type": "application/json"}
    request = urllib.request.Request(URL + path, json.dumps(body).encode(), headers, method="POST")
    with urllib.request.urlopen(request, timeout=90) as answer:
        text = answer.read()
        return json.loads(text) if text else None


def report(token, path, body):
    """A report that did not come through is made again; one that is refused is not."""
    for pause in (0.2, 1, 5, 0):
        try:
            return call(token, path, body)
        except urllib.error.HTTPError as refused:
            return print("refused:", refused.read().decode())
        except OSError:
            time.sleep(pause)


def work(token, beat, task):
    lease, done = "/leases/" + task["lease"], threading.Event()
    state = {"progress": 0, "message": ""}

    def progress(fraction, message):
        state.update(progress=fraction, message=message)

    def show_life():
        while not done.wait(beat):
            report(token, lease + "/heartbeat", state)

    threading.Thread(target=show_life, daemon=True).start()
    try:
        output = SKILLS[task["skill"]](task, progress)
        report(token, lease + "/complete", {"output": output})
    except Exception as error:
        report(token, lease + "/fail", {"code": "worker_error", "message": repr(error), "retry": True})
    finally:
        done.set()


def main():
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopping.set())
    me = None
    while not stopping.is_set():
        try:
            if me is None:
                name = "python-%d" % os.getpid()
                me = call(os.environ["TUTTI_TOKEN"], "", {"name": name, "skills": list(SKILLS)})
            task = call(me["token"], "/leases?wait=20", {})
            if task:
                work(me["token"], me["heartbeat_seconds"], task)
        except urllib.error.HTTPError as refused:
            if refused.code == 401 and me is None:
                raise SystemExit("TUTTI_TOKEN is not the token of this server")
            me = None if refused.code == 401 else me  # The server was started anew.
            time.sleep(1)
        except OSError:
            time.sleep(1)  # It is not there just now.
    if me:
        report(me["token"], "/leave", {})


if __name__ == "__main__":
    main()
