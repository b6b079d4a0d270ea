#!/bin/sh
# After removal. The log, the device's authority and the configuration stay until the package is purged; rpm knows no purge,
# so there they stay.
set -e

case "$1" in
  purge)
    rm -rf /var/lib/holdpoint /etc/holdpoint /run/holdpoint
    if getent passwd holdpoint >/dev/null; then userdel holdpoint; fi
    if getent group holdpoint >/dev/null; then groupdel holdpoint; fi
    ;;
  remove | 0)
    if [ -d /run/systemd/system ]; then systemctl daemon-reload || true; fi
    ;;
esac
