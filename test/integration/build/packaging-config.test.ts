/** The packages of every system, as far as they can be checked on one: by electron-builder's own schema, and by what they name. */

import { access, constants, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { validateConfiguration } from 'app-builder-lib/out/util/config/config.js';
import type { Configuration } from 'electron-builder';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ran } from '../../../build/commands.ts';
import { builderConfig, TEST_BUILD } from '../../../build/packaging/config.ts';
import { sourceDate } from '../../../build/packaging/epoch.ts';
import { builderEnvironment } from '../../../build/packaging/package.ts';
import { ROOT } from '../../../build/places.ts';

const PLATFORMS = ['linux', 'darwin', 'win32'] as const;
const PACKAGING = join(ROOT, 'build', 'packaging');

const configFor = (platform: NodeJS.Platform, version = '45.4.1', isTestBuild = false) =>
  builderConfig({ electron: { folder: '/electron', version }, output: '/out', platform, isTestBuild, complete: async () => {} });

const validated = (config: Configuration) =>
  validateConfiguration(config, { isEnabled: false } as Parameters<typeof validateConfiguration>[1]);

describe('the configuration', () => {
  it.each(PLATFORMS)('is one that electron-builder takes on %s', async (platform) => {
    await expect(validated(configFor(platform))).resolves.toBeUndefined();
  });

  it('would be refused with a key that there is not', async () => {
    await expect(validated({ ...configFor('darwin'), pkg: { scirpts: 'x' } } as Configuration)).rejects.toThrow(/configuration\.pkg/);
  });

  it('turns off what would run other code as ours', () => {
    for (const platform of PLATFORMS) {
      expect(configFor(platform).electronFuses).toEqual({
        runAsNode: false,
        enableNodeOptionsEnvironmentVariable: false,
        enableNodeCliInspectArguments: false,
        onlyLoadAppFromAsar: true,
        enableCookieEncryption: true,
        grantFileProtocolExtraPrivileges: false,
        // Electron has none on Linux.
        enableEmbeddedAsarIntegrityValidation: platform !== 'linux',
      });
    }
    expect(configFor('linux', '25.1.1').electronFuses).not.toHaveProperty('grantFileProtocolExtraPrivileges');
  });

  it('names a test build for what it is, in its file and in its first line', () => {
    const config = configFor('linux', '25.1.1', true);
    expect(config.linux?.synopsis).toBe(TEST_BUILD);
    for (const { artifactName } of [config.deb, config.rpm, config.pkg, config.nsis] as { artifactName: string }[]) {
      expect(artifactName).toContain('TEST-BUILD');
    }
    expect(JSON.stringify(configFor('linux'))).not.toContain('TEST');
  });

  it('names files that are there', async () => {
    const { mac, pkg, nsis, deb } = configFor('darwin');
    const files = [mac!.entitlements!, mac!.entitlementsInherit!, nsis!.include!, deb!.afterInstall!, deb!.afterRemove!];
    for (const file of files) await expect(access(file)).resolves.toBeUndefined();
    for (const mapping of deb!.fpm!.filter((arg) => arg.includes('=/'))) await access(mapping.split('=')[0]!);
    for (const name of ['preinstall', 'postinstall']) await access(join(pkg!.scripts!, name), constants.X_OK);
  });
});

it('macOS: the hardened runtime has one exception, which V8 needs', async () => {
  const plist = await readFile(join(PACKAGING, 'macos', 'entitlements.plist'), 'utf8');
  expect([...plist.matchAll(/<key>(.*?)<\/key>/g)].map(([, key]) => key)).toEqual(['com.apple.security.cs.allow-jit']);
});

it('Windows: the installer’s own part is one that its compiler takes without a warning', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holdpoint-nsis-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  // As electron-builder's installer uses it; what it defines itself stands here for its own.
  const script = `Unicode true
!include LogicLib.nsh
!define isUpdated '"" isUpdated ""'
!macro _isUpdated _a _b _t _f
  StrCmp $1 "1" \`\${_t}\` \`\${_f}\`
!macroend
Name x
OutFile "${join(folder, 'x.exe')}"
InstallDir "$PROGRAMFILES\\x"
!include "${join(PACKAGING, 'windows', 'installer.nsh')}"
Section
  !insertmacro customInstall
  WriteUninstaller "$INSTDIR\\u.exe"
SectionEnd
Section Uninstall
  !insertmacro customUnInstall
SectionEnd
`;
  await writeFile(join(folder, 'x.nsi'), script);
  const { code, out } = await ran('makensis', ['-WX', join(folder, 'x.nsi')]);
  expect(code, out).toBe(0);
});

it('the scripts of packages are ones in which shellcheck finds nothing', async () => {
  const scripts = ['linux/postinst.sh', 'linux/prerm.sh', 'linux/postrm.sh', 'linux/holdpoint.sh', 'stand-in/fpm.sh'];
  const files = [...scripts, 'macos/scripts/preinstall', 'macos/scripts/postinstall'].map((name) => join(PACKAGING, name));
  expect(await ran('shellcheck', files)).toEqual({ code: 0, out: '', err: '' });
});

it('what starts the app for every user, and the unit for the first start, are what the system’s own checkers take', async () => {
  expect(await ran('desktop-file-validate', [join(PACKAGING, 'linux', 'autostart.desktop')])).toEqual({ code: 0, out: '', err: '' });
  const unit = await readFile(join(PACKAGING, 'linux', 'holdpoint-setup.service'), 'utf8');
  // Once it has been done, it is not done again.
  expect(unit).toContain('ConditionPathExists=!/etc/holdpoint/installed.json');
});

it('no variable of whoever builds decides how a package is made', async () => {
  const env = await builderEnvironment({
    PATH: '/usr/bin',
    VITEST: 'true',
    CI: 'true',
    NODE_OPTIONS: '--require x',
    SOURCE_DATE_EPOCH: '5',
  });
  expect(env).toMatchObject({ PATH: '/usr/bin', SOURCE_DATE_EPOCH: '5', USE_HARD_LINKS: 'false' });
  expect(Object.keys(env)).not.toEqual(expect.arrayContaining(['VITEST']));
  expect(env).not.toHaveProperty('NODE_OPTIONS');
});

it.each([
  ['none', [], /Got: none/],
  ['of two systems at once', ['deb', 'pkg'], /one platform at a time/],
  ['that there is not', ['zip'], /out of: dir, deb, rpm/],
])('a package %s is refused in words, with an exit code that says so', async (_what, targets, says) => {
  const builder = join(PACKAGING, 'builder.ts');
  const { code, err } = await ran(process.execPath, [builder, '/nowhere', ...targets], { env: await builderEnvironment() });
  expect(code).toBe(1);
  expect(err).toMatch(says);
});

it('files bear the time that is set, or the last commit’s, and never one that is guessed', async () => {
  expect(await sourceDate({ SOURCE_DATE_EPOCH: '1767225600' })).toEqual(new Date('2026-01-01T00:00:00Z'));
  expect((await sourceDate({})).getTime()).toBeGreaterThan(1.7e12);
  await expect(sourceDate({ SOURCE_DATE_EPOCH: 'yesterday' })).rejects.toThrow(/is "yesterday"\. Expected seconds since 1970/);
});
