import { describe, expect, it } from 'vitest';
import { readAnnotations } from '../../../../main/engine/policy/annotations.ts';

describe('annotations', () => {
  it('of a forbid mean deny, never remembered and of medium severity unless they say otherwise', () => {
    expect(readAnnotations('forbid', { id: 'a', reason: 'Because.' })).toEqual({
      problems: [],
      annotations: { id: 'a', effect: 'deny', remember: 'never', severity: 'medium', mode: 'enforce', rollout: 100, reason: 'Because.' },
    });
  });

  it('are all taken over', () => {
    const raw = { id: 'team/a.b-1', effect: 'ask', reason: 'Because.', remember: '8h', contact: 'security@example.com', severity: 'high' };
    expect(readAnnotations('forbid', raw)).toEqual({ problems: [], annotations: { ...raw, mode: 'enforce', rollout: 100 } });
  });

  it('of a permit need no reason', () => {
    expect(readAnnotations('permit', { id: 'a', effect: 'allow' }).annotations?.effect).toBe('allow');
  });

  it.each([
    ['0%', 0],
    ['7.5%', 7.5],
    ['25%', 25],
    ['100%', 100],
  ])('give a rollout of %s', (rollout, share) => {
    expect(readAnnotations('permit', { id: 'a', rollout }).annotations).toMatchObject({ mode: 'enforce', rollout: share });
  });

  it('say that a policy outlasts a bypass', () => {
    expect(readAnnotations('forbid', { id: 'a', reason: 'x', bypass: 'never' }).annotations).toMatchObject({ lasting: true });
    expect(readAnnotations('forbid', { id: 'a', reason: 'x' }).annotations).not.toHaveProperty('lasting');
  });

  it('can take a policy out of force', () => {
    expect(readAnnotations('permit', { id: 'a', mode: 'observe' }).annotations?.mode).toBe('observe');
  });

  it('of a policy that redacts need no reason', () => {
    expect(readAnnotations('forbid', { id: 'a', effect: 'redact' }).annotations?.effect).toBe('redact');
  });

  it.each([
    ['no id', 'permit', {}, undefined, /no @id/],
    ['an id without a value', 'permit', { id: null }, 'id', /no @id/],
    ['an id with spaces', 'permit', { id: 'a b' }, 'id', /not usable/],
    ['an id that is too long', 'permit', { id: 'a'.repeat(101) }, 'id', /not usable/],
    ['a permit that denies', 'permit', { id: 'a', effect: 'deny' }, 'effect', /not known on a permit/],
    ['a forbid that allows', 'forbid', { id: 'a', reason: 'x', effect: 'allow' }, 'effect', /not known on a forbid/],
    ['an effect without a value', 'forbid', { id: 'a', reason: 'x', effect: null }, 'effect', /not known/],
    ['a misspelt annotation', 'forbid', { id: 'a', reason: 'x', efect: 'ask' }, 'efect', /@efect is not an annotation/],
    ['an unknown time to remember', 'forbid', { id: 'a', reason: 'x', effect: 'ask', remember: 'ever' }, 'remember', /not known/],
    ['remember on a deny', 'forbid', { id: 'a', reason: 'x', remember: 'session' }, 'remember', /only beside @effect\("ask"\)/],
    ['an unknown severity', 'forbid', { id: 'a', reason: 'x', severity: 'huge' }, 'severity', /not known/],
    ['an ask without a reason', 'forbid', { id: 'a', effect: 'ask' }, undefined, /no @reason/],
    ['an empty reason', 'forbid', { id: 'a', reason: ' ' }, 'reason', /not a sentence/],
    ['a reason of two lines', 'forbid', { id: 'a', reason: 'a\nb' }, 'reason', /not a sentence/],
    ['a reason that turns the text around', 'forbid', { id: 'a', reason: 'a\u202Eb' }, 'reason', /not a sentence/],
    ['an unknown mode', 'forbid', { id: 'a', reason: 'x', mode: 'watch' }, 'mode', /not known on a forbid/],
    ['a mode without a value', 'forbid', { id: 'a', reason: 'x', mode: null }, 'mode', /not known/],
    ['a bypass on what asks', 'forbid', { id: 'a', reason: 'x', effect: 'ask', bypass: 'never' }, 'bypass', /only on what denies/],
    ['a bypass of another kind', 'forbid', { id: 'a', reason: 'x', bypass: 'always' }, 'bypass', /is not known on a forbid/],
    ['a rollout without a sign', 'forbid', { id: 'a', reason: 'x', rollout: '25' }, 'rollout', /no share of the devices/],
    ['a rollout of more than all', 'forbid', { id: 'a', reason: 'x', rollout: '101%' }, 'rollout', /no share of the devices/],
    ['a rollout without a value', 'forbid', { id: 'a', reason: 'x', rollout: null }, 'rollout', /no share of the devices/],
    [
      'a rollout of what is in force nowhere',
      'forbid',
      { id: 'a', reason: 'x', mode: 'observe', rollout: '5%' },
      'rollout',
      /no meaning beside/,
    ],
    ['an empty contact', 'forbid', { id: 'a', reason: 'x', contact: '' }, 'contact', /not a sentence/],
  ] as const)('are refused: %s', (_, kind, raw, annotation, message) => {
    const result = readAnnotations(kind, raw);
    expect(result.annotations).toBeUndefined();
    expect(result.problems).toHaveLength(1);
    expect(result.problems[0]?.annotation).toBe(annotation);
    expect(result.problems[0]?.message).toMatch(message);
  });
});
