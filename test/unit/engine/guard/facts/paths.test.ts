/** Places: what is inside the project, what is outside, and what cannot be told. */

import { describe, expect, it } from 'vitest';
import { createPaths, type Where } from '../../../../../main/engine/guard/facts/paths.ts';
import { effectsOf, factsOf, factsOfTool, HOME, sayingsOf, WORKSPACE } from './reading.ts';

const NOWHERE: Where['realpath'] = () => undefined;
const UNKNOWN: Where = { workspace: { state: 'unresolved' }, home: HOME, realpath: NOWHERE };

/** A disk with these links, their targets, and the folders above both. */
function disk(links: Record<string, string>): Where['realpath'] {
  const there = [...Object.keys(links), ...Object.values(links)];
  return (path) => links[path] ?? (there.some((one) => one === path || one.startsWith(`${path}/`)) ? path : undefined);
}

describe('a word as a place', () => {
  const paths = createPaths({ workspace: WORKSPACE, home: HOME, realpath: NOWHERE });
  it.each([
    ['src/a.ts', 'workspace', 'ordinary', '/home/dev/proj/src/a.ts'],
    ['./src//a.ts', 'workspace', 'ordinary', '/home/dev/proj/src/a.ts'],
    ['/home/dev/proj', 'workspace', 'workspace-whole', '/home/dev/proj'],
    ['.', 'workspace', 'workspace-whole', '/home/dev/proj'],
    ['*', 'workspace', 'workspace-whole', '/home/dev/proj/*'],
    ['.git', 'workspace', 'workspace-whole', '/home/dev/proj/.git'],
    ['.git/hooks/x', 'workspace', 'machinery', '/home/dev/proj/.git/hooks/x'],
    ['.claude/settings.local.json', 'workspace', 'machinery', '/home/dev/proj/.claude/settings.local.json'],
    ['.gitignore', 'workspace', 'ordinary', '/home/dev/proj/.gitignore'],
    ['packages/a/node_modules', 'workspace', 'generated', '/home/dev/proj/packages/a/node_modules'],
    ['debug.log', 'workspace', 'generated', '/home/dev/proj/debug.log'],
    ['../proj/a', 'workspace', 'ordinary', '/home/dev/proj/a'],
    ['../proj2/a', 'outside', 'ordinary', '/home/dev/proj2/a'],
    ['/home/dev/project', 'outside', 'ordinary', '/home/dev/project'],
    ['~/a', 'outside', 'ordinary', '/home/dev/a'],
    ['~/proj/a', 'workspace', 'ordinary', '/home/dev/proj/a'],
    ['~', 'outside', 'everything', '/home/dev'],
    ['~/', 'outside', 'everything', '/home/dev'],
    ['~/*', 'outside', 'everything', '/home/dev/*'],
    ['~/.*', 'outside', 'everything', '/home/dev/.*'],
    ['/', 'outside', 'everything', '/'],
    ['/home', 'outside', 'everything', '/home'],
    ['/home/else', 'outside', 'everything', '/home/else'],
    ['/etc/hosts', 'outside', 'system', '/etc/hosts'],
    ['/tmp/a', 'outside', 'scratch', '/tmp/a'],
    ['/tmp/../etc/hosts', 'outside', 'system', '/etc/hosts'],
    ['/tmp', 'outside', 'scratch-whole', '/tmp'],
    ['/dev/null', 'outside', 'nothing', '/dev/null'],
    ['/dev/sda', 'outside', 'device', '/dev/sda'],
    ['~root', 'unresolved', 'ordinary', '~root'],
    ['', 'unresolved', 'ordinary', ''],
    ['a'.repeat(5000), 'unresolved', 'ordinary', 'a'.repeat(5000)],
  ])('%s', (word, where, kind, path) => {
    expect(paths.place(word, '/home/dev/proj')).toMatchObject({ where, kind, path });
  });

  it('shows it as a person would write it', () => {
    const shown = (word: string) => paths.place(word, '/home/dev/proj').shown;
    expect([shown('/home/dev/proj/src'), shown('../other'), shown('/etc/hosts'), shown('.')]).toEqual([
      'src',
      '~/other',
      '/etc/hosts',
      '.',
    ]);
  });

  it('knows Windows paths where the project has one', () => {
    const windows = createPaths({
      workspace: { state: 'known', root: 'C:\\work\\proj', cwd: 'C:\\work\\proj', source: 'process' },
      home: 'C:\\Users\\dev',
      realpath: NOWHERE,
    });
    expect(windows.place('src\\a.ts', 'C:\\work\\proj')).toMatchObject({ where: 'workspace', shown: 'src\\a.ts' });
    expect(windows.place('c:\\WORK\\proj\\a.ts', 'C:\\work\\proj').where).toBe('workspace');
    expect(windows.place('C:\\Windows\\System32\\x', 'C:\\work\\proj')).toMatchObject({ where: 'outside', kind: 'system' });
    expect(windows.place('C:\\Users\\dev', 'C:\\work\\proj').kind).toBe('everything');
  });
});

