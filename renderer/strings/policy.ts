/** What the policy page says. */

import type { Policies } from '../../main/contract/policy-desk.ts';
import { number } from '../design/time.ts';

const counted = (count: number, one: string, many = `${one}s`) => (count === 1 ? `1 ${one}` : `${number(count)} ${many}`);
const policies = (count: number) => counted(count, 'policy', 'policies');

export const POLICY = {
  title: 'Policy',
  remembered: (count: number) => `${count} remembered`,
  notRunning: 'The guard is not running, so nothing is in force here.',
  inForce: {
    starter: (_name: string, _dir: string) => 'Starter policy that ships with Holdpoint',
    shipped: (name: string, _dir: string) => `${name} that ships with Holdpoint`,
    folder: (_name: string, dir: string) => `From the folder ${dir}`,
    fleet: (_name: string, _dir: string) => 'Signed by your company',
  } satisfies Record<Policies['source'], (name: string, dir: string) => string>,
  revision: (revision: number) => `revision ${revision}`,
  confirmed: (when: string) => `confirmed ${when}`,
  count: policies,
  notAll: (shown: number, count: number) => `The first ${shown} of ${policies(count)} are shown.`,
  fingerprint: 'Fingerprint',

  sections: { policies: 'What is in force', remembered: 'Remembered answers', draft: 'Try a draft' },

  whatIf: 'What would happen if…',
  whatIfText: 'Type or paste what an agent might do. It is judged as if an agent had asked; nothing is run, recorded or asked.',
  whatIfLabel: 'What an agent might do',
  placeholder: {
    shell: 'npm test && rm -rf ~/Documents/drafts',
    powershell: 'Remove-Item -Recurse -Force ~\\Documents\\drafts',
    cmd: 'rd /s /q C:\\drafts',
    tool: '{"tool": "Read", "input": {"file_path": "~/.ssh/id_ed25519"}}',
  },
  kind: 'What it is',
  kinds: { shell: 'Shell', powershell: 'PowerShell', cmd: 'cmd', tool: 'Tool call' },
  project: 'Project',
  projectNone: 'not known',
  projectChoose: 'Choose…',
  projectClear: 'Forget',
  suspended: (until: string) =>
    `Enforcement is suspended until ${until}. This is what policy says; most of what it would refuse or ask about passes until then.`,
  would: {
    allow: 'It would pass without a question.',
    redact: 'It would be refused.',
    ask: 'You would be asked.',
    deny: 'It would be refused.',
  },
  wouldFail: 'It would be refused, because policy can’t be evaluated.',
  decidedBy: 'Policy',
  contact: 'Who to ask',
  watched: 'Only watched',
  told: { show: 'What the agent would be told', hide: 'Hide what the agent would be told', ask: 'If you say no, the agent reads:' },
  exactly: { show: 'Why exactly', hide: 'Hide why exactly' },

  groups: {
    deny: { title: 'Refuses', text: 'No answer lets it pass.' },
    ask: { title: 'Asks', text: 'A person decides.' },
    redact: { title: 'Takes out', text: 'Before it leaves; the agent works on with a placeholder.' },
    allow: { title: 'Allows', text: 'Where nothing above speaks of it.' },
    observe: { title: 'Only watches', text: 'Decides nothing. What it would have said is recorded.' },
  },
  field: {
    id: 'Name',
    place: 'Stands in',
    remember: 'A yes counts',
    severity: 'Severity',
    rollout: 'Rollout',
  },
  place: (file: string, line: number) => `${file}, line ${line}`,
  rollout: (percent: number, isHere: boolean) =>
    `On ${percent} % of the devices, ${isHere ? 'this one among them' : 'and not on this one'}`,
  lasting: 'Counts also while enforcement is suspended',
  remember: {
    never: 'once',
    session: 'until the conversation ends',
    workspace: 'in the project, for 8 hours',
    '8h': 'in the project, for 8 hours',
  },
  severity: { low: 'low', medium: 'medium', high: 'high' },

  draftText: 'Choose a folder of policies, and see what they would have said of what agents have done here. Nothing is put in force.',
  since: 'Of the last',
  sinceDays: { 1: 'day', 7: '7 days', 30: '30 days' },
  choose: 'Choose a folder…',
  again: 'Try it again',
  trying: 'Trying it on the log…',
  busy: 'Another draft is being tried. Try again in a moment.',
  tooLong: (seconds: number) =>
    `It took longer than ${seconds} seconds and was stopped. Choose a shorter time, or ask in a terminal: npx holdpoint policy replay`,
  problems: (count: number) => `This draft can’t be put in force: it has ${counted(count, 'problem')}.`,
  moreProblems: (count: number) => `and ${count} more`,
  warnings: 'It could be put in force, with these warnings.',
  nothing: 'Nothing was recorded in that time, so there is nothing to try it on.',
  replayed: (count: number, policies_: number, since: string) =>
    `${counted(count, 'action')} since ${since}, tried on ${policies(policies_)}.`,
  same: 'No verdict would have been another.',
  changes: (count: number) => `${counted(count, 'verdict')} would have been another`,
  moreChanges: (count: number) => `${number(count)} older ones are not shown. All of them: npx holdpoint policy replay --json`,
  table: { verdict: 'Verdict', was: 'was', would: 'would have been' },
  verdict: { deny: 'refused', ask: 'asked', redact: 'taken out', allow: 'allowed' },
  change: (was: string, would: string) => `was ${was}, would have been ${would}`,
  ended: { released: ', then allowed', refused: ', then refused', abandoned: ', then the agent gave up' } as Readonly<
    Record<string, string>
  >,
  byPolicy: 'What its policies would have met',
  times: (count: number) => counted(count, 'action'),
  watchedOnly: 'only watched',
  record: (seq: number) => `#${seq}`,
  unpermitted: 'no policy permits it',
  left: (count: number) => `${counted(count, 'record')} could not be tried.`,
  leftWhy: (count: number, why: string) => `${number(count)}: ${why}`,
  show: 'Show why',
  hide: 'Hide why',
} as const;
