#!/usr/bin/env python3
"""An intake desk: judges the PDFs of a folder in one run and sorts them.

    verify_inbox.py INBOX WHO [flags of "kyso verify"...]

accepted/   valid, and signed by WHO (tax code, personal number, serial number
            or SHA-256 of the certificate)
rejected/   a signature is invalid, or there is none
check/      not all is known, or somebody else signed: for a person to look at

Beside each file its verdict is written as JSON. What kyso could not read stays
where it is. Exit code: 0 when all was accepted, 1 when something stayed, else 3.
Only the standard library is used.
"""
import json
import pathlib
import subprocess
import sys

FOLDERS = {"valid": "accepted", "valid_changed": "accepted", "invalid": "rejected",
           "unsigned": "rejected", "unreadable": "rejected", "indeterminate": "check"}


def why(result):
    """The codes of what is wrong, for a log."""
    codes = [r["code"] for s in result.get("signatures", []) for r in s["reasons"] if r["severity"] != "info"]
    return ", ".join(dict.fromkeys(codes))


def main(arguments):
    if len(arguments) < 2:
        print("usage: verify_inbox.py INBOX WHO [flags of kyso verify]", file=sys.stderr)
        return 2
    inbox, who, flags = pathlib.Path(arguments[0]), arguments[1], arguments[2:]
    for name in set(FOLDERS.values()):
        (inbox / name).mkdir(exist_ok=True)
    files = sorted(p for p in inbox.iterdir() if p.suffix.lower() == ".pdf" and p.is_file())
    if not files:
        return 0
    command = ["kyso", "verify", "--json", "--expect-signer", who, *flags, *map(str, files)]
    exits = 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as run:
        for file, line in zip(files, run.stdout):
            result = json.loads(line)
            to = FOLDERS.get(result.get("verdict"))
            target = inbox / to / file.name if to else None
            if target is None or target.exists():
                print("left where it is:", file.name, file=sys.stderr)
                exits = 1
                continue
            file.rename(target)
            target.with_name(file.name + ".json").write_text(line, encoding="utf-8")
            print(f"{to}: {file.name} {why(result)}".rstrip(), flush=True)
            if to != "accepted" and exits == 0:
                exits = 3
    return 130 if run.returncode == 130 else exits


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