describe('links on disk', () => {
  it('lead outside though they look inside', () => {
    const realpath = disk({ '/home/dev/proj/notes': '/home/dev/private/notes', '/home/dev/proj': '/home/dev/proj' });
    expect(sayingsOf(factsOf('echo x > notes/a.md', { realpath }))).toEqual([
      'writes notes/a.md, not in this project'.replace('notes', '~/proj/notes'),
    ]);
    expect(effectsOf(factsOf('rm -rf notes/', { realpath }))).toEqual(['delete', 'destructive']);
  });

  it('are followed before the dots behind them', () => {
    const realpath = disk({ '/home/dev/proj/link': '/srv/data/deep', '/home/dev/proj': '/home/dev/proj' });
    expect(effectsOf(factsOf('rm -rf link/../other', { realpath }))).toEqual(['delete', 'destructive']);
  });

  it('do not make a project outside itself that is reached by one', () => {
    const realpath = disk({ '/home/dev/proj': '/data/proj', '/home/dev/proj/src': '/data/proj/src' });
    expect(effectsOf(factsOf('echo x > src/a.ts', { realpath }))).toEqual(['write-workspace']);
  });

  it('lead out of scratch space', () => {
    const realpath = disk({ '/tmp/in': '/home/dev/private' });
    expect(effectsOf(factsOf('echo x > /tmp/in/a', { realpath }))).toEqual(['write-outside']);
  });
});

describe('a project that is not known', () => {
  it.each([
    ['echo x > notes.md', ['unresolved']],
    ['echo x > /srv/notes.md', ['unresolved']],
    ['rm -rf build', ['delete', 'unresolved']],
    ['rm -rf ~', ['delete', 'destructive']],
    ['echo x > /tmp/a', []],
    ['cat notes.md', ['read']],
    ['git status', []],
    ['npm test', ['runs-code']],
  ])('%s', (command, effects) => {
    expect(effectsOf(factsOf(command, UNKNOWN))).toEqual(effects);
  });

  it('has no path inside', () => {
    expect(factsOfTool('Write', { file_path: '/home/dev/proj/a.ts', content: '' }, UNKNOWN).paths).toEqual([
      { path: '/home/dev/proj/a.ts', where: 'unresolved', use: 'write' },
    ]);
  });

  it('and a home that is not known is still a home', () => {
    expect(effectsOf(factsOf('rm -rf ~', { home: undefined }))).toEqual(['delete', 'destructive']);
    expect(effectsOf(factsOf('rm -rf "$HOME"', { home: undefined }))).toEqual(['delete', 'destructive']);
    expect(effectsOf(factsOf('echo x > ~/a', { home: undefined }))).toEqual(['unresolved']);
  });
});

describe('scratch space', () => {
  it.each(['echo x > /tmp/a', 'mkdir -p "$TMPDIR/a"', 'rm -rf /tmp/a', 't=$(mktemp); echo x > "$t"; rm "$t"', 'cp a.ts /var/tmp/'])(
    'is there to be used: %s',
    (command) => {
      expect(effectsOf(factsOf(command)).filter((effect) => effect !== 'read')).toEqual([]);
    },
  );

  it('is told as outside all the same', () => {
    expect(factsOf('echo x > /tmp/a').paths).toEqual([{ path: '/tmp/a', where: 'outside', use: 'write' }]);
  });

  it('a project below /tmp is a project', () => {
    const workspace = { state: 'known', root: '/tmp/p', cwd: '/tmp/p', source: 'process' } as const;
    expect(effectsOf(factsOf('echo x > a', { workspace }))).toEqual(['write-workspace']);
    expect(effectsOf(factsOf('rm -rf *', { workspace }))).toEqual(['delete', 'destructive']);
    expect(effectsOf(factsOf('rm -rf /tmp/p/../p', { workspace }))).toEqual(['delete', 'destructive']);
  });
});
