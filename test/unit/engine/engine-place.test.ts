import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appOptions } from '../../../main/app/options.ts';
import { enginePlace, offlineDataDir } from '../../../main/engine/engine-place.ts';
import { servicePlacesIn } from '../../support/service-process.ts';

let folder: string;
let places: ReturnType<typeof servicePlacesIn>;
let env: NodeJS.ProcessEnv;
const own = () => join(folder, 'home', 'holdpoint');
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdpoint-place-'));
  places = servicePlacesIn(folder);
  env = { HOME: folder, XDG_DATA_HOME: join(folder, 'home') };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const installed = () => {
  mkdirSync(places.configDir);
  writeFileSync(places.configFile, '{}');
};
const running = () => mkdirSync(join(places.runDir, 'claims'), { recursive: true });

describe('the engine that is meant', () => {
  it('is the person’s own where the machine has no service', () => {
    expect(enginePlace({ env, places, platform: 'linux' })).toEqual({ dir: own(), service: false, ownDir: own() });
  });

  it.each([
    ['runs', running],
    ['is installed, though it does not run', installed],
  ])('is the machine’s service where that %s', (_what, make) => {
    make();
    expect(enginePlace({ env, places, platform: 'linux' })).toEqual({ dir: places.runDir, service: true, ownDir: own() });
    expect(appOptions([], env, places)).toEqual({ dataDir: own(), service: places.runDir });
  });

  it('is the one that is named, also beside a service', () => {
    installed();
    const dataDir = join(folder, 'mine');
    expect(enginePlace({ env, places, dataDir })).toEqual({ dir: dataDir, service: false, ownDir: dataDir });
    expect(enginePlace({ env: { ...env, HOLDPOINT_DATA_DIR: dataDir }, places })).toMatchObject({ dir: dataDir, service: false });
    const configFile = join(folder, 'c.json');
    writeFileSync(configFile, JSON.stringify({ dataDir }));
    expect(enginePlace({ env, places, configFile })).toMatchObject({ dir: dataDir, service: false });
    expect(appOptions(['--data-dir', dataDir], env, places)).toEqual({ dataDir });
  });

  it('is a service that is named by its public folder', () => {
    running();
    expect(enginePlace({ env, dataDir: places.runDir, platform: 'linux' })).toEqual({ dir: places.runDir, service: true, ownDir: own() });
  });
});

describe('a log without its engine', () => {
  it('is a service’s for root alone, and one’s own for everybody', () => {
    expect(offlineDataDir({ env, places, platform: 'linux' }, 1000)).toBe(own());
    installed();
    expect(offlineDataDir({ env, places }, 0)).toBe(places.dataDir);
    expect(() => offlineDataDir({ env, places }, 1000)).toThrow(
      expect.objectContaining({ code: 'not-permitted', message: expect.stringContaining('sudo') }),
    );
    expect(offlineDataDir({ env, places, dataDir: join(folder, 'mine') }, 1000)).toBe(join(folder, 'mine'));
  });
});
