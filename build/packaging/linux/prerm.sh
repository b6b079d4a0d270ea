#!/bin/sh
# Before removal: what was changed on the machine is taken back while there is still a program that can do it. At an upgrade
# nothing is: Debian says "upgrade", rpm that one is left.
set -e

# The app of whoever is logged in: without its files it would stay as something that does not work.
end_apps() {
  for exe in /proc/[0-9]*/exe; do
    case "$(readlink "$exe" 2>/dev/null)" in
      /opt/Holdpoint/holdpoint*)
        pid=${exe#/proc/}
        kill "${pid%/exe}" 2>/dev/null || true
        ;;
    esac
  done
}

case "$1" in
  remove | 0)
    if [ -d /run/systemd/system ] || [ -e /etc/holdpoint/installed.json ]; then
      if ! /usr/bin/holdpoint uninstall --yes; then
        if [ "$HOLDPOINT_REMOVE_ANYWAY" != 1 ]; then
          echo "holdpoint: What was changed on this machine could not be taken back: the reason stands above. The package stays." >&2
          echo "holdpoint: When it is mended, remove it again. To remove it as it is, set HOLDPOINT_REMOVE_ANYWAY=1." >&2
          exit 1
        fi
      fi
    fi
    end_apps
    if command -v systemctl >/dev/null; then systemctl disable holdpoint-setup.service >/dev/null 2>&1 || true; fi
    if [ -f /etc/apparmor.d/holdpoint ]; then
      if [ -d /sys/kernel/security/apparmor ]; then apparmor_parser --remove /etc/apparmor.d/holdpoint >/dev/null 2>&1 || true; fi
      rm -f /etc/apparmor.d/holdpoint
    fi
    ;;
esac
