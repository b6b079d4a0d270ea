#!/bin/sh
# After installation. Debian says "configure" and the version that was configured before; rpm says how many there are now.
# Everything here may be done again: dpkg does so after a failure, and at every upgrade.
set -e

home=/opt/Holdpoint
setup=holdpoint-setup.service

say() { echo "holdpoint: $*" >&2; }

add_user() {
  getent passwd holdpoint >/dev/null && return
  useradd --system --user-group --no-create-home --home-dir /var/lib/holdpoint --shell /usr/sbin/nologin holdpoint
}

# Chromium's sandbox is made of user namespaces; where the kernel gives none to users, a program of root's makes it.
allow_sandbox() {
  if [ -L /proc/self/ns/user ] && unshare --user true 2>/dev/null; then mode=0755; else mode=4755; fi
  chmod "$mode" "$home/chrome-sandbox"
  # Since AppArmor 4 a system may grant user namespaces by name only. What cannot read the profile does not need it.
  if [ -d /sys/kernel/security/apparmor ] && apparmor_parser --skip-kernel-load "$home/resources/apparmor-profile" >/dev/null 2>&1; then
    cp "$home/resources/apparmor-profile" /etc/apparmor.d/holdpoint
    apparmor_parser --replace /etc/apparmor.d/holdpoint || say "The AppArmor profile could not be loaded; it will be at the next start."
  fi
}

# The machine's service, trust store, proxy and agents. $1: whether another version ran before.
set_up() {
  if [ ! -d /run/systemd/system ]; then
    if command -v systemctl >/dev/null && systemctl enable "$setup" >/dev/null 2>&1; then
      say "systemd is not running here, so nothing was set up yet. $setup does it at the next start."
    else
      say "There is no systemd here, so nothing was set up. Where there is one: holdpoint install --yes"
    fi
    return
  fi
  systemctl daemon-reload
  if ! /usr/bin/holdpoint install --yes; then
    say "The files are installed, but this machine could not be set up: the reason stands above, and nothing was left half-done."
    say "When it is mended: dpkg --configure holdpoint, or holdpoint install"
    exit 1
  fi
  # What runs is still the version before.
  if [ "$1" = yes ]; then systemctl try-restart holdpoint.service; fi
}

case "$1" in
  configure | abort-upgrade | abort-remove | abort-deconfigure)
    if [ -f "$home/resources/TEST-BUILD" ]; then say "$(cat "$home/resources/TEST-BUILD")"; fi
    add_user
    allow_sandbox
    if [ -n "$2" ]; then set_up yes; else set_up no; fi
    ;;
  1)
    add_user
    allow_sandbox
    set_up no
    ;;
  [2-9]*)
    add_user
    allow_sandbox
    set_up yes
    ;;
  *)
    say "The package's script after installation was called with \"$1\", which it does not know."
    exit 1
    ;;
esac
