"""Runs a command at a terminal and types: typed.py PROMPT ANSWER … -- COMMAND …

Ctrl-C is typed when this process gets SIGINT. Prints at the end what stands on the terminal then, without colours.
"""

import os
import pty
import re
import signal
import sys

at = sys.argv.index("--")
typed = list(zip(sys.argv[1:at:2], sys.argv[2:at:2], strict=True))
terminal = -1
shown = ""
asked = 0


def read(fd: int) -> bytes:
    global terminal, shown, asked
    terminal = fd
    data = os.read(fd, 4096)
    shown += data.decode(errors="replace")
    if typed and typed[0][0] in shown[asked:] and shown.rstrip(" ").endswith(":"):
        os.write(fd, f"{typed.pop(0)[1]}\n".encode())
        asked = len(shown)
    return data


def standing(line: str) -> str:
    """What is left of a line that was written over."""
    without = re.sub(r"\x1b\[[0-9;?]*[A-JL-Za-z]", "", line).replace("^C", "")
    return re.split(r"\r|\x1b\[\d?K", without.rstrip("\r"))[-1]


signal.signal(signal.SIGINT, lambda *_: os.write(terminal, b"\x03"))
out = os.dup(1)
os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
status = pty.spawn(sys.argv[at + 1 :], read, lambda _: b"")
os.write(out, "\n".join(standing(line) for line in shown.split("\n")).encode())
sys.exit(os.waitstatus_to_exitcode(status))
