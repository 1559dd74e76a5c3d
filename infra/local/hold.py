"""Servers for a program: they live as long as its end of this process's standard input is open.

The first line on standard output is the state as JSON. Then each line of standard input is a command, answered by one
line of JSON:

    stop NAME | start NAME | kill NAME | pause NAME | resume NAME     of one server: ports and data stay
    producer DATASET                                                  the keys of this dataset's producer, made when new
    database NAME                                                     one more database with the roles' rights
    events BUCKET                                                     MinIO tells its webhooks of new Parquet objects
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from failure import Failure
from folder import ServerFolder, alone, ending


def hold(names, discard=None, kept=None):
    """Holds the named servers, in the folder `kept`, which stays for another time, or in one that is removed at the end.

    `discard` is removed too, where it is given.
    """
    folder = Path(kept) if kept else Path(tempfile.mkdtemp(prefix="millrace-servers-"))
    try:
        with alone(folder) as lock:
            return _hold(names, folder, lock, discard, kept)
    except Failure as failure:
        _say({"error": str(failure)})
        return 1


def _hold(names, folder, lock, discard, kept):
    servers = ServerFolder(folder, throwaway=not kept)
    running = [name for name, server in servers.servers.items() if server.running()]
    if running:
        raise Failure(f"{' and '.join(running)} of {folder} run already: end them by infra/local/stop --dir {folder}")
    guard = _set_guard(folder, lock, discard, kept)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        servers.start(names)
        _say(dict(servers.state, file=str(servers.state_file)))
        for line in sys.stdin:
            try:
                answer = dict(_obey(servers, line.split()), ok=True)
            except (Failure, OSError) as failure:
                answer = {"ok": False, "error": str(failure)}
            # Before the answer: who has it may look into the file.
            servers.keep()
            _say(answer)
        return 0
    except (KeyboardInterrupt, BrokenPipeError):
        return 130
    finally:
        _clear(folder, discard, kept)
        # Not before all is gone: should this process be killed until then, the guard does the rest.
        guard.stdin.close()
        guard.wait()


def guard(folder, discard, keep):
    """Ends the servers and removes what is to be removed when the process that holds them died before it could."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.stdin.read()
    _clear(Path(folder), discard, keep)
    return 0


def _set_guard(folder, lock, discard, keep):
    script = Path(__file__).resolve().parent / "servers.py"
    # The caller may wait for the end of what it reads here: the guard must not keep that open. The lock it does keep: the
    # folder is free when the servers have ended.
    return subprocess.Popen(
        [
            *(sys.executable, str(script), "guard", str(folder)),
            *(["--keep"] if keep else []),
            *(["--discard", discard] if discard else []),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        pass_fds=[lock.fileno()],
        start_new_session=True,
    )


def _clear(folder, discard, keep):
    if folder.exists():
        ending(folder)
        ServerFolder(folder, throwaway=not keep).stop()
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)
    if discard:
        shutil.rmtree(discard, ignore_errors=True)


def _obey(servers, words):
    if len(words) != 2:
        raise Failure("a command is a verb and a name")
    verb, name = words
    if verb == "producer":
        return {"keys": _server(servers, "minio").add_producer(name)}
    if verb == "database":
        _server(servers, "postgres").add_database(name)
        return {}
    if verb == "events":
        _server(servers, "minio").send_events(name)
        return {}
    server = _server(servers, name)
    if verb == "start":
        if not server.running():
            server.launch(servers.keep)
        server.wait_until_it_answers()
    elif verb == "stop":
        server.stop()
    elif verb == "kill":
        server.kill()
    elif verb == "pause":
        server.process.pause()
    elif verb == "resume":
        server.process.resume()
    else:
        raise Failure(f"unknown command '{verb}'")
    return {}


def _server(servers, name):
    if name not in servers.servers:
        raise Failure(f"no server '{name}' is held here: {', '.join(servers.servers)}")
    return servers.servers[name]


def _say(answer):
    try:
        print(json.dumps(answer), flush=True)
    except BrokenPipeError:
        # Nobody listens any more; what follows must not fail on it again when Python flushes at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise
