/** The first page of a report: what happened in a sentence, who and where, what was held or refused, and what it cost. */

import type { SessionFacts } from './facts.ts';
import { type Html, html, NOTHING } from './html.ts';
import { toldStep } from './step.ts';
import type { CallEnds, Step } from './steps.ts';
import { clock, count, day, list, money, things, WORDS } from './words.ts';

export interface Overview {
  readonly facts: SessionFacts;
  readonly ends: CallEnds;
  readonly notable: { readonly steps: readonly Step[]; readonly more: number };
  /** The machine's name. */
  readonly device: string;
  readonly session: string;
  /** Beginning of the first thing that the person asked. */
  readonly opening: string | undefined;
}

export function overviewHtml({ facts, ends, notable, device, session, opening }: Overview): Html {
  return html`<h1>${titleOf(facts, ends)}</h1>
<p class="lead">${sentenceOf(facts, ends, device)}</p>
${opening === undefined ? NOTHING : html`<p class="opening">“${opening}”</p>`}
<dl>
${row('Agent', list(agentsIn(facts)), facts.startedBy.length > 0 ? `started by ${list(facts.startedBy)}` : facts.programs[0])}
${row('Person', list(facts.users) || 'not known', `on ${device}`)}
${row('Project', list(facts.folders) || 'not known')}
${row('Model', list(facts.models.map(({ model }) => model)) || 'none answered', list([...new Set(facts.models.map(({ provider }) => provider))]))}
${row('Time', spanOf(facts), 'UTC, as are all times here')}
${row('Session', session)}
</dl>
${notableHtml(notable)}
${costHtml(facts)}`;
}

function row(name: string, value: string, more?: string): Html {
  return html`<dt>${name}</dt><dd>${value}${more ? html` <span>· ${more}</span>` : NOTHING}</dd>`;
}

function titleOf(facts: SessionFacts, { calls, refused, open }: CallEnds): string {
  const agent = facts.agents[0]?.replace(/ [\d.]+\S*$/, '') ?? 'An unknown program';
  const folder = facts.folders[0]?.split(/[/\\]/).findLast((part) => part !== '');
  const where = folder === undefined ? agent : `${agent} in ${folder}`;
  if (refused > 0) return `${where}: ${things(refused, 'call')} refused`;
  if (open > 0) return `${where}: ${things(open, 'call')} held`;
  return calls === 0 ? `${where}: no calls` : `${where}: nothing refused`;
}

function sentenceOf(facts: SessionFacts, ends: CallEnds, device: string): string {
  const { calls, allowed, released, refused, abandoned, open } = ends;
  const who = list(agentsIn(facts)) || 'An unknown program';
  const when = facts.from === undefined ? '' : `On ${day(facts.from)}, `;
  const asked = `${when}${who} on ${device} asked ${list(facts.models.map(({ model }) => model)) || 'a model'} ${facts.exchanges === 1 ? 'once' : things(facts.exchanges, 'time')}`;
  const parts = [
    ...(allowed > 0 ? [`${count(allowed)} allowed by policy`] : []),
    ...(released > 0 ? [`${count(released)} allowed by a person`] : []),
    ...(refused > 0 ? [`${count(refused)} refused`] : []),
    ...(abandoned > 0 ? [`${count(abandoned)} given up by the agent`] : []),
    ...(open > 0 ? [`${count(open)} still held when this was written`] : []),
  ];
  const did = calls === 0 ? 'No tool was called.' : `${calls === 1 ? 'One call was' : `${count(calls)} calls were`} made: ${list(parts)}.`;
  const seen = [
    ...(facts.findings > 0 ? [`Detectors saw something ${things(facts.findings, 'time')}.`] : []),
    ...(facts.uninspected > 0 ? [`${things(facts.uninspected, 'thing')} could not be read.`] : []),
    ...(facts.purged > 0
      ? [`Of ${things(facts.purged, 'record')} retention has purged what was said; that they were there is still proved.`]
      : []),
  ];
  return [`${asked}.`, did, ...seen].join(' ');
}

/** Without those that are named again with their version. */
function agentsIn({ agents }: SessionFacts): string[] {
  return agents.filter((name) => !agents.some((other) => other.startsWith(`${name} `)));
}

function spanOf({ from, to }: SessionFacts): string {
  if (from === undefined || to === undefined) return 'no records';
  if (day(from) === day(to) && clock(from) === clock(to)) return `${day(from)}, ${clock(from)}`;
  return day(from) === day(to)
    ? `${day(from)}, ${clock(from)} to ${clock(to)}`
    : `${day(from)}, ${clock(from)} to ${day(to)}, ${clock(to)}`;
}

function notableHtml({ steps, more }: Overview['notable']): Html {
  if (steps.length === 0) return html`<section><h2>Held and refused</h2><p>No call was held or refused.</p></section>`;
  return html`<section><h2>Held and refused</h2>
<table class="notable"><thead><tr><th>Time</th><th>What</th><th>How it ended</th></tr></thead><tbody>
${steps.map((step) => {
  const { at, look, chip, title, body, row, reason, policies, answer } = toldStep(step);
  const what = body ? whatOf(body.summary, row.agent) : title;
  const why = [...(policies.length > 0 ? [WORDS.policies(policies.join(', '))] : []), ...answer];
  return html`<tr><td class="when">${clock(at)}</td><td><a href="#${row.seq}"><code>${what}</code></a>${reason === null ? NOTHING : html`<small>${reason}</small>`}</td><td><span class="chip ${LOOKS[look]}">${chip}</span><small>${why.join(' · ')}</small></td></tr>
`;
})}
</tbody></table>
${more > 0 ? html`<p>${WORDS.more(more)}</p>` : NOTHING}</section>`;
}

/** A call's summary begins with the agent's name, which stands above already. */
function whatOf(summary: string, agent: string | null): string {
  return agent !== null && summary.startsWith(`${agent}: `) ? summary.slice(agent.length + 2) : summary;
}

const LOOKS = {
  released: html`released`,
  refused: html`refused`,
  waiting: html`waiting`,
  unsure: html`unsure`,
  noted: html`noted`,
} as const;

function costHtml({ models }: SessionFacts): Html {
  if (models.length === 0) return NOTHING;
  const estimated = models.some((used) => used.estimated);
  const total = models.reduce((sum, used) => sum + used.costMicroUsd, 0);
  const body = models.map(
    ({
      model,
      provider,
      exchanges,
      inputTokens,
      outputTokens,
      costMicroUsd,
      unpriced,
    }) => html`<tr><td>${model} <small>${provider}</small></td>
<td class="number">${count(exchanges)}</td><td class="number">${count(inputTokens)}</td><td class="number">${count(outputTokens)}</td>
<td class="number">${unpriced === exchanges ? 'no price known' : money(costMicroUsd)}</td></tr>
`,
  );
  return html`<section><h2>Cost</h2>
<table><thead><tr><th>Model</th><th class="number">Exchanges</th><th class="number">Tokens in</th><th class="number">Tokens out</th><th class="number">At list prices</th></tr></thead><tbody>
${body}</tbody></table>
<p>${models.length > 1 ? `${money(total)} in all. ` : ''}${estimated ? 'Some of it is estimated by length, because the provider did not say.' : ''}</p></section>`;
}
