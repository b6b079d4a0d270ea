/** How fast a large log answers who looks at it: each question as the console asks it, through the thread that reads. */

import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browse, createBrowse } from '../../main/engine/audit/browse/browse.ts';
import { type Draft, draftOf } from '../../main/engine/audit/draft.ts';
import { LOG_FILE, openForWriting } from '../../main/engine/audit/schema.ts';
import { createStore } from '../../main/engine/audit/store.ts';
import { median } from './load.ts';

const ALL = { user: undefined };
const ROUNDS = 5;
const BATCH = 3_000;
const BEGINNING = Date.UTC(2026, 0, 1);
const DAYS = 30;
const AGENTS = ['Claude Code', 'Codex', 'Cursor', 'Gemini CLI'] as const;

/** A line a question, of a log of so many records: thirty days, a hundred records a session, and one session with a tenth of all. */
export async function browseFigures(records: number): Promise<string[]> {
  const dir = mkdtempSync(join(tmpdir(), 'holdpoint-bench-browse-'));
  const file = join(dir, LOG_FILE);
  fill(file, records);
  const browse = createBrowse({ file });
  try {
    const lines: string[] = [`a log of ${records} records, medians`];
    for (const [what, ask] of questions(browse)) {
      const took: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const start = performance.now();
        await ask();
        took.push(performance.now() - start);
      }
      lines.push(`- ${what}: ${median(took).toFixed(1)} ms`);
    }
    return lines;
  } finally {
    await browse.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

function questions({ handlers }: Browse): [what: string, ask: () => Promise<unknown>][] {
  const from = new Date(BEGINNING).toISOString();
  const to = new Date(BEGINNING + DAYS * 86_400_000).toISOString();
  const day = { from: new Date(BEGINNING + 20 * 86_400_000).toISOString(), to: new Date(BEGINNING + 21 * 86_400_000).toISOString() };
  return [
    ['the newest 50 sessions', () => handlers.sessions({ limit: 50 }, ALL)],
    ['the sessions of an agent', () => handlers.sessions({ filter: { agent: 'Codex' }, limit: 50 }, ALL)],
    [
      'the sessions of an agent with refusals on one day',
      () => handlers.sessions({ filter: { agent: 'Codex', end: 'refused', ...day }, limit: 50 }, ALL),
    ],
    ['the sessions with a word that a tenth of the records have', () => handlers.sessions({ filter: { text: 'word7' }, limit: 50 }, ALL)],
    ['the end of the longest session', () => handlers.session({ key: keyOf(0), limit: 200 }, ALL)],
    ['a search for a frequent word', () => handlers.search({ filter: { text: 'word7' }, limit: 100 }, ALL)],
    ['a search for a rare word of an agent', () => handlers.search({ filter: { text: 'rare123', agent: 'Codex' }, limit: 100 }, ALL)],
    ['a search by label', () => handlers.search({ filter: { label: 'secret' }, limit: 100 }, ALL)],
    [
      'a search for what is not there, among much that nearly is',
      () => handlers.search({ filter: { agent: 'Codex', host: 'host-0' }, limit: 100 }, ALL),
    ],
    ['what a filter can choose from', () => handlers.filterChoices({}, ALL)],
    ['figures of thirty days', () => handlers.figures({ from, to, step: 'day', offsetMinutes: 60 }, ALL)],
    ['the proof of a record', () => handlers.recordProof({ seq: 1 }, ALL)],
  ];
}

function fill(file: string, records: number): void {
  const db = openForWriting(file);
  // Nobody waits for these to be durable.
  db.pragma('synchronous = OFF');
  const store = createStore(db, generateKeyPairSync('ed25519').privateKey);
  for (let first = 0; first < records; first += BATCH) {
    const number = Math.min(BATCH, records - first);
    store.append(Array.from({ length: number }, (_, at) => draft(first + at, records)));
  }
  store.checkpoint(new Date(BEGINNING).toISOString());
  db.close();
}

const keyOf = (session: number) => createHash('sha256').update(String(session)).digest('hex').slice(0, 32);

/** Every third is an exchange, and every other a call with its verdict. */
function draft(n: number, records: number): Draft {
  const turn = Math.floor(n / 3);
  // Some conversations at a time, as agents have them.
  const session = turn % 10 === 0 ? 0 : 1 + Math.floor(turn / 400) * 12 + (turn % 12);
  const agent = session % AGENTS.length;
  const about = {
    at: new Date(BEGINNING + Math.floor((n / records) * DAYS * 86_400_000)).toISOString(),
    ...{ session: keyOf(session), exchange: `exchange-${turn}`, agent: AGENTS[agent]!, host: `host-${agent}` },
    capture: 'redacted' as const,
  };
  const words = `word${turn % 10} of step${turn} rare${turn % 5003}`;
  if (n % 3 === 0) {
    const text = `Please ${words}, and nothing else.`;
    const hash = createHash('sha256').update(text).digest('hex');
    const data = {
      model: `model-${agent}`,
      responseModel: `model-${agent}`,
      inputTokens: 900,
      outputTokens: 90,
      counted: { costMicroUsd: 3000 },
    };
    const said = { blocks: [{ role: 'user', hash }], content: [{ hash, text }] };
    return draftOf({
      ...about,
      ...said,
      kind: 'exchange',
      verdict: 'complete',
      summary: `${AGENTS[agent]} → model-${agent}: answered`,
      data,
    });
  }
  const call = { ...about, action: `action-${turn}`, blocks: [], content: [] };
  if (n % 3 === 1) {
    const findings = turn % 100 === 0 ? [{ label: 'secret.github-token' }] : [];
    const data = { action: 'call_tool', tool: 'Bash', workspace: `/home/ann/project-${session % 40}`, findings };
    return draftOf({ ...call, kind: 'action', summary: `${AGENTS[agent]}: Bash: make ${words}`, data });
  }
  const verdict = turn % 20 === 0 ? 'deny' : 'allow';
  return draftOf({
    ...call,
    kind: 'verdict',
    verdict,
    summary: `${verdict}: everyday work`,
    data: { action: 'call_tool', policies: ['one'] },
  });
}
