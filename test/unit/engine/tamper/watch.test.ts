/** Files that are watched while the engine runs: what somebody does to them is told once, and nothing else is. */

import { chmodSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FileChange, type FileWatch, watchFiles } from '../../../../main/engine/tamper/watch.ts';

let dir: string;
let told: FileChange['change'][];
let watch: FileWatch;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'holdpoint-watch-'));
  told = [];
  writeFileSync(join(dir, 'ca.key'), 'secret');
  writeFileSync(join(dir, 'audit.db'), 'records');
  watch = watchFiles({
    files: [
      { path: join(dir, 'ca.key'), by: 'content' },
      { path: join(dir, 'audit.db'), by: 'place' },
      { path: join(dir, 'not-there'), by: 'content' },
    ],
    onChange: ({ change }) => told.push(change),
    every: () => () => {},
  });
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('a watched file', () => {
  it('that is changed is told, once', () => {
    writeFileSync(join(dir, 'ca.key'), 'public');
    watch.look();
    watch.look();
    expect(told).toEqual(['changed']);
  });

  it('that is only touched, or written anew as it was, is not', () => {
    utimesSync(join(dir, 'ca.key'), 1, 1);
    chmodSync(join(dir, 'ca.key'), 0o600);
    watch.look();
    writeFileSync(join(dir, 'ca.key'), 'secret');
    watch.look();
    expect(told).toEqual([]);
  });

  it('that is removed and comes back changed is told each time', () => {
    rmSync(join(dir, 'ca.key'));
    watch.look();
    writeFileSync(join(dir, 'ca.key'), 'other');
    watch.look();
    expect(told).toEqual(['removed', 'changed']);
  });

  it('that appears where there was none is told', () => {
    writeFileSync(join(dir, 'not-there'), 'now');
    watch.look();
    expect(told).toEqual(['changed']);
  });

  it('that is watched by its place may be written to, but not be replaced', () => {
    writeFileSync(join(dir, 'audit.db'), 'more records', { flag: 'a' });
    watch.look();
    expect(told).toEqual([]);
    writeFileSync(join(dir, 'other.db'), 'records');
    renameSync(join(dir, 'other.db'), join(dir, 'audit.db'));
    watch.look();
    expect(told).toEqual(['replaced']);
  });
});
