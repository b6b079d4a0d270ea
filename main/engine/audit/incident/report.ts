/**
 * A report that a person can read, of one session: one HTML file that loads nothing and runs nothing. Written piece by piece, so that a
 * long session takes no more memory than a short one.
 */

import { createHash } from 'node:crypto';
import { purgedThrough, type Row, readBody } from '../rows.ts';
import type { Db } from '../schema.ts';
import { factsOf } from './facts.ts';
import { type Html, html } from './html.ts';
import { overviewHtml } from './overview.ts';
import { REPORT_STYLE } from './report-style.ts';
import { stepHtml, toldStep } from './step.ts';
import { type Step, type Story, type StoryRange, storyIn } from './steps.ts';
import { createTextReader, createTexts, type Texts } from './texts.ts';
import { createResent, saidHtml, turnHtml } from './turn.ts';
import { WORDS } from './words.ts';

export interface ReportOptions extends StoryRange {
  readonly device: { readonly name: string; readonly key: string };
  readonly version: string;
  readonly madeAt: string;
  /** Links of the export's first and last record, hex. */
  readonly chain: { readonly previous: string; readonly head: string };
  /** What else is in the export: name and SHA-256. */
  readonly files: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;
}

/** Listed before the story. */
const MOST_NOTABLE = 300;
/** More of them no browser opens quickly. */
const MOST_STEPS = 4_000;

export function writeReport(db: Db, options: ReportOptions, write: (text: string) => void): void {
  const story = storyIn(db, options);
  const put = (piece: Html) => write(piece.markup);
  const { device, session } = options;
  write(headOf());
  const notable = story.notable(MOST_NOTABLE);
  put(
    overviewHtml({
      facts: factsOf(story.records()),
      ends: story.ends,
      notable,
      device: device.name,
      session,
      opening: openingOf(db, story),
    }),
  );
  write('<section><h2>What happened, step by step</h2>\n');
  tellStory(db, story, notable.steps, put);
  write('</section>\n');
  put(proofHtml(options, story.count));
  write('</main></body></html>\n');
}

function headOf(): string {
  const hash = createHash('sha256').update(REPORT_STYLE).digest('base64');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer">
<title>${WORDS.title}</title><style>${REPORT_STYLE}</style></head><body><main>
<p class="brand"><i></i>Holdpoint <span>Incident report</span></p>
`;
}

/** `notable` steps are told also where the story has to end before them. */
function tellStory(db: Db, story: Story, notable: readonly Step[], put: (piece: Html) => void): void {
  const purged = purgedThrough(db);
  const textsOf = createTexts(db);
  const resent = createResent();
  const later = new Map(notable.map((step) => [step.at, step]));
  let [steps, left] = [0, 0];
  for (const turn of story.turns()) {
    if (steps >= MOST_STEPS) {
      left += 1;
      continue;
    }
    const exchanges = turn.exchanges();
    steps += 1;
    put(html`${turnHtml(turn.begun, exchanges)}<ol>
${exchanges.map((row) => saidHtml(row, resent, texts(row)))}`);
    for (const step of turn.steps()) {
      steps += 1;
      later.delete(step.at);
      tell(step);
      if (steps >= MOST_STEPS) break;
    }
    put(html`</ol>
`);
  }
  if (left === 0 && later.size === 0) return;
  put(html`<p>${WORDS.endsHere(left)}${later.size > 0 ? ` ${WORDS.butLater}` : ''}</p><ol>
`);
  for (const step of later.values()) tell(step);
  put(html`</ol>
`);

  function tell(step: Step): void {
    const told = toldStep(step);
    put(stepHtml(told, texts(told.row)));
  }

  function texts(row: Row): Texts {
    return textsOf({ kept: readBody(row.body)?.capture !== 'metadata', purged: row.seq <= purged });
  }
}

const OPENING = 300;

/** What the person asked first, where the log kept it. */
function openingOf(db: Db, story: Story): string | undefined {
  const textOf = createTextReader(db);
  for (const row of story.records()) {
    if (row.kind !== 'exchange') continue;
    const block = readBody(row.body)?.blocks.find(({ role }) => role === 'user');
    if (!block) continue;
    const text = textOf(block.hash)?.trim();
    if (!text) return undefined;
    return text.length > OPENING ? `${text.slice(0, OPENING).toWellFormed()}…` : text;
  }
  return undefined;
}

function proofHtml({ device, version, madeAt, chain, from, to, files }: ReportOptions, count: number): Html {
  return html`<section><h2>How to check this</h2>
<p>This page is one file of an export that the computer’s key has signed. Anybody can check it, with no access to that computer:</p>
<pre class="command">npx holdpoint audit verify FOLDER --key KEY.pem</pre>
<p>It proves that no record of this session was changed, taken out, put in or moved, that each text is the one that was recorded, and that this page is the one that was written with them. Compare the key’s fingerprint below with what the computer’s owner or its fleet tells you by another way, or name the key with --key: anybody could sign an export with a key of their own.</p>
<dl>
<dt>Key</dt><dd class="mono">${device.key}</dd>
<dt>Records</dt><dd>${count} of this session, among numbers ${from} to ${to}. <span>Of the others only what the chain needs goes along: none of what they said.</span></dd>
<dt>Link before</dt><dd class="mono">${chain.previous}</dd>
<dt>Last link</dt><dd class="mono">${chain.head}</dd>
${Object.entries(files).map(([name, { sha256 }]) => html`<dt>${name}</dt><dd class="mono">${sha256}</dd>`)}
</dl></section>
<footer>Written by Holdpoint ${version} on ${device.name}, ${madeAt.slice(0, 19).replace('T', ' ')} UTC. Credentials were replaced before anything was recorded.</footer>
`;
}
