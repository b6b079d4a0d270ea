#!/bin/sh
# The `holdpoint` command of a clone. `exec` keeps the process id, so that a signal sent to it arrives.
root=$(dirname "$(dirname "$(readlink -f "$0")")")
exec "$root/node_modules/.bin/node" "$root/main/cli/holdpoint.ts" "$@"
