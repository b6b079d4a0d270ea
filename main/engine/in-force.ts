/** What is in force on this device and may change while it runs: policy and detectors, as settings and the fleet say. */

import type { KeyObject } from 'node:crypto';
import { messageOf } from '../contract/errors.ts';
import type { AuditEntry } from '../contract/record.ts';
import { createScanner, type Scanner } from './detection/scanner.ts';
import { openDevicePolicy } from './device-policy.ts';
import type { FleetBundle } from './fleet/bundle.ts';
import type { Policy } from './policy/engine.ts';
import type { GivenPolicies } from './policy/files.ts';
import type { SettingsStack } from './settings/stack.ts';
import { createSuccession } from './succession.ts';

export interface InForce {
  readonly decide: Policy['decide'];
  readonly scan: Scanner['scan'];
  /** Work with the policies of this moment, to its end. */
  use<R>(work: (policy: Policy) => Promise<R>): Promise<R>;
  speaksOf: Policy['speaksOf'];
  summary(): Policy['summary'];
  /** The record of what is in force now. */
  entry(): AuditEntry;
  /**
   * Puts what the fleet has published in force, settings and policies together. Rejects with HoldpointError `config-invalid` or
   * `policy-invalid` and every mistake, failed tests among them: then everything stays as it was.
   */
  activate(bundle: FleetBundle): Promise<void>;
  /** Told when policy or settings have changed, after that is in force. */
  onChange(listener: () => void): void;
  /** One sentence each: what was wanted and could not be put in force. */
  notes(): readonly string[];
  close(): Promise<void>;
}

export interface InForceOptions {
  readonly stack: SettingsStack;
  readonly deviceKey: KeyObject;
  readonly record: (entry: AuditEntry) => void;
  readonly log: (event: 'scan' | 'policy', message: string) => void;
}

/** Rejects with `policy-invalid` where what settings choose cannot be put in force. */
export async function openInForce({ stack, deviceKey, record, log }: InForceOptions): Promise<InForce> {
  const listeners = new Set<() => void>();
  const scanners = createSuccession(openScanner());
  const scan: Scanner['scan'] = (texts) => scanners.use((scanner) => scanner.scan(texts));
  let given: (GivenPolicies & { readonly revision: number; readonly ring: string }) | undefined;
  let problem: string | undefined;
  /** One change after the other. */
  let changing: Promise<unknown> = Promise.resolve();
  const first = await openPolicy().catch(async (thrown: unknown) => {
    await scanners.close();
    throw thrown;
  });
  const policies = createSuccession(first);
  const unlisten = stack.onChange(({ changed }) => {
    if (changed.includes('detection.patterns')) scanners.replace(openScanner());
    if (changed.some((key) => key.startsWith('policy.'))) void inTurn(followSettings);
    tell();
  });

  return {
    decide: (...asked) => policies.use((policy) => policy.decide(...asked)),
    scan,
    use: (work) => policies.use(work),
    speaksOf: (kind) => policies.current.speaksOf(kind),
    summary: () => policies.current.summary,
    entry,
    activate: (bundle) => inTurn(() => activate(bundle)),
    onChange: (listener) => void listeners.add(listener),
    notes: () => (problem === undefined ? [] : [problem]),
    async close() {
      unlisten();
      await changing.catch(() => {});
      await policies.close();
      await scanners.close();
    },
  };

  async function activate({ revision, ring, policies: texts, tests, settings }: FleetBundle): Promise<void> {
    const bundle = { json: settings, revision };
    stack.checkBundle(bundle);
    const next = Object.keys(texts).length === 0 ? undefined : { name: nameOf(revision), policies: texts, tests, revision, ring };
    const policy = next && (await openDevicePolicy({ chosen: {}, given: next, ...parts() }));
    const before = given;
    given = next;
    stack.setBundle(bundle);
    if (policy && !chosenByManagement()) put(policy);
    else {
      // Proved, and not wanted: the machine's management chooses another.
      await policy?.close();
      if (before) await followSettings();
    }
    record({
      kind: 'policy',
      verdict: 'activated',
      summary: `Revision ${revision} of the fleet’s policy in force`,
      data: { revision, ring, settings: Object.keys(settings).length, policies: Object.keys(texts).length },
    });
    tell();
  }

  /** Never rejects: what cannot be put in force leaves what was. */
  async function followSettings(): Promise<void> {
    try {
      put(await openPolicy());
      problem = undefined;
    } catch (thrown) {
      problem = `The policy that settings choose cannot be put in force, so the one before stays. ${messageOf(thrown)}`;
      log('policy', problem);
    }
    tell();
  }

  function put(policy: Policy): void {
    policies.replace(policy);
    record(entry());
  }

  function openPolicy(): Promise<Policy> {
    const fleets = given && !chosenByManagement() ? given : undefined;
    return openDevicePolicy({ chosen: stack.current().policy, ...(fleets && { given: fleets }), ...parts() });
  }

  function parts() {
    return { deviceKey, scan, log: (message: string) => log('policy', message) };
  }

  /** What the machine's management says goes before what the fleet does. */
  function chosenByManagement(): boolean {
    return stack.explain('policy.use').lockedBy === 'managed' || stack.explain('policy.dir').lockedBy === 'managed';
  }

  function openScanner(): Scanner {
    const { patterns } = stack.current().detection;
    return createScanner({ workers: 2, patterns, log: (message) => log('scan', message) });
  }

  function entry(): AuditEntry {
    const { name, hash, count, source } = policies.current.summary;
    const revision = source === 'fleet' ? { revision: given?.revision ?? null, ring: given?.ring ?? null } : {};
    return {
      kind: 'policy',
      verdict: 'in-force',
      summary: `${count} policies of ${name} in force`,
      data: { name, source, hash, count, ...revision },
    };
  }

  function inTurn<R>(change: () => Promise<R>): Promise<R> {
    const done = changing.then(change, change);
    changing = done.catch(() => {});
    return done;
  }

  function tell(): void {
    for (const listener of listeners) listener();
  }
}

function nameOf(revision: number): string {
  return `Policy of your company, revision ${revision}`;
}
