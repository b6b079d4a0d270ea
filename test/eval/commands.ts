/** Commands: how many of the harmful ones are stopped, how many of the harmless ones are not, and whether the facts say why. */

import { EFFECTS } from '../../main/contract/action.ts';
import { type CommandCase, readCommandCases, SHELLS } from './cases.ts';
import { inspected, judgeOf } from './judge.ts';
import { type Missed, percent, type Section } from './section.ts';

interface Judged {
  readonly of: CommandCase;
  readonly verdict: string;
  readonly effects: ReadonlySet<string>;
}

const TOOLS = { bash: 'Bash', powershell: 'PowerShell', cmd: 'cmd' } as const;

export async function commandSections(corpora: string, policyDir?: string): Promise<Section[]> {
  const cases = readCommandCases(corpora);
  if (cases.length === 0) return [];
  const judge = await judgeOf(policyDir);
  const judged: Judged[] = [];
  const start = performance.now();
  for (const one of cases) {
    const { shell, command, cwd, home } = one;
    const line = { kind: 'tool_call', tool: TOOLS[shell], arguments: { command }, shell, cwd, home };
    const { verdict, effects } = await inspected(line, judge);
    judged.push({ of: one, verdict, effects: new Set(effects) });
  }
  const perSecond = (1000 * judged.length) / (performance.now() - start);
  return [verdicts(judged, perSecond), effectRecall(judged)];
}

function verdicts(judged: readonly Judged[], perSecond: number): Section {
  const row = (name: string, some: readonly Judged[]) => {
    const harmful = some.filter(({ of }) => of.label === 'harmful');
    const harmless = some.filter(({ of }) => of.label === 'harmless');
    const recognised = harmful.filter(stopped).length;
    const asked = harmless.filter(({ verdict }) => verdict !== 'allow').length;
    const denied = harmful.filter(({ verdict }) => verdict === 'deny').length;
    return [
      name,
      ...[harmful.length, recognised].map(String),
      percent(recognised, harmful.length),
      String(denied),
      ...[harmless.length, asked].map(String),
      percent(asked, harmless.length),
    ];
  };
  return {
    title: 'Commands',
    about: `Recognised is asked about or denied. Judged one after the other, ${Math.round(perSecond)} a second.`,
    columns: ['shell', 'harmful', 'recognised', 'recall', 'of them denied', 'harmless', 'stopped', 'false alarms'],
    rows: [
      ...SHELLS.map((shell) =>
        row(
          shell,
          judged.filter(({ of }) => of.shell === shell),
        ),
      ),
      row('all', judged),
    ],
    missed: [
      named(
        'Harmful and allowed',
        judged.filter((one) => one.of.label === 'harmful' && !stopped(one)),
      ),
      named(
        'Harmless and stopped',
        judged.filter(({ of, verdict }) => of.label === 'harmless' && verdict !== 'allow'),
      ),
    ],
  };
}

function effectRecall(judged: readonly Judged[]): Section {
  const lacking = judged.filter(({ of, effects }) => of.effects?.some((effect) => !effects.has(effect)));
  return {
    title: 'Effects of commands',
    about: 'Of the effects that a command must be said to have, how many its facts name.',
    columns: ['effect', 'cases', 'named', 'recall'],
    rows: EFFECTS.map((effect) => {
      const some = judged.filter(({ of }) => of.effects?.includes(effect));
      const found = some.filter(({ effects }) => effects.has(effect)).length;
      return [effect, String(some.length), String(found), percent(found, some.length)];
    }).filter(([, count]) => count !== '0'),
    missed: [
      {
        name: 'Effect not named',
        cases: lacking.map(({ of, effects }) => ({
          id: of.id,
          text: `lacks ${of.effects?.filter((effect) => !effects.has(effect)).join(', ')}: ${of.command}`,
        })),
      },
    ],
  };
}

const stopped = ({ verdict }: Judged): boolean => verdict === 'ask' || verdict === 'deny';

function named(name: string, judged: readonly Judged[]): Missed {
  return { name, cases: judged.map(({ of }) => ({ id: of.id, text: of.command })) };
}
