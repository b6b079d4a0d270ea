#!/bin/sh
# The `holdpoint` command of an installed package.
exec /opt/Holdpoint/resources/engine/bin/holdpoint "$@"
