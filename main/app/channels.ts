/** The one map of IPC between the app's main process and its pages: who may call what, with what, and what comes back. */

import { z } from 'zod';
import { sessionKeySchema } from '../contract/activity.ts';
import { type AgentHere, type AttachPlan, attachAgreedSchema, attachWantedSchema, type Said } from '../contract/agents-here.ts';
import { answeredSchema, type Grant, type Missed, type Question } from '../contract/approval.ts';
import type { ControlParams, ControlResult, Status } from '../contract/control.ts';
import type { DemonstrationState } from '../contract/demonstration.ts';
import type { DoctorView } from '../contract/doctor.ts';
import type { ExportedIncident, ExportProgress } from '../contract/incident.ts';
import type { AuditRecord } from '../contract/record.ts';
import type { CallName, EventName } from './channel-names.ts';

export type WindowKind = 'popup' | 'console';

/** Whether an engine guards this machine, as the app knows it. Times are ISO 8601. */
export type GuardState =
  | { readonly state: 'starting' }
  | { readonly state: 'running'; readonly owned: boolean; readonly restarted: { readonly stoppedAt: string; readonly at: string } | null }
  | { readonly state: 'restarting'; readonly stoppedAt: string; readonly why: string }
  /**
   * An engine is there, and not for this app: it speaks another version's language (`version`, as it said), or does not let this app in.
   * It is not replaced; from time to time it is looked whether that is still so.
   */
  | { readonly state: 'at-odds'; readonly because: 'version' | 'access'; readonly version: string | null; readonly why: string }
  /**
   * It is not tried again until a person says so. `awaited`: it is the system's to start, and is looked for all the time. `meanwhile`: what
   * happens to agents, in a sentence, where something stands in for it; then it is tried again every minute.
   */
  | { readonly state: 'stopped'; readonly stoppedAt: string; readonly why: string; readonly awaited?: true; readonly meanwhile?: string };

/** Questions that are shown together. */
export interface Card {
  readonly key: string;
  readonly questions: readonly Question[];
}

export interface PopupView {
  readonly card: Card | null;
  /** A question that was in sight and ended without an answer from here; only where nothing else is to be shown. */
  readonly ended: { readonly title: string } | null;
  /** "2 of 3": which card of this run of questions it is. */
  readonly position: { readonly index: number; readonly of: number };
  /** Nothing is accepted for this long after a question came into sight. */
  readonly armsAfterMs: number;
  readonly platform: string;
}

export interface ConsoleView {
  readonly guard: GuardState;
  /** Absent while no engine is connected. */
  readonly status: Status | null;
  readonly questions: readonly Question[];
  readonly missed: readonly Missed[];
  readonly grants: readonly Grant[];
  /** There where guard and app are known to be of different versions. */
  readonly versions?: { readonly guard: string; readonly app: string } | undefined;
}

/** What became of an answer. A refused one has changed nothing: the question stays open, unless it is `gone`. */
export type Acceptance =
  | { readonly accepted: true }
  | { readonly accepted: false; readonly why: 'arming' | 'gone' | 'changed' | 'unreachable' };

const none = z.strictObject({});
const id = z.string().min(1).max(200);

/** What the console may ask the engine, with the engine's own parameters and answers. */
export const ASKED_BY_CONSOLE = [
  'sessions',
  'session',
  'search',
  'filterChoices',
  'recordProof',
  'figures',
  'settingsList',
  'seenAgents',
  'policies',
  'whatIf',
  'replayDraft',
  'mcpServers',
  'bypass',
  'endBypass',
] as const;
export type AskedByConsole = (typeof ASKED_BY_CONSOLE)[number];

/**
 * `unreachable`: no engine is connected, or it went away. `other-version`: it does not know the question, or its answer is not understood.
 * `refused`: the engine's own no. `says` is a sentence for a person.
 */
export type Reply<Result> =
  | { readonly ok: true; readonly result: Result }
  | { readonly ok: false; readonly why: 'unreachable' | 'other-version' | 'refused'; readonly says: string };

/** What became of an export. `says` is a sentence for a person. */
export type IncidentExport =
  | { readonly state: 'saved'; readonly incident: ExportedIncident }
  | { readonly state: 'failed'; readonly says: string }
  /** The person chose no place. */
  | { readonly state: 'cancelled' };

/** The window that may call, and what it must send. */
export const CALLS = {
  'popup:ready': { from: 'popup', params: none },
  'popup:displayed': { from: 'popup', params: z.strictObject({ ids: z.array(id).max(200), height: z.number().min(0).max(10_000) }) },
  'popup:answer': { from: 'popup', params: answeredSchema },
  'popup:setAside': { from: 'popup', params: none },
  'console:ready': { from: 'console', params: none },
  'console:ask': { from: 'console', params: z.strictObject({ method: z.enum(ASKED_BY_CONSOLE), params: z.unknown() }) },
  'console:chooseFolder': { from: 'console', params: none },
  'console:allowNext': { from: 'console', params: z.strictObject({ id }) },
  'console:revoke': { from: 'console', params: z.strictObject({ id }) },
  'console:showQuestions': { from: 'console', params: none },
  'console:retry': { from: 'console', params: none },
  'console:agents': { from: 'console', params: none },
  'console:attachPlan': { from: 'console', params: attachWantedSchema },
  'console:attachApply': { from: 'console', params: attachAgreedSchema },
  'console:demo': { from: 'console', params: z.strictObject({ want: z.enum(['look', 'start', 'stop']) }) },
  /** `id`: the check to repair. */
  'console:doctor': { from: 'console', params: z.strictObject({ want: z.enum(['look', 'start', 'stop', 'repair']), id: id.optional() }) },
  'console:shownAround': { from: 'console', params: none },
  'console:exportIncident': { from: 'console', params: z.strictObject({ session: sessionKeySchema }) },
} as const satisfies Record<CallName, { from: WindowKind; params: z.ZodType }>;

export type CallParams<C extends CallName> = z.infer<(typeof CALLS)[C]['params']>;

export interface CallResults {
  'popup:ready': PopupView;
  'popup:displayed': null;
  'popup:answer': Acceptance;
  'popup:setAside': null;
  'console:ready': ConsoleView;
  /** Of the method that was asked. */
  'console:ask': Reply<unknown>;
  /** Its whole path; null where the person has chosen none. */
  'console:chooseFolder': string | null;
  'console:allowNext': null;
  'console:revoke': null;
  'console:showQuestions': null;
  'console:retry': null;
  'console:agents': Said<readonly AgentHere[]>;
  'console:attachPlan': Said<AttachPlan>;
  'console:attachApply': Said<null>;
  'console:demo': DemonstrationState;
  'console:doctor': DoctorView;
  'console:shownAround': null;
  'console:exportIncident': IncidentExport;
}

/** Where in the console somebody wants to be. */
export type ConsolePlace =
  | 'missed'
  | 'uninspected'
  | 'activity'
  | 'firstRun'
  | 'status'
  /** The question for how long, and why, protection shall be paused. */
  | { readonly bypass: { readonly minutes: number } }
  /** A session's story, at one of its records. */
  | { readonly session: string; readonly seq: number };

export interface EventData {
  'popup:view': PopupView;
  'console:view': ConsoleView;
  'console:record': AuditRecord;
  'console:place': ConsolePlace;
  'console:demo': DemonstrationState;
  'console:doctor': DoctorView;
  'console:exporting': ExportProgress;
}

export type AskParams<M extends AskedByConsole> = ControlParams<M>;
export type AskResult<M extends AskedByConsole> = ControlResult<M>;

/** What a page sees as `window.holdpoint`. A listener is taken off by calling what `on` gives. */
export interface Bridge {
  call<C extends CallName>(name: C, params: CallParams<C>): Promise<CallResults[C]>;
  on<E extends EventName>(name: E, listener: (data: EventData[E]) => void): () => void;
}
