/** Learns the weights of the statistical stage anew and writes them; prints how well it does on kinds of texts it has not learned. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ROOT } from '../../../build/places.ts';
import { composedExamples, corpusGroups, examplesOf, type Group, sourcePassages } from './examples.ts';
import { type Example, type Learned, learned, scoreBy } from './learn.ts';

const FOLDS = 8;
const HARDEST = 2500;

const groups = corpusGroups(join(ROOT, 'test', 'corpora'));
const made = composedExamples();
const sources = sourcePassages(ROOT).map((features): Example => ({ features, isOrder: false, weight: 0.15 }));
const some = sources.filter((_, index) => index % 6 === 0);
const first = learned([...examplesOf(groups), ...made, ...some]);
const hard = [...sources].sort((a, b) => scoreBy(first, b.features) - scoreBy(first, a.features)).slice(0, HARDEST);
const others = [...made, ...new Set([...some, ...hard])];

printCrossValidation();
write(learned([...examplesOf(groups), ...others]));

function printCrossValidation(): void {
  const kinds = [...new Set(groups.map(({ kind }) => kind))].sort();
  const scores: { readonly group: Group; readonly score: number }[] = [];
  for (let fold = 0; fold < FOLDS; fold++) {
    const isOut = ({ kind }: Group) => kinds.indexOf(kind) % FOLDS === fold;
    const model = learned([...examplesOf(groups.filter((group) => !isOut(group))), ...others]);
    for (const group of groups.filter(isOut)) {
      scores.push({ group, score: Math.max(...group.passages.map((features) => scoreBy(model, features)), -99) });
    }
  }
  for (const limit of [-0.5, 0, 0.3, 0.6, 1, 1.5]) {
    const share = (isOrder: boolean) => {
      const all = scores.filter(({ group }) => group.isOrder === isOrder);
      return ((100 * all.filter(({ score }) => score >= limit).length) / all.length).toFixed(1);
    };
    console.log(`from ${limit}: ${share(true)} % of the orders, ${share(false)} % of the look-alikes, each of a kind not learned`);
  }
}

function write({ weights, bias }: Learned): void {
  const scale = Math.max(...weights.map(Math.abs)) / 127;
  const bytes = Buffer.from(Int8Array.from(weights, (weight) => Math.round(weight / scale)).buffer);
  const text = `/** Made by \`test/eval/training/main.ts\`: one signed byte a feature, compressed. */

export const SCALE = ${scale};
export const BIAS = ${bias};
export const WEIGHTS =
  '${gzipSync(bytes, { level: 9 }).toString('base64')}';
`;
  writeFileSync(join(ROOT, 'main', 'engine', 'detection', 'injection', 'weights.ts'), text);
}
