/** What the statistical stage learns from: the corpora, texts composed of parts, and the sources of installed packages. */

import { join } from 'node:path';
import { featuresOf } from '../../../main/engine/detection/injection/features.ts';
import { tokensOf } from '../../../main/engine/detection/injection/tokens.ts';
import { windowsIn } from '../../../main/engine/detection/injection/windows.ts';
import { normalised } from '../../../main/engine/detection/normalise.ts';
import { sampledSources } from '../source-texts.ts';
import { readInjectionCases } from '../text-cases.ts';
import { composed } from './composed.ts';
import type { Example } from './learn.ts';

export interface Group {
  /** Texts of one kind are learned, or left out, together. */
  readonly kind: string;
  readonly id: string;
  readonly isOrder: boolean;
  readonly passages: readonly (readonly number[])[];
  /** Where the order stands in a longer text is not known. */
  readonly isLong: boolean;
}

export function corpusGroups(corpora: string): Group[] {
  return readInjectionCases(corpora).map(({ id, text, expect }) => ({
    kind: id.replace(/^injection-(?:orders|near)\w{0,2}-|-\d+$/g, ''),
    id,
    isOrder: expect.length > 0,
    passages: passagesOf(text),
    isLong: text.length > 700,
  }));
}

export function examplesOf(groups: readonly Group[]): Example[] {
  return groups.flatMap(({ isOrder, passages, isLong }) => {
    if (isOrder && isLong) return [];
    return passages.slice(0, isOrder ? 1 : 3).map((features) => ({ features, isOrder, weight: 1 }));
  });
}

export function composedExamples(): Example[] {
  return composed(4000).flatMap(({ text, isOrder }) =>
    passagesOf(text)
      .slice(0, 1)
      .map((features) => ({ features, isOrder, weight: 0.35 })),
  );
}

/** Passages of every second file, for the others are what false alarms are counted in. */
export function sourcePassages(root: string): number[][] {
  return sampledSources(join(root, 'node_modules'), 24_000_000)
    .filter((_, index) => index % 2 === 1)
    .flatMap(({ text }) => passagesOf(text));
}

export function passagesOf(text: string): number[][] {
  const { text: plain } = normalised(text);
  return windowsIn(plain, tokensOf(plain)).map(({ start, end, tokens }) => featuresOf(plain, start, end, tokens));
}
