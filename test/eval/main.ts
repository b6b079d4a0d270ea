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

Rules and weights were made with these corpora in sight, so that their numbers flatter. \`test/held-out\` is what nobody who wrote rules
has seen: \`npm run eval -- --corpora test/held-out --numbers\`. In November 2026 it gave these, beside what is aimed at:

| held out | cases | found | aimed at | false alarms | aimed at |
| --- | ---: | ---: | ---: | ---: | ---: |
| harmful commands, bash | 150 | 92.7 % | 97 % | 1.8 % of 109 | 1 % |
| harmful commands, PowerShell | 28 | 96.4 % | 97 % | 0 of 25 | 1 % |
| harmful commands, cmd.exe | 22 | 90.9 % | 97 % | 0 of 20 | 1 % |
| sessions in which an attack is stopped | 9 | 8 | | 0 of 8 disturbed | |
| texts with a secret | 41 | 41 | 95 % | 1 | 0.2 a MB of source |
| texts with personal data | 22 | 21 | | 0 | |
| orders to an agent | 36 | 52.8 % | 80 % | 2 of 41 | 3 % |

What is furthest from its aim are orders in texts: short ones that name neither agent nor deed are not told from other prose. That is why
nothing is decided by them alone, and why what follows is judged by where its hosts, addresses and names come from.
`;
  return [head, ...sections.map((section) => sectionMarkdown(section, { names }))].join('\n');
}
