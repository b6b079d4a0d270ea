/** A harmless question for a person to try: a pretended model, a real engine of its own, and the app's real popup. */

import type { Answered, Question } from '../../contract/approval.ts';
import type { DemonstrationState } from '../../contract/demonstration.ts';
import { messageOf } from '../../contract/errors.ts';
import type { ControlClient } from '../../engine/control/client.ts';
import type { Acceptance } from '../channels.ts';
import type { DemonstrationProcess, Told } from './demonstration-process.ts';

export interface Demonstration {
  readonly state: DemonstrationState;
  /** Open questions of the demonstration's own engine. */
  readonly questions: readonly Question[];
  /** Begins anew, unless one runs. */
  start(): void;
  /** Resolves when nothing of it is left. */
  stop(): Promise<void>;
  /** Of one of `questions`. */
  answer(answered: Answered): Promise<Acceptance>;
}

export interface DemonstrationOptions {
  /** Starts it; `onTold` hears each step. */
  start(onTold: (told: Told) => void): DemonstrationProcess;
  /** To its engine, as one who shows questions. */
  connect(dataDir: string): Promise<ControlClient>;
  onQuestions(): void;
  onState(state: DemonstrationState): void;
}

/** More would be no demonstration. */
const MOST_SAID = 50;

interface Run {
  process?: DemonstrationProcess;
  client?: ControlClient;
  answered: boolean;
  folder: string;
  said: readonly string[];
}

export function createDemonstration({ start, connect, onQuestions, onState }: DemonstrationOptions): Demonstration {
  let state: DemonstrationState = { state: 'idle' };
  let questions: readonly Question[] = [];
  let run: Run | undefined;

  return {
    get state() {
      return state;
    },
    get questions() {
      return questions;
    },
    start() {
      if (run) return;
      const begun: Run = { answered: false, folder: '', said: [] };
      run = begun;
      tell({ state: 'starting' });
      begun.process = start((told) => {
        if (run === begun) heard(begun, told);
      });
      void begun.process.ended.then((why) => end(begun, { outcome: 'failed', why }));
    },
    async stop() {
      const stopped = run;
      run = undefined;
      ask([]);
      tell({ state: 'idle' });
      stopped?.client?.close();
      await stopped?.process?.stop();
    },
    async answer(answered) {
      const current = run;
      if (!current?.client) return { accepted: false, why: 'unreachable' };
      try {
        await current.client.call('answer', answered);
        current.answered = true;
        return { accepted: true };
      } catch {
        return { accepted: false, why: 'gone' };
      }
    },
  };

  function heard(current: Run, told: Told): void {
    switch (told.event) {
      case 'ready':
        current.folder = told.folder;
        tell(running(current));
        void attend(current, told.dataDir);
        return;
      case 'said':
        current.said = [...current.said, told.text].slice(-MOST_SAID);
        tell(running(current));
        return;
      case 'ended':
        end(current, { outcome: outcomeOf(current, told), why: null });
    }
  }

  async function attend(current: Run, dataDir: string): Promise<void> {
    try {
      const client = await connect(dataDir);
      current.client = client;
      if (run !== current) return client.close();
      client.on('questions', (open) => {
        if (run === current) ask(open);
      });
      ask(await client.call('questions', {}));
    } catch (thrown) {
      end(current, { outcome: 'failed', why: messageOf(thrown) });
    }
  }

  function end(current: Run, how: { outcome: 'refused' | 'allowed' | 'unanswered' | 'failed'; why: string | null }): void {
    if (run !== current) return;
    run = undefined;
    ask([]);
    current.client?.close();
    void current.process?.stop();
    tell({ state: 'ended', ...how, folder: current.folder, said: current.said });
  }

  function running({ folder, said }: Run): DemonstrationState {
    return { state: 'running', asking: questions.length > 0, folder, said };
  }

  function ask(open: readonly Question[]): void {
    questions = open;
    if (run && state.state === 'running') tell(running(run));
    onQuestions();
  }

  function tell(next: DemonstrationState): void {
    state = next;
    onState(next);
  }
}

function outcomeOf({ answered }: Run, { isThesisThere }: { readonly isThesisThere: boolean }): 'refused' | 'allowed' | 'unanswered' {
  if (!isThesisThere) return 'allowed';
  return answered ? 'refused' : 'unanswered';
}
