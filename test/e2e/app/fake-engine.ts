/** An engine of the tests' own making: the real control socket, with questions that come when the test wants them. */

import type { Answered, Grant, Missed, Question } from '../../../main/contract/approval.ts';
import type { Status } from '../../../main/contract/control.ts';
import { HoldpointError } from '../../../main/contract/errors.ts';
import type { AuditRecord } from '../../../main/contract/record.ts';
import type { Setting } from '../../../main/contract/settings/layers.ts';
import { type Control, startControl } from '../../../main/engine/control/server.ts';
import { EMPTY_ACTIVITY } from '../../support/empty-activity.ts';
import { aStatus } from './content.ts';
import { toldActivity } from './told-activity.ts';

export interface FakeEngine extends AsyncDisposable {
  readonly answers: readonly Answered[];
  readonly allowedNext: readonly string[];
  attended(): boolean;
  /** A person's window is connected. */
  readonly joined: Promise<void>;
  ask(...questions: readonly Question[]): void;
  /** A question ends without the app's doing. */
  end(...ids: readonly string[]): void;
  /** As `end`, but the app does not know of it yet. */
  endUntold(id: string): void;
  miss(missed: Missed): void;
  grant(grant: Grant): void;
  record(record: AuditRecord): void;
  /** What its status says from now on, where that is not what it would be. */
  status(said: Partial<Status>): void;
  /** The engine is gone, as after a crash. */
  die(): Promise<void>;
}

export async function startFakeEngine(
  dataDir: string,
  given: {
    readonly records?: readonly AuditRecord[];
    /** What the records say, by its hash. */
    readonly texts?: ReadonlyMap<string, string>;
    readonly status?: Partial<Status>;
    readonly settings?: readonly Setting[];
    readonly contact?: string;
  } = {},
): Promise<FakeEngine> {
  const answers: Answered[] = [];
  const allowedNext: string[] = [];
  const records = [...(given.records ?? [])];
  let questions: readonly Question[] = [];
  let missed: readonly Missed[] = [];
  let grants: readonly Grant[] = [];
  let said: Partial<Status> = given.status ?? {};
  const startedAt = new Date(Date.now() - 190 * 60_000).toISOString();

  let join: () => void = () => {};
  const joined = new Promise<void>((resolve) => {
    join = resolve;
  });

  const control: Control = await startControl({
    dataDir,
    version: '0.1.0',
    onAttended: (attended) => attended && join(),
    handlers: {
      status,
      sync: status,
      questions: () => [...questions],
      settingsList: () => ({ settings: [...(given.settings ?? [])], contact: given.contact ?? null, notes: [] }),
      bypass: ({ minutes }) => ({ until: new Date(Date.now() + minutes * 60_000).toISOString() }),
      endBypass: () => {},
      mcpOpen: () => ({ session: '' }),
      mcpFromClient: () => ({ kind: 'drop' }),
      mcpFromServer: () => ({ kind: 'drop' }),
      answer(answered) {
        const open = questions.find((question) => question.id === answered.id);
        if (!open || open.nonce !== answered.nonce || open.shown !== answered.shown)
          throw new HoldpointError('not-found', 'This question is not open.');
        answers.push(answered);
        end(answered.id);
      },
      missed: () => [...missed],
      allowNext({ id }) {
        allowedNext.push(id);
        missed = missed.map((one) => (one.question.id === id ? { ...one, allowNext: true } : one));
        tell();
      },
      grants: () => [...grants],
      revoke({ id }) {
        grants = grants.filter((grant) => grant.id !== id);
        tell();
      },
      seenAgents: () => [],
      ...EMPTY_ACTIVITY,
      ...toldActivity({ records, texts: given.texts ?? new Map() }),
      records: ({ limit, before = Number.POSITIVE_INFINITY }) =>
        records
          .filter((record) => record.seq < before)
          .toReversed()
          .slice(0, limit),
    },
  });
  let closing: Promise<void> | undefined;
  const die = () => (closing ??= control.close());

  return {
    answers,
    allowedNext,
    attended: () => control.attended(),
    joined,
    ask(...more) {
      questions = [...questions, ...more];
      tell();
    },
    end,
    endUntold(id) {
      questions = questions.filter((question) => question.id !== id);
    },
    miss(one) {
      missed = [...missed, one];
      tell();
    },
    grant(one) {
      grants = [...grants, one];
      tell();
    },
    record(record) {
      records.push(record);
      control.tell('record', record);
    },
    status(next) {
      said = { ...said, ...next };
      tell();
    },
    die,
    [Symbol.asyncDispose]: die,
  };

  function end(...ids: readonly string[]): void {
    questions = questions.filter((question) => !ids.includes(question.id));
    tell();
  }

  function status(): Status {
    return { ...aStatus({ dataDir, startedAt, open: questions.length, missed: missed.length, grants: grants.length }), ...said };
  }

  function tell(): void {
    control.tell('questions', [...questions]);
    control.tell('missed', [...missed]);
    control.tell('status', status());
  }
}
