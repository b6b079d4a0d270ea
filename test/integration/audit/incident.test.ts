import { existsSync, mkdirSync, readdirSync, readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../../main/contract/record.ts';
import { verifyExport } from '../../../main/engine/audit/export/verify.ts';
import { writeExport } from '../../../main/engine/audit/export/write.ts';
import { createIncidents, type IncidentsOptions } from '../../../main/engine/audit/incident/incidents.ts';
import { openAudit } from '../../../main/engine/audit/log.ts';
import { KEY, optionsFor, tamper, temporaryFolder } from './support.ts';

const SESSION = '7781d4aa816177213db2e4aa6070098b';

/** One exchange with a call in it, as the engine records them. */
function told(changes: Partial<AuditEntry> = {}, text = 'make all'): AuditEntry[] {
  const about = { session: SESSION, exchange: 'exchange-1', agent: 'Claude Code', host: 'api.anthropic.com', ...changes };
  const call = { ...about, action: 'action-1' };
  return [
    {
      ...call,
      kind: 'action',
      summary: `${about.agent}: Bash: ${text}`,
      data: {
        action: 'call_tool',
        tool: 'Bash',
        toolKind: 'shell',
        effects: [{ effect: 'runs-code', risk: 'watch', says: `runs ${text}` }],
      },
      blocks: [{ role: 'tool_call', text }],
    },
    { ...call, kind: 'verdict', verdict: 'deny', summary: `Denied: ${text}`, data: { reason: text, policies: [text], verdict: 'deny' } },
    {
      ...about,
      kind: 'exchange',
      verdict: 'complete',
      summary: `${about.agent} → m (P): answered, 1 call`,
      data: { model: text, provider: text, inputTokens: 3, outputTokens: 4, workspace: text, process: { user: text, executable: text } },
      blocks: [
        { role: 'user', text: `asked: ${text}` },
        { role: 'assistant', text: `answered: ${text}` },
      ],
    },
  ];
}

async function logOf(
  entries: readonly AuditEntry[],
  changes: Parameters<typeof optionsFor>[1] = {},
  dir = temporaryFolder(),
): Promise<string> {
  const log = await openAudit(optionsFor(dir, changes));
  for (const entry of entries) await log.append(entry);
  await log.close();
  return join(dir, 'audit.db');
}

async function reportOf(file: string): Promise<{ html: string; text: string }> {
  const to = join(temporaryFolder(), 'incident');
  writeExport({ file, to, key: KEY, version: '1.2.3', session: SESSION, format: 'ndjson', withContent: true, report: true });
  expect(await verifyExport(to)).toMatchObject({ ok: true, report: true });
  const html = readFileSync(join(to, 'report.html'), 'utf8');
  const body = html.replace(/<style>.*<\/style>/s, '').replace(/<[^>]*>/g, ' ');
  return { html, text: body.replace(/\s+/g, ' ') };
}

/** All that a report may be made of. A tag that foreign text has made is none of these. */
const TAGS =
  /^<(?:!doctype html|ul class="effects"|html lang="en"|meta charset="utf-8"|meta (?:http-equiv|name)="[\w-]+" content="[\w\s'=;,./+-]+"|li class="(?:said|plain|risk|watch)"|(?:li|p class="turn") id="\d+"|a href="#\d+"|table class="notable"|(?:span|p|i|div|dd|td|th|pre) class="[a-z ]+"|\/?(?:html|head|title|style|body|main|section|h1|h2|p|i|b|span|small|dl|dt|dd|table|thead|tbody|tr|th|td|code|pre|ol|ul|li|a|div|time|details|summary|footer))>$/;

describe('a report', () => {
  it.each([
    ['markup', '<script>alert(1)</script><img src=x onerror=alert(1)>'],
    ['an end of what it stands in', '</pre></div></li></ol></style><style>*{display:none}</style>'],
    ['quotes', `" onclick="alert(1)' onfocus='alert(1)`],
    ['entities', '&lt;script&gt;&#60;script&#62;'],
    ['a comment', '<!--'],
    ['its own placeholders', '$& $1 $<name> ⟦U+202E⟧'],
  ])('is made of its own markup only, with %s in every field', async (_what, hostile) => {
    const { html } = await reportOf(await logOf(told({ agent: hostile, host: hostile }, hostile)));
    const tags = html.replace(/<style>.*?<\/style>/s, '').match(/<[^>]*>?/g)!;
    expect(tags.filter((tag) => !TAGS.test(tag))).toEqual([]);
    expect(html.match(/<style/g)).toHaveLength(1);
  });

  it('shows characters that would hide or reorder others', async () => {
    const { text } = await reportOf(await logOf(told({}, 'rm \u202Egpj.exe\u0000\u200B')));
    expect(text).toContain('⟦U+202E⟧');
    expect(text).toContain('⟦U+0000⟧');
    for (const hidden of ['\u202E', '\u0000', '\u200B']) expect(text.includes(hidden)).toBe(false);
  });

  it('stays small where a text is long, and says where the rest is', async () => {
    const { html, text } = await reportOf(await logOf(told({}, 'x'.repeat(100_000))));
    expect(html.length).toBeLessThan(250_000);
    expect(text).toMatch(/more characters stand in content\/[0-9a-f]{64}/);
  });

  it('allows nothing to be loaded or run, and no style but its own', async () => {
    const { html } = await reportOf(await logOf(told()));
    expect(html).toMatch(/content="default-src 'none'; style-src 'sha256-[\w+/=]+'; base-uri 'none'; form-action 'none'"/);
  });

  it('says of what retention has purged that it was purged', async () => {
    const dir = temporaryFolder();
    await logOf(told(), { now: () => new Date('2026-01-01T00:00:00Z') }, dir);
    const file = await logOf([{ ...told({ exchange: 'exchange-2' }, 'later')[2]! }], { now: () => new Date('2026-12-01T00:00:00Z') }, dir);
    const { text } = await reportOf(file);
    expect(text).toContain('Of 3 records retention has purged what was said');
    expect(text).toContain('Retention has purged what this record said');
    expect(text).toContain('Retention has purged what was said here');
    expect(text).toContain('asked: later');
    expect(text).not.toContain('make all');
  });

  it('says of what the log was told not to keep that only its hash was kept', async () => {
    const { text } = await reportOf(await logOf(told(), { capture: 'metadata' }));
    expect(text).toContain('Its text was not kept, only its hash');
    expect(text).not.toContain('asked: make all');
  });

  it('says that a text is missing, where nothing explains it, and verifying names the record', async () => {
    const file = await logOf(told());
    tamper(file, (db) => db.exec('DELETE FROM content'));
    const to = join(temporaryFolder(), 'incident');
    writeExport({ file, to, key: KEY, version: '1.2.3', session: SESSION, format: 'ndjson', withContent: true, report: true });
    expect(readFileSync(join(to, 'report.html'), 'utf8')).toContain('missing from the log, and nothing explains why');
    expect((await verifyExport(to)).firstBad).toMatchObject({ seq: 1, what: expect.stringContaining('is missing') });
  });

  it('of a long session ends where a browser would, and still tells what was refused later', async () => {
    const dir = temporaryFolder();
    const log = await openAudit(optionsFor(dir));
    const seen: AuditEntry = { kind: 'finding', session: SESSION, verdict: 'pii.email', summary: 'Request: pii.email', data: {} };
    await Promise.all(Array.from({ length: 4_100 }, () => log.append(seen)));
    for (const entry of told()) await log.append(entry);
    await log.close();
    const { html, text } = await reportOf(join(dir, 'audit.db'));
    expect(text).toContain('101 more exchanges and events of this session are in records.ndjson. What was held or refused later follows.');
    const [, place] = /href="#(\d+)"><code>Bash: make all/.exec(html)!;
    expect(html).toContain(`<li id="${place}">`);
  });

  it('tells a conversation once that an agent has sent again from its beginning', async () => {
    const said = (exchange: string, ...texts: string[]): AuditEntry => ({
      ...told({ exchange })[2]!,
      blocks: texts.map((text, at) => ({ role: at % 2 === 0 ? 'user' : 'assistant', text })),
    });
    const { text } = await reportOf(
      await logOf([
        said('1', 'alpha', 'beta'),
        said('2', 'alpha', 'beta', 'gamma', 'delta'),
        said('3', 'alpha', 'beta', 'gamma', 'delta', 'gamma', 'epsilon'),
      ]),
    );
    const story = text.slice(text.indexOf('step by step'));
    expect(['alpha', 'beta', 'gamma', 'delta', 'epsilon'].map((word) => story.split(` ${word} `).length - 1)).toEqual([1, 1, 2, 1, 1]);
  });
});

describe('an export that does not come to its end', () => {
  async function incidents(changes: Partial<IncidentsOptions> = {}) {
    const file = await logOf(told());
    const folder = join(temporaryFolder(), 'for-others');
    mkdirSync(folder);
    const made = createIncidents({ file, key: KEY, version: '1.2.3', settle: async () => {}, record: async () => {}, ...changes });
    return { ...made, folder };
  }
  const asked = (folder: string) => ({ session: SESSION, folder });

  it('leaves nothing where nobody waits for it any more', async () => {
    const { exportIncident, folder } = await incidents();
    await expect(exportIncident(asked(folder), 'app', AbortSignal.abort())).rejects.toThrow(/given up/);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('leaves nothing where whoever asked goes away when it has begun', async () => {
    const { exportIncident, folder } = await incidents();
    const gone = new AbortController();
    using watcher = watched(folder, () => gone.abort());
    await expect(exportIncident(asked(folder), 'app', gone.signal)).rejects.toThrow(/given up/);
    expect(watcher.seen()).toBe(true);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('leaves nothing where the engine stops', async () => {
    const { exportIncident, close, folder } = await incidents();
    const running = exportIncident(asked(folder), 'app', new AbortController().signal);
    await Promise.all([close(), expect(running).rejects.toThrow(/given up/)]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('leaves nothing where the log cannot say that it was made', async () => {
    const { exportIncident, folder } = await incidents({ record: () => Promise.reject(new Error('The disk is full.')) });
    await expect(exportIncident(asked(folder), 'app', new AbortController().signal)).rejects.toThrow('The disk is full.');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('keeps a second one waiting for another try, and nobody after it', async () => {
    const { exportIncident, folder } = await incidents();
    const signal = new AbortController().signal;
    const first = exportIncident(asked(folder), 'app', signal);
    await expect(exportIncident(asked(folder), 'app', signal)).rejects.toThrow(/another export is being written/);
    expect(existsSync((await first).folder)).toBe(true);
    expect(existsSync((await exportIncident(asked(folder), 'app', signal)).folder)).toBe(true);
  });

  function watched(folder: string, onChange: () => void) {
    let seen = false;
    const watcher = watch(folder, () => {
      seen = true;
      onChange();
    });
    return { seen: () => seen, [Symbol.dispose]: () => watcher.close() };
  }
});
