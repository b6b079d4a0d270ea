/** Edits of settings files: what they leave alone, and that they can be taken back. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FileEdit, isMade, makeEdit, undoExactly, undoWithin } from '../../../../native-config/agents/edit.ts';

const MEMBERS = {
  kind: 'members',
  at: 'env',
  members: { HTTPS_PROXY: 'http://127.0.0.1:4141', NO_PROXY: 'localhost' },
} as const satisfies FileEdit;
const ITEMS = {
  kind: 'items',
  path: ['policies', 'Certificates', 'Install'],
  items: ['/etc/firefox/policies/holdpoint.crt'],
} as const satisfies FileEdit;
const BLOCK: FileEdit = { kind: 'block', mark: 'gemini', lines: ['function gemini { run gemini "$@"; }'] };

const made = (text: string, edit: FileEdit) => {
  const outcome = makeEdit(text, edit);
  if (outcome.kind === 'conflict') throw new Error(outcome.why);
  return outcome;
};

describe('members of a JSON file', () => {
  it.each<[string, string, string]>([
    ['no file', '', '{\n  "env": {\n    "HTTPS_PROXY": "http://127.0.0.1:4141",\n    "NO_PROXY": "localhost"\n  }\n}\n'],
    [
      'a file with comments, its own order and indentation',
      '{\n    // mine\n    "model": "x", "env": {\n        "KEY": "1" /* kept */\n    },\n    "n": 1.0\n}\n',
      '{\n    // mine\n    "model": "x", "env": {\n        "HTTPS_PROXY": "http://127.0.0.1:4141",\n        "NO_PROXY": "localhost",\n        "KEY": "1" /* kept */\n    },\n    "n": 1.0\n}\n',
    ],
    [
      'a file that has one of them already',
      '{ "env": { "NO_PROXY": "mine", "A": "b" } }',
      '{ "env": { "HTTPS_PROXY": "http://127.0.0.1:4141", "NO_PROXY": "localhost", "A": "b" } }',
    ],
  ])('are set in %s', (_what, before, after) => {
    const { text, made: done } = made(before, MEMBERS);
    expect(text.replace(/\s+/g, ' ')).toBe(after.replace(/\s+/g, ' '));
    expect(isMade(text, MEMBERS)).toBe(true);
    expect(undoExactly(text, done)).toBe(before);
  });

  it.each([['\uFEFF{\r\n  // mine\r\n  "x": 1\r\n}\r\n'], ['\uFEFF'], ['\uFEFF{"env":{"NO_PROXY":"mine"}}']])(
    'are set in a file as Windows writes it, whose byte order mark and line ends stay: %j',
    (before) => {
      const { text, made: done } = made(before, MEMBERS);
      expect(text.replace(/^\uFEFF/, '')).toMatch(/^\{/);
      expect(text.replaceAll('\r\n', '').includes('\n')).toBe(!before.includes('\r\n') && text.includes('\n'));
      expect([text.startsWith('\uFEFF'), isMade(text, MEMBERS)]).toEqual([true, true]);
      expect(undoExactly(text, done)).toBe(before);
      expect(undoWithin(`${text} `, MEMBERS, done)).toMatchObject({ kind: 'done', text: expect.stringMatching(/^\uFEFF/) });
    },
  );

  it('go, and nothing else, when others have changed the file meanwhile', () => {
    const { text, made: done } = made('{ "env": { "NO_PROXY": "mine" }, "model": "x" }', MEMBERS);
    const settings = { ...JSON.parse(text), model: 'y' };
    settings.env.NEW = '1';
    const outcome = undoWithin(JSON.stringify(settings, null, 2), MEMBERS, done);
    expect(outcome).toMatchObject({ kind: 'done' });
    expect(JSON.parse((outcome as { text: string }).text)).toEqual({ env: { NO_PROXY: 'mine', NEW: '1' }, model: 'y' });
  });

  it('take the object with them that was made for them, unless somebody else uses it now', () => {
    const { made: done } = made('{}', MEMBERS);
    const left = (settings: object) => JSON.parse((undoWithin(JSON.stringify(settings), MEMBERS, done) as { text: string }).text);
    expect(left({ env: MEMBERS.members, a: 1 })).toEqual({ a: 1 });
    expect(left({ env: { ...MEMBERS.members, B: '2' } })).toEqual({ env: { B: '2' } });
  });

  it('stay where somebody has set another value, which is said', () => {
    const { made: done } = made('{}', MEMBERS);
    expect(undoWithin('{"env":{"HTTPS_PROXY":"http://else:1"}}', MEMBERS, done)).toMatchObject({
      kind: 'conflict',
      why: expect.stringMatching(/HTTPS_PROXY in "env"/),
    });
  });

  it.each([
    ['no JSON', '{ "env": ', /line 1/],
    ['a list', '[]', /not a JSON object/],
    ['something else in their place', '{"env":"x"}', /something else than an object/],
    ['a name that stands twice', '{"env":{},"env":{}}', /names "env" twice/],
  ])('are not put into %s', (_what, text, why) => {
    expect(makeEdit(text, MEMBERS)).toMatchObject({ kind: 'conflict', why: expect.stringMatching(why) });
  });

  it('leave every JSON file as it was once they are taken back', () => {
    const settings = fc.record(
      { env: fc.option(fc.dictionary(fc.string(), fc.string()), { nil: undefined }), more: fc.json() },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(settings, fc.constantFrom(0, 2, 4, '\t'), (value, indent) => {
        const before = JSON.stringify(value, null, indent);
        const { text, made: done } = made(before, MEMBERS);
        expect(JSON.parse(text)).toEqual({ ...JSON.parse(before), env: { ...JSON.parse(before).env, ...MEMBERS.members } });
        expect(undoExactly(text, done)).toBe(before);
        expect(JSON.parse((undoWithin(text, MEMBERS, done) as { text: string }).text)).toEqual(JSON.parse(before));
      }),
      { numRuns: 200 },
    );
  });
});

