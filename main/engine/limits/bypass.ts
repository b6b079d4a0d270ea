/** The timed bypass: a person lets pass, for a while and with a reason, what policy would ask about or refuse. */

import type { Action, Understanding } from '../../contract/action.ts';
import { HoldpointError } from '../../contract/errors.ts';
import type { AuditEntry, AuditRecord } from '../../contract/record.ts';
import type { Settings } from '../../contract/settings.ts';
import type { Decision } from '../../contract/verdict.ts';
import { shown } from './names.ts';

export interface Bypass {
  /**
   * Begins, or takes the place of the one that is on; then its time counts from the first one's beginning, so that it cannot be drawn out.
   * `by` says where: "app", "terminal". Throws HoldpointError `control-refused` where settings do not permit it.
   */
  begin(wanted: { readonly minutes: number; readonly reason: string }, by: string): { readonly until: string };
  /** Throws HoldpointError `not-found` where none is on. */
  end(by: string): void;
  /** Undefined where none is on. */
  state(): { readonly until: string; readonly reason: string } | undefined;
  /** What becomes of policy's answer. */
  applied(action: Action, understanding: Understanding, decision: Decision): Decision;
  /** Settings have changed: where they no longer permit it, it ends. */
  changed(): void;
  /** The engine stops: it ends, and does not come back with the next one. */
  close(): void;
  /** The newest record of a bypass that an earlier engine has kept: where that has left one open, its end is recorded. */
  recall(last: Pick<AuditRecord, 'verdict' | 'data'> | undefined): void;
}

export interface BypassOptions {
  readonly settings: () => Pick<Settings, 'bypass' | 'contact'>;
  readonly record: (entry: AuditEntry) => void;
  /** Told when one begins or ends. */
  readonly onChange: () => void;
  readonly now: () => number;
  /** Milliseconds that nobody can set back. */
  readonly monotonic: () => number;
  readonly setTimer: (ring: () => void, ms: number) => () => void;
}

export const BYPASS = 'bypass';

interface Running {
  readonly began: number;
  readonly until: number;
  /** By the clock that cannot be set. */
  readonly beganAt: number;
  readonly endsAt: number;
  readonly reason: string;
  readonly by: string;
  readonly cancelTimer: () => void;
}

