#!/usr/bin/env bash
# An intake desk: judges each PDF of a folder and moves it to
#
#   accepted/   valid, and signed by the one who should have signed
#   rejected/   a signature is invalid, or there is none
#   check/      nothing is wrong but not all is known (issuer, revocation), or
#               somebody else signed: for a person to look at
#
#   verify-inbox.sh INBOX WHO [flags of "kyso verify"...]
#   verify-inbox.sh inbox 0100000000 --online
#
# WHO is what --expect-signer takes: tax code, personal number, serial number or
# SHA-256 of the certificate. What kyso could not read stays where it is. Exit
# code: 0 when all was accepted, 1 when something stayed, else 3.
set -uo pipefail

if [ $# -lt 2 ]; then
  echo "usage: verify-inbox.sh INBOX WHO [flags of kyso verify]" >&2
  exit 2
fi
inbox=$1 who=$2
shift 2
mkdir -p "$inbox"/{accepted,rejected,check} || exit 1
result=0

shopt -s nullglob nocaseglob
for file in "$inbox"/*.pdf; do
  kyso verify "$file" --expect-signer "$who" "$@" >"$file.txt"
  case $? in
    0) to=accepted ;;
    4 | 6 | 15) to=rejected ;;
    5) to=check ;;
    130) exit 130 ;;
    *)
      echo "not looked at: $file" >&2
      rm -f "$file.txt"
      result=1
      continue
      ;;
  esac
  # Never over a file of the same name: that one has been judged already.
  if [ -e "$inbox/$to/${file##*/}" ]; then
    echo "there is one already in $to: $file" >&2
    rm -f "$file.txt"
    result=1
    continue
  fi
  mv "$file" "$file.txt" "$inbox/$to/" || exit 1
  echo "$to: ${file##*/}"
  if [ "$to" != accepted ] && [ $result = 0 ]; then result=3; fi
done
exit $result
