/** The evaluation: recall and false alarms of the command facts, of whole sessions and of the detectors, on this project's own corpora. */

import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../../build/places.ts';
import { commandSections } from './commands.ts';
import { closeJudges } from './judge.ts';
import { type Section, sectionMarkdown, sectionText } from './section.ts';
import { sessionSections } from './sessions.ts';

const HELP = `npm run eval [-- OPTIONS]

  --corpora DIR      the corpora, by default test/corpora
  --policy DIR       another policy than the starter policy
  --numbers          numbers only, no names: for corpora that who writes rules is not to see
  --write            also writes docs/evaluation.md`;

const { values } = parseArgs({
  options: {
    corpora: { type: 'string', default: join(ROOT, 'test', 'corpora') },
    policy: { type: 'string' },
    numbers: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(HELP);
} else {
  try {
    await evaluate(resolve(values.corpora), values.policy);
  } finally {
    await closeJudges();
  }
}

async function evaluate(corpora: string, policyDir: string | undefined): Promise<void> {
  if (!existsSync(corpora)) throw new Error(`There is no folder ${corpora}.`);
  const sections = [
    ...(await commandSections(corpora, policyDir)),
    ...(await sessionSections(corpora, policyDir)),
    ...(await detectorSections(corpora)),
  ];
  const names = !values.numbers;
  for (const section of sections) console.log(sectionText(section, { names }));
  if (values.write) writeFileSync(join(ROOT, 'docs', 'evaluation.md'), page(sections, names));
}

/** The detectors have corpora and measures of their own. */
async function detectorSections(corpora: string): Promise<readonly Section[]> {
  const file = new URL('./detectors.ts', import.meta.url);
  if (!existsSync(file)) return [];
  const module = (await import(file.href)) as { detectorSections(corpora: string): Promise<readonly Section[]> };
  return module.detectorSections(corpora);
}

function page(sections: readonly Section[], names: boolean): string {
  const head = `# Evaluation

Written by \`npm run eval -- --write\`. The corpora are this project's own, below \`test/corpora\`; what came out wrong is listed by name.
`;
  return [head, ...sections.map((section) => sectionMarkdown(section, { names }))].join('\n');
}
