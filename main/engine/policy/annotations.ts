/** What a policy's annotations may be, and what they mean to the host. Cedar itself ignores them. */

import type { Remember, VerdictKind } from '../../contract/verdict.ts';

export interface Annotations {
  readonly id: string;
  readonly effect: VerdictKind;
  readonly remember: Remember;
  readonly severity: Severity;
  /** `observe`: it is evaluated and recorded, and decides nothing. */
  readonly mode: Mode;
  /** Per cent of the devices that it is in force on; on the others it is observed. 100 unless the policy says otherwise. */
  readonly rollout: number;
  /** `@bypass("never")`: it counts also while a person has suspended enforcement. Only there where it is so. */
  readonly lasting?: true;
  readonly reason?: string;
  readonly contact?: string;
}

export type Severity = 'low' | 'medium' | 'high';

export type Mode = 'enforce' | 'observe';

/** Every annotation that a policy may have. */
export const ANNOTATIONS = ['id', 'effect', 'reason', 'remember', 'contact', 'severity', 'mode', 'rollout', 'bypass'] as const;

/** What is wrong, and under which annotation it stands; without one, the policy as a whole. */
export interface AnnotationProblem {
  readonly annotation?: string;
  readonly message: string;
  readonly hint: string;
}

const ID = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$/;
const MAX_SENTENCE = 500;
const FORBID_EFFECTS = ['deny', 'ask', 'redact'] as const;
const REMEMBER = ['never', 'session', 'workspace', '8h'] as const satisfies readonly Remember[];
const SEVERITIES = ['low', 'medium', 'high'] as const satisfies readonly Severity[];
const MODES = ['enforce', 'observe'] as const satisfies readonly Mode[];
const PERCENT = /^(100|\d{1,2}(\.\d{1,2})?)%$/;

/** Reads the annotations of one policy. `raw` is Cedar's: `@id` with no value is null. */
export function readAnnotations(
  kind: 'permit' | 'forbid',
  raw: { readonly [name: string]: string | null },
): { readonly annotations?: Annotations; readonly problems: readonly AnnotationProblem[] } {
  const problems: AnnotationProblem[] = [];
  const wrong = (annotation: string | undefined, message: string, hint: string) =>
    problems.push({ message, hint, ...(annotation !== undefined && { annotation }) });
  const given = (name: (typeof ANNOTATIONS)[number]) => raw[name] ?? undefined;
  const oneOf = <T extends string>(name: (typeof ANNOTATIONS)[number], allowed: readonly T[], otherwise: T): T => {
    if (!Object.hasOwn(raw, name)) return otherwise;
    const value = allowed.find((word) => word === raw[name]);
    if (value === undefined)
      wrong(
        name,
        `@${name}(${JSON.stringify(raw[name] ?? '')}) is not known on a ${kind}.`,
        `write one of ${allowed.map((word) => `"${word}"`).join(', ')}`,
      );
    return value ?? otherwise;
  };
  const sentence = (name: 'reason' | 'contact') => {
    if (!Object.hasOwn(raw, name)) return undefined;
    const value = given(name)?.trim() ?? '';
    if (value === '' || value.length > MAX_SENTENCE || /\p{C}/u.test(value))
      wrong(name, `@${name} is not a sentence that can be shown.`, `write 1 to ${MAX_SENTENCE} characters on one line`);
    return value;
  };

  for (const name of Object.keys(raw)) {
    if (!ANNOTATIONS.some((known) => known === name))
      wrong(name, `@${name} is not an annotation that Holdpoint knows.`, `known are ${ANNOTATIONS.map((known) => `@${known}`).join(', ')}`);
  }
  const id = given('id');
  if (id === undefined)
    wrong(
      Object.hasOwn(raw, 'id') ? 'id' : undefined,
      'This policy has no @id.',
      'write @id("team.what-it-is-about") before it: the log and the popup name policies by it',
    );
  else if (!ID.test(id))
    wrong(
      'id',
      `@id(${JSON.stringify(id)}) is not usable as a name.`,
      'use up to 100 letters, digits, and . _ / - after a first letter or digit',
    );
  const effect =
    kind === 'permit'
      ? oneOf('effect', ['allow'] as const, 'allow')
      : oneOf<(typeof FORBID_EFFECTS)[number]>('effect', FORBID_EFFECTS, 'deny');
  const remember = oneOf('remember', REMEMBER, 'never');
  if (Object.hasOwn(raw, 'remember') && effect !== 'ask')
    wrong('remember', '@remember has a meaning only beside @effect("ask").', 'remove it, or make the policy ask');
  const severity = oneOf('severity', SEVERITIES, 'medium');
  const mode = oneOf('mode', MODES, 'enforce');
  const rollout = PERCENT.exec(given('rollout') ?? '100%')?.[1];
  if (rollout === undefined || raw.rollout === null)
    wrong('rollout', `@rollout(${JSON.stringify(raw.rollout ?? '')}) is no share of the devices.`, 'write per cent, as in @rollout("25%")');
  else if (Object.hasOwn(raw, 'rollout') && mode === 'observe')
    wrong('rollout', '@rollout has no meaning beside @mode("observe"), which puts the policy in force nowhere.', 'remove one of the two');
  const lasting = oneOf<'never' | 'no'>('bypass', ['never'], 'no') === 'never';
  // A deny hides what asks: of an ask nobody could be sure that it is seen.
  if (lasting && effect !== 'deny') wrong('bypass', '@bypass has a meaning only on what denies.', 'remove it, or make the policy deny');
  const reason = sentence('reason');
  const contact = sentence('contact');
  if (reason === undefined && (effect === 'ask' || effect === 'deny'))
    wrong(undefined, 'This policy has no @reason.', 'say in one sentence why, for the person and for the agent');
  if (id === undefined || problems.length > 0) return { problems };
  return {
    problems,
    annotations: {
      id,
      effect,
      remember,
      severity,
      mode,
      rollout: Number(rollout),
      ...(lasting && { lasting }),
      ...(reason !== undefined && { reason }),
      ...(contact !== undefined && { contact }),
    },
  };
}
