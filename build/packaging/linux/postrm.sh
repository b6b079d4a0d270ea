#!/bin/sh
# After removal. The log, the device's authority and the configuration stay until the package is purged; rpm knows no purge,
# so there they stay.
set -e

case "$1" in
  purge)
    # One that is a disk of its own stays, empty: who mounted it takes it away.
    for folder in /var/lib/holdpoint /run/holdpoint; do
      if mountpoint -q "$folder"; then find "$folder" -xdev -mindepth 1 -delete; else rm -rf "$folder"; fi
    done
    # Managed settings lie there too: they are the administrator's, and were perhaps there before us.
    for name in service.json installed.json parent-proxy.env; do rm -f "/etc/holdpoint/$name"; done
    if [ -d /etc/holdpoint ]; then rmdir --ignore-fail-on-non-empty /etc/holdpoint; fi
    if getent passwd holdpoint >/dev/null; then userdel holdpoint; fi
    if getent group holdpoint >/dev/null; then groupdel holdpoint; fi
    ;;
  remove | 0)
    if [ -d /run/systemd/system ]; then systemctl daemon-reload || true; fi
    # Empty, it goes with the last package that has something in it; every Debian and every Fedora starts with one.
    if [ ! -e /opt ]; then mkdir -m 0755 /opt; fi
    ;;
esac
