#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs nvcc and keeps what ptxas says of each kernel beside the object, as OBJECT.ptxas: tests/ptxas reads it.
# Everything else is shown as it would have been.
object=
previous=
for argument in "$@"; do
  [ "$previous" = -o ] && object=$argument
  previous=$argument
done
[ -n "$object" ] || exec "$@"
"$@" 2> "$object.ptxas"
status=$?
grep -vE '^ptxas info|^ +[0-9]+ bytes (stack|cumulative)' "$object.ptxas" >&2
exit $status
