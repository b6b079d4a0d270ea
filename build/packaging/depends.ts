/** What the Linux packages need of the system. */

/** Debian's names; where releases differ, newer ones first: since 2024 what has 64-bit times ends in "t64". */
export const DEB_DEPENDS: readonly string[] = [
  'libc6 (>= 2.28)',
  // What Node itself is linked to.
  'libatomic1',
  'libstdc++6',
  'libasound2t64 | libasound2',
  'libatspi2.0-0t64 | libatspi2.0-0',
  'libgbm1',
  'libgtk-3-0t64 | libgtk-3-0',
  'libnotify4',
  'libnss3',
  'libsecret-1-0',
  'libuuid1',
  'libxss1',
  'libxtst6',
  'xdg-utils',
  // The machine's trust store, and the user that the engine runs as.
  'ca-certificates',
  'passwd',
];

/** Names of Fedora and its family, and of openSUSE where that has others. */
export const RPM_DEPENDS: readonly string[] = [
  'alsa-lib or libasound2',
  'at-spi2-core',
  'ca-certificates',
  'libatomic or libatomic1',
  'libstdc++ or libstdc++6',
  'gtk3',
  'libnotify',
  'libsecret or libsecret-1-0',
  'libXScrnSaver',
  'libXtst or libXtst6',
  'libuuid or libuuid1',
  'mesa-libgbm or libgbm1',
  'nss or mozilla-nss',
  'shadow-utils or shadow',
  'xdg-utils',
].map((name) => (name.includes(' or ') ? `(${name})` : name));
