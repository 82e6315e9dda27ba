#!/usr/bin/env python3
"""Signs every PDF of a folder, and can be started again at any time.

    sign_folder.py IN OUT [flags of "kyso sign"...]

What is done is in the journal and is left as it is. One line of JSON comes for
each file while the run goes on; here it is printed, and could as well go into a
database. A run is started again when the timestamp server fails, and never when
the PIN is wrong: a token locks itself after a few.

Only the standard library is used. Environment: TRIES (3), WAIT (60 seconds).
"""
import json
import os
import pathlib
import subprocess
import sys
import time

WRONG_PIN, PIN_LOCKED, TOKEN_GONE, SERVICE, SOME_FAILED = 11, 12, 13, 20, 3


def sign(folder, out, flags):
    """Runs kyso once; returns its exit code and the errors by file."""
    command = ["kyso", "sign", "--recursive", folder, "--out-dir", str(out),
               "--journal", str(out / "run.journal"), "--resume", "--json", *flags]
    failed = {}
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as run:
        for line in run.stdout:
            result = json.loads(line)
            if "error" in result:
                failed[result.get("file", "")] = result["error"]
            elif not result.get("skipped"):
                print("signed:", result["output"], flush=True)
    return run.returncode, failed


def main(arguments):
    if len(arguments) < 2:
        print("usage: sign_folder.py IN OUT [flags of kyso sign]", file=sys.stderr)
        return 2
    folder, out, flags = arguments[0], pathlib.Path(arguments[1]), arguments[2:]
    out.mkdir(parents=True, exist_ok=True)
    tries = int(os.environ.get("TRIES", "3"))
    for turn in range(1, tries + 1):
        code, failed = sign(folder, out, flags)
        if code != SERVICE or turn == tries:
            break
        time.sleep(float(os.environ.get("WAIT", "60")))
    for name, error in failed.items():
        print(f"not signed: {name}: {error['code']}: {error['message']}", file=sys.stderr)
    if code in (WRONG_PIN, PIN_LOCKED):
        print("the PIN is wrong or locked: not tried again", file=sys.stderr)
    elif code == TOKEN_GONE:
        print("the token is gone: plug it in and run the same command again", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
