/** The detectors: what they find in the corpora of texts, what they report in ordinary source, and how long they take. */

import { join } from 'node:path';
import { ROOT } from '../../build/places.ts';
import { visibleLines } from '../../main/engine/approvals/visible.ts';
import type { Scanner } from '../../main/engine/detection/scanner.ts';
import { inspected, judgeOf } from './judge.ts';
import { plugScanner } from './plugged-scanner.ts';
import type { Missed, Section } from './section.ts';
import { type SourceText, sampledSources } from './source-texts.ts';
import { type InjectionCase, PLACES, readInjectionCases, readPersonalCases, readSecretCases, type TextCase } from './text-cases.ts';
import { COLUMNS, isFalseAlarm, isMissed, labelRows, type Scored, scored, wholeRow } from './text-scores.ts';

const FAMILIES = ['secret', 'pii', 'injection'] as const;
type Family = (typeof FAMILIES)[number];

const SAMPLE_BYTES = 40_000_000;

export async function detectorSections(corporaDir: string): Promise<Section[]> {
  const sources = sampledSources(join(ROOT, 'node_modules'), SAMPLE_BYTES);
  const sections = [
    await labelSection('Secrets in texts', 'secret', readSecretCases(corporaDir)),
    await labelSection('Personal data in texts', 'pii', readPersonalCases(corporaDir)),
    await placeSection(readInjectionCases(corporaDir)),
    await sourceSection(sources),
    await conversationSection(sources),
  ];
  return sections.filter(({ rows }) => rows.length > 0);
}

async function labelSection(title: string, family: Family, cases: readonly TextCase[]): Promise<Section> {
  const all = await scoredAll(family, cases);
  return {
    title,
    about:
      'Each text as a tool’s result. Found: a finding has the label, or one below it. Right: of the texts in which it was reported, those in which it was to be found.',
    columns: COLUMNS,
    rows: all.length === 0 ? [] : labelRows(all),
    missed: missedOf(all),
  };
}

async function placeSection(cases: readonly InjectionCase[]): Promise<Section> {
  const all = await scoredAll('injection', cases);
  const places = PLACES.map((place) =>
    wholeRow(
      place,
      all.filter(({ case: { where } }) => where === place),
    ),
  );
  return {
    title: 'Orders to the agent in texts',
    about: 'Each text as a tool’s result, by where an agent would come upon it.',
    columns: ['where', ...COLUMNS.slice(1)],
    rows: all.length === 0 ? [] : [...places, wholeRow('all', all)],
    missed: missedOf(all),
  };
}

async function scoredAll<Case extends TextCase>(family: Family, cases: readonly Case[]): Promise<Scored<Case>[]> {
  const { decide } = await judgeOf();
  const scanner = plugScanner();
  const all: Scored<Case>[] = [];
  for (const one of cases) {
    const { findings } = await inspected({ kind: 'tool_result', text: one.text }, { decide, scan: scanner.scan });
    all.push(
      scored(
        one,
        family,
        findings.map(({ label }) => label),
      ),
    );
  }
  await scanner.close();
  return all;
}

function missedOf(all: readonly Scored[]): Missed[] {
  return [
    { name: 'Not found', cases: all.filter(isMissed).map((one) => shown(one, one.missing)) },
    { name: 'Reported though nothing was there', cases: all.filter(isFalseAlarm).map((one) => shown(one, one.labels)) },
  ];
}

/** As it was written: with the names of tokens, not with tokens; and with what an attack hides, or would do to a terminal, spelled out. */
function shown({ case: { id, written } }: Scored, labels: readonly string[]): { id: string; text: string } {
  return { id, text: `${labels.join(', ')} in ${visibleLines(written)}` };
}

/** Without policy: what is measured is the scanner alone. */
async function sourceSection(sources: readonly SourceText[]): Promise<Section> {
  const scanner = plugScanner();
  const found: { readonly name: string; readonly label: string }[] = [];
  const started = performance.now();
  for (const { name, text } of sources) {
    for (const { findings } of await scanner.scan([{ role: 'tool_result', text }]))
      for (const { label } of findings) found.push({ name, label });
  }
  const seconds = (performance.now() - started) / 1000;
  await scanner.close();
  const megabytes = sources.reduce((sum, { bytes }) => sum + bytes, 0) / 1_000_000;
  const ofFamily = (family: Family) => found.filter(({ label }) => label.split('.')[0] === family);
  return {
    title: 'Ordinary source: what is reported, and how fast',
    about: `${sources.length} text files of the installed packages, ${megabytes.toFixed(1)} MB, at ${(megabytes / seconds).toFixed(1)} MB/s. What is reported here is nearly all false.`,
    columns: ['detector', 'findings', 'files', 'findings per MB'],
    rows: FAMILIES.map((family) => {
      const ours = ofFamily(family);
      return [family, String(ours.length), String(new Set(ours.map(({ name }) => name)).size), (ours.length / megabytes).toFixed(2)];
    }),
    missed: FAMILIES.map((family) => ({
      name: `The first of ${family} in ordinary source`,
      cases: ofFamily(family)
        .slice(0, 20)
        .map(({ name, label }) => ({ id: label, text: name })),
    })),
  };
}

const BLOCKS = 60;
const CONVERSATION_CHARS = 100_000;
const TIMES = 9;
/** Engines run for days: conversations that their detectors have seen before, in each thread. */
const WARM_UP = 12;

async function conversationSection(sources: readonly SourceText[]): Promise<Section> {
  const cold: number[] = [];
  const warm: number[] = [];
  const scanner = plugScanner(2);
  for (let i = -WARM_UP; i < TIMES; i++) {
    const blocks = conversation(sources, i + WARM_UP);
    const first = await scanMilliseconds(scanner.scan, blocks);
    const again = await scanMilliseconds(scanner.scan, blocks);
    if (i < 0) continue;
    cold.push(first);
    warm.push(again);
  }
  await scanner.close();
  const row = (name: string, times: number[]) => [
    name,
    median(times).toFixed(2),
    Math.min(...times).toFixed(2),
    Math.max(...times).toFixed(2),
  ];
  return {
    title: 'A conversation through the scanner',
    about: `${CONVERSATION_CHARS / 1000} KB in ${BLOCKS} blocks, ${TIMES} different ones, by threads that have scanned others before. Cold: never seen. Warm: the same again, as an agent resends it at its next turn.`,
    columns: ['', 'median ms', 'least', 'most'],
    rows: [row('cold', cold), row('warm', warm)],
    missed: [],
  };
}

/** Blocks of source with their numbers before them, so that no two are equal. */
function conversation(sources: readonly SourceText[], turn: number): string[] {
  const size = Math.floor(CONVERSATION_CHARS / BLOCKS);
  const long = sources.filter(({ text }) => text.length > 2 * size);
  return Array.from({ length: BLOCKS }, (_, i) => {
    const { text } = long[(turn * BLOCKS + i * 7) % long.length]!;
    return `${turn}/${i} ${text.slice(0, size)}`.slice(0, size);
  });
}

/** All handed over at once, as the blocks of one request are. */
async function scanMilliseconds(scan: Scanner['scan'], blocks: readonly string[]): Promise<number> {
  const started = performance.now();
  await scan(blocks.map((text) => ({ role: 'tool_result', text })));
  return performance.now() - started;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
