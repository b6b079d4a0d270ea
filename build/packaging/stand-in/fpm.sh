#!/bin/sh
# Stands in for fpm (https://fpm.readthedocs.io) where there is none: electron-builder would download one.
here=$(dirname "$(readlink -f "$0")")
exec "$here/../../../node_modules/.bin/node" "$here/fpm.ts" "$@"
