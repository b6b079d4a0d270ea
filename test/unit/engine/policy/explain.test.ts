import { describe, expect, it } from 'vitest';
import type { Decision } from '../../../../main/contract/verdict.ts';
import { explain } from '../../../../main/engine/policy/explain.ts';
import { call, compiled, finding, forbid, path, understood } from './build.ts';

const POLICIES = compiled(
  forbid('gone', 'context.effects.contains("destructive") && context.deletesIn.contains("~/Documents")', '@effect("ask")') +
    forbid('hosts', 'context.hosts.containsAny(["a.example", "b.example"])', '@effect("ask")') +
    '@id("all") permit (principal, action, resource) unless { context.approved };',
);
const bundle = { find: (id: string) => POLICIES.find((policy) => policy.id === id) };

function decision(verdict: Decision['verdict'], ...ids: string[]): Decision {
  return {
    verdict,
    reason: 'Because.',
    policies: ids.map((id) => ({ id, effect: verdict, remember: 'never', reason: `Because of ${id}.` })),
  };
}

const text = 'ls && rm -rf ~/Documents/thesis';
const facts = {
  text,
  effects: [
    {
      effect: 'destructive' as const,
      risk: 'risk' as const,
      says: 'deletes ~/Documents/thesis for good',
      range: { start: text.indexOf('~'), end: text.length },
    },
  ],
  paths: [path('/home/dev/Documents/thesis', 'delete', 'outside')],
  hosts: ['b.example'],
};

const sentenceOf = (...given: Parameters<typeof explain>) => explain(...given).sentence;

describe('an explanation', () => {
  it('is one sentence with policy, facts and the words they came from', () => {
    expect(sentenceOf(call(), understood(facts), decision('ask', 'gone', 'hosts'), bundle)).toBe(
      'Asked, because policy gone (test.cedar:1) met the effect destructive: it deletes ~/Documents/thesis for good, from the words “~/Documents/thesis”; ' +
        'deleting in ~/Documents, and policy hosts (test.cedar:2) met the host b.example.',
    );
  });

  it('has a form for programs', () => {
    expect(explain(call(), understood(facts), decision('ask', 'hosts'), bundle)).toMatchObject({
      verdict: 'ask',
      policies: [
        { id: 'hosts', file: 'test.cedar', line: 2, reason: 'Because of hosts.', matched: [{ attribute: 'hosts', value: 'b.example' }] },
      ],
    });
  });

  it('tells of a permit, of no permit, and of a failure', () => {
    expect(sentenceOf(call(), understood(), decision('allow', 'all'), bundle)).toBe(
      'Allowed, because policy all (test.cedar:3) permits it and no other policy limits it.',
    );
    expect(sentenceOf(call(), understood(), decision('deny'), bundle)).toBe('Denied, because no policy permits this.');
    expect(sentenceOf(call(), understood(), { ...decision('deny'), failure: 'crashed.' }, bundle)).toBe(
      'Denied, because the policy could not be evaluated: crashed.',
    );
  });

  it('leaves out credentials that were found, and shows what cannot be seen', () => {
    const secret = 'AKIAQWERTYUIOPASDFGH';
    const line = `rm -rf ${secret}\u202E`;
    const effects = [
      { effect: 'destructive' as const, risk: 'risk' as const, says: `deletes ${secret}`, range: { start: 0, end: line.length } },
    ];
    const understanding = understood({ text: line, effects }, [finding('secret.aws-access-key', 7, 7 + secret.length)]);
    const said = sentenceOf(call(), understanding, decision('ask', 'gone'), bundle);
    expect(said).not.toContain(secret);
    expect(said).toContain('deletes [secret.aws-access-key], from the words “rm -rf [secret.aws-access-key]\\u{202e}”');
  });

  it('tells of what is only observed beside the verdict, with its facts', () => {
    const observed = [
      { id: 'gone', effect: 'ask', reason: 'Because of gone.' },
      { id: 'hosts', effect: 'deny', reason: 'This policy could not be evaluated.', failure: 'overflow' },
    ] as const;
    const explanation = explain(call(), understood(facts), { ...decision('allow', 'all'), observed }, bundle);
    expect(explanation).toMatchObject({
      verdict: 'allow',
      policies: [{ id: 'all' }],
      observed: [
        { id: 'gone', effect: 'ask', line: 1, matched: [{ attribute: 'effects' }, { attribute: 'deletesIn' }] },
        { id: 'hosts', failure: 'overflow' },
      ],
    });
    expect(explanation.sentence).toMatch(
      / limits it\. Observed only, and would have: ask \(gone, test\.cedar:1\); deny \(hosts, test\.cedar:2\)\.$/,
    );
  });

  it('has the ranges of all words that a fact comes from, in a text that hides credentials and keeps its length', () => {
    const secret = 'AKIAQWERTYUIOPASDFGH';
    const line = `curl ${secret}\u202E b.example`;
    const found = finding('secret.aws-access-key', 5, 5 + secret.length);
    const policies = compiled(forbid('keys', 'context.labels.contains("secret")'));
    const { text, policies: explained } = explain(call(), understood({ text: line }, [found]), decision('deny', 'keys'), {
      find: () => policies[0],
    });
    expect(text).toBe(`curl ${'•'.repeat(secret.length)}· b.example`);
    expect(explained[0]?.matched).toEqual([{ attribute: 'labels', value: 'secret', ranges: [{ start: 5, end: 5 + secret.length }] }]);
  });
});