describe('lines of a shell’s profile', () => {
  it.each(['', 'export A=1\n', 'export A=1'])('stand at the end, between marks: %j', (before) => {
    const { text, made: done } = made(before, BLOCK);
    expect(text).toMatch(/(^|\n)# >>> holdpoint: gemini >>>\nfunction gemini .*\n# <<< holdpoint: gemini <<<\n$/);
    expect(isMade(text, BLOCK)).toBe(true);
    expect(undoExactly(text, done)).toBe(before);
    expect(undoWithin(`${text}export B=2\n`, BLOCK, done)).toMatchObject({
      kind: 'done',
      text: expect.stringMatching(/^(export A=1\n)?\n?export B=2\n$/),
    });
  });

  it('stay where somebody has changed them, and are gone where somebody has removed them', () => {
    const { text, made: done } = made('', BLOCK);
    expect(undoWithin(text.replace('run gemini', 'run other'), BLOCK, done)).toMatchObject({ kind: 'conflict' });
    expect(undoWithin('export A=1\n', BLOCK, done)).toEqual({ kind: 'done', text: 'export A=1\n' });
  });

  it('go where an editor has given the file other line ends', () => {
    const { text, made: done } = made('export A=1\n', BLOCK);
    expect(undoWithin(text.replaceAll('\n', '\r\n'), BLOCK, done)).toEqual({ kind: 'done', text: 'export A=1\r\n' });
  });

  it('are not put beside marks that nobody here knows', () => {
    expect(makeEdit(made('', BLOCK).text, BLOCK)).toMatchObject({ kind: 'conflict', why: expect.stringMatching(/not known here/) });
  });
});

describe('items of a list in a JSON file', () => {
  const [OURS] = ITEMS.items;
  const FILES: readonly (readonly [what: string, before: string, after: unknown])[] = [
    ['no file', '', { policies: { Certificates: { Install: [OURS] } } }],
    [
      'a file with other policies and comments',
      '{\n  // IT\n  "policies": {\n    "DisableTelemetry": true\n  }\n}\n',
      { policies: { DisableTelemetry: true, Certificates: { Install: [OURS] } } },
    ],
    [
      'a list of others',
      '{"policies":{"Certificates":{"ImportEnterpriseRoots":true,"Install":["company.pem"]}}}',
      { policies: { Certificates: { ImportEnterpriseRoots: true, Install: ['company.pem', OURS] } } },
    ],
    ['an empty list', '{"policies":{"Certificates":{"Install":[]}}}', { policies: { Certificates: { Install: [OURS] } } }],
  ];

  it.each(FILES)('are added in %s, and taken out again', (_what, before, after) => {
    const { text, made: done } = made(before, ITEMS);
    expect(JSON.parse(text.replace('// IT', ''))).toEqual(after);
    expect([isMade(text, ITEMS), isMade(before, ITEMS)]).toEqual([true, false]);
    expect(undoExactly(text, done)).toBe(before);
    const within = undoWithin(`${text}\n`, ITEMS, done);
    expect(within).toMatchObject({ kind: 'done' });
    const plain = (json: string) => JSON.parse(json.replace('// IT', '') || '{}') as unknown;
    expect(plain((within as { text: string }).text)).toEqual(plain(before));
  });

  it('go, and nothing else, when others have changed the file meanwhile', () => {
    const { text, made: done } = made('{}', ITEMS);
    const theirs = text.replace(`"${OURS}"`, `"first.pem", "${OURS}", "last.pem"`);
    const outcome = undoWithin(theirs, ITEMS, done);
    expect(JSON.parse((outcome as { text: string }).text)).toEqual({
      policies: { Certificates: { Install: ['first.pem', 'last.pem'] } },
    });
  });

  it('that were there before stay', () => {
    const before = JSON.stringify({ policies: { Certificates: { Install: [OURS] } } });
    const { text, made: done } = made(before, ITEMS);
    expect(text).toBe(before);
    expect(undoWithin(`${text} `, ITEMS, done)).toEqual({ kind: 'done', text: `${before} ` });
  });

  it.each([
    ['{"policies": []}', /something else than an object under "policies"/],
    ['{"policies": {"Certificates": {"Install": "x"}}}', /something else than an array under "Install"/],
    ['{"policies": {"Certificates": {}, "Certificates": {}}}', /names "Certificates" twice/],
    ['[]', /not a JSON object/],
    ['{"policies": ', /cannot|not a JSON object/],
  ])('are not put into %s', (text, why) => {
    expect(makeEdit(text, ITEMS)).toMatchObject({ kind: 'conflict', why: expect.stringMatching(why) });
  });
});
