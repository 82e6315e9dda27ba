#!/usr/bin/env bash
# Signs every PDF of a folder, and can be started again at any time: what is
# done is in the journal and is left as it is.
#
#   sign-folder.sh IN OUT [flags of "kyso sign"...]
#   sign-folder.sh inbox signed --cert 1 --pin-file pin --tsa http://tsa.example.vn
#
# TRIES (3) and WAIT (60 s): how often, and after how long, a run is started
# again when the timestamp server fails. A wrong PIN is never tried again: a
# token locks itself after a few.
set -uo pipefail

if [ $# -lt 2 ]; then
  echo "usage: sign-folder.sh IN OUT [flags of kyso sign]" >&2
  exit 2
fi
in=$1 out=$2
shift 2
tries=${TRIES:-3} wait=${WAIT:-60}
mkdir -p "$out" || exit 1
journal=$out/run.journal

for ((try = 1; ; try++)); do
  report=$out/report-$(date +%Y%m%d-%H%M%S)-$$-$try.csv
  kyso sign --recursive "$in" --out-dir "$out" --journal "$journal" --resume --report "$report" "$@"
  code=$?
  case $code in
    0) echo "all signed: $out" ;;
    3) echo "some files were not signed: see the column error of $report" >&2 ;;
    11 | 12) echo "the PIN is wrong or locked: not tried again" >&2 ;;
    13) echo "the token is gone: plug it in and run the same command again" >&2 ;;
    20)
      if ((try < tries)); then
        echo "the timestamp server fails: again in $wait s" >&2
        sleep "$wait"
        continue
      fi
      echo "the timestamp server failed $tries times" >&2
      ;;
    130) echo "interrupted: run the same command again to go on" >&2 ;;
    *) echo "kyso ended with $code: kyso help exit-codes" >&2 ;;
  esac
  exit "$code"
done