export function createBypass({ settings, record, onChange, now, monotonic, setTimer }: BypassOptions): Bypass {
  let running: Running | undefined;

  return {
    begin({ minutes, reason }, by) {
      const { allowed, maxMinutes } = settings().bypass;
      if (!allowed)
        throw new HoldpointError('control-refused', `The settings of this device do not permit a bypass (bypass.allowed).${askWhom()}`);
      if (minutes > maxMinutes)
        throw new HoldpointError('control-refused', `A bypass may take ${plural(maxMinutes)} at most (bypass.maxMinutes).${askWhom()}`);
      expire();
      const began = running?.began ?? now();
      const beganAt = running?.beganAt ?? monotonic();
      const left = Math.min(minutes * MINUTE, maxMinutes * MINUTE - Math.max(now() - began, monotonic() - beganAt));
      if (left <= 0)
        throw new HoldpointError('control-refused', `This bypass has taken its ${plural(maxMinutes)} (bypass.maxMinutes).${askWhom()}`);
      if (running) finish('replaced', by);
      const until = now() + left;
      running = {
        ...{ began, until, beganAt, endsAt: monotonic() + left, reason, by },
        cancelTimer: setTimer(expire, left),
      };
      record({
        kind: 'policy',
        verdict: 'bypass-begun',
        summary: `Enforcement suspended until ${new Date(until).toISOString()} by a person (${by}): ${reason}`,
        data: { by, reason, minutes, until: new Date(until).toISOString() },
      });
      onChange();
      return { until: new Date(until).toISOString() };
    },
    end(by) {
      expire();
      if (!running) throw new HoldpointError('not-found', 'No bypass is on.');
      finish('ended', by);
      onChange();
    },
    state() {
      expire();
      return running && { until: new Date(endOf(running)).toISOString(), reason: running.reason };
    },
    applied(action, understanding, decision) {
      expire();
      if (!running || !mayPass(understanding, decision)) return decision;
      const lasting = decision.policies.filter((policy) => policy.lasting);
      if (lasting[0]) return { ...decision, policies: lasting, reason: lasting[0].reason ?? decision.reason };
      return passed(action, understanding, decision, running.reason);
    },
    changed() {
      expire();
      if (!running || settings().bypass.allowed) return;
      finish('forbidden', 'settings');
      onChange();
    },
    close: () => finish('stopped', 'engine'),
    recall(last) {
      if (last?.verdict !== 'bypass-begun') return;
      record({
        kind: 'policy',
        verdict: 'bypass-ended',
        summary: `Enforcement resumed: ${ENDS.stopped}`,
        data: { how: 'stopped', by: 'engine', reason: last.data.reason ?? null, seconds: null },
      });
    },
  };

  /** The clock rules, not the timer; and of the two clocks the one that is ahead, since one can be set back and one may stand in sleep. */
  function expire(): void {
    if (!running || (now() < running.until && monotonic() < running.endsAt)) return;
    finish('over', running.by);
    onChange();
  }

  /** By the clock as it is now: where that was set back, it ends earlier than it seemed when it began. */
  function endOf({ until, endsAt }: Running): number {
    const left = endsAt - monotonic();
    return until - now() - left > CLOCK_WAS_SET_MS ? now() + left : until;
  }

  function finish(how: keyof typeof ENDS, by: string): void {
    if (!running) return;
    const { reason, began, cancelTimer } = running;
    running = undefined;
    cancelTimer();
    record({
      kind: 'policy',
      verdict: 'bypass-ended',
      summary: `Enforcement resumed: ${ENDS[how]}`,
      data: { how, by, reason, seconds: Math.max(0, Math.round((now() - began) / 1000)) },
    });
  }

  function askWhom(): string {
    const { contact } = settings();
    return contact === undefined ? '' : ` Ask ${contact}.`;
  }
}

const MINUTE = 60_000;
/** Two clocks never go quite alike. */
const CLOCK_WAS_SET_MS = 5_000;
const ENDS = {
  over: 'its time was over',
  ended: 'a person ended it',
  replaced: 'a person began it anew',
  stopped: 'the engine ended',
  forbidden: 'the settings no longer permit it',
} as const;

/** A policy that could not be evaluated has said nothing; and no bypass is for getting rid of the guard. */
function mayPass({ facts }: Understanding, { verdict, failure }: Decision): boolean {
  if (verdict !== 'ask' && verdict !== 'deny') return false;
  return failure === undefined && !facts.effects.some(({ effect }) => effect === 'disable-guard');
}

/** What policy would have said stays in the record. What a denied request or result carries of secrets is taken out all the same. */
function passed(action: Action, { findings }: Understanding, decision: Decision, why: string): Decision {
  const reason = `Enforcement is suspended by a person: ${shown(why)}`;
  const isText = action.kind === 'send_prompt' || action.kind === 'receive_result';
  const effect = isText && findings.some(({ label }) => isSecret(label)) ? 'redact' : 'allow';
  const would = decision.policies.map(({ id, effect: said, reason: because = decision.reason }) => ({ id, effect: said, reason: because }));
  const unnamed = { id: 'holdpoint', effect: decision.verdict, reason: decision.reason };
  return {
    verdict: effect,
    policies: [{ id: BYPASS, effect, remember: 'never', ...(effect === 'redact' && { labels: ['secret'] }) }],
    observed: [...(would.length > 0 ? would : [unnamed]), ...(decision.observed ?? [])],
    reason,
  };
}

function isSecret(label: string): boolean {
  return label === 'secret' || label.startsWith('secret.');
}

function plural(minutes: number): string {
  return `${minutes} minute${minutes === 1 ? '' : 's'}`;
}
