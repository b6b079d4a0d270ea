/** Keeps an engine running: attaches to one that runs, starts one where there is none, restarts it when it stops, and says so. */

import type { Status } from '../contract/control.ts';
import { HoldpointError, messageOf } from '../contract/errors.ts';
import type { ControlClient } from '../engine/control/client.ts';
import type { GuardState } from './channels.ts';

/** An engine that this app has started. */
export interface EngineProcess {
  /** Rejects where it ended before it served. */
  readonly ready: Promise<void>;
  readonly exited: Promise<EngineExit>;
  /** Asks it to end, then makes it. Resolves when it is gone. */
  stop(): Promise<void>;
}

export interface EngineExit {
  readonly code: number | null;
  /** Its own last words, or how it ended. */
  readonly why: string;
}

export interface Supervisor {
  /** Tries again after `stopped`, and at once while `restarting`. */
  retry(): void;
  /** Connects anew to the same engine: what was said on connecting has changed. It is told as no end of anything. */
  rejoin(): void;
  /** Ends an engine of ours; leaves one that we only attached to. */
  stop(): Promise<void>;
}

export interface SupervisorOptions {
  /** Rejects where no engine serves the data folder. */
  connect(): Promise<ControlClient>;
  /** Absent where the engine is the machine's service, which the system starts: then it is waited for. */
  start?(): EngineProcess;
  /** Stands in for an engine of ours that cannot run. Undefined where that cannot be; then it is not tried again unasked. */
  standIn?(): StandIn | undefined;
  /** Told of each change; `client` is there while an engine is connected. */
  onChange(guard: GuardState, client: ControlClient | undefined): void;
  readonly clock?: Clock;
}

export interface StandIn {
  /** What happens to agents meanwhile, in a sentence. */
  readonly says: string;
  /** Resolves when it is gone, so that an engine can have its port. */
  stop(): Promise<void>;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms`, or at once when `signal` is aborted. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

/** How an engine was lost. */
interface End extends EngineExit {
  readonly odds?: Pick<GuardState & { readonly state: 'at-odds' }, 'because' | 'version'>;
}

/** So many ends within a minute, and it is not tried again unasked. */
const CRASH_LOOP = 5;
const CRASH_LOOP_MS = 60_000;
const FIRST_BACKOFF_MS = 250;
/** How often an engine that cannot run is tried again while something stands in for it. */
const STAND_IN_MS = 60_000;
/** How often it is looked whether an engine that is not for us is still there. */
const AT_ODDS_MS = 10_000;
/** How often the machine's service is looked for: it is back within a second. */
const AWAITED_MS = 500;
/** How long a lost engine of ours is given to say why it ended. */
const LAST_WORDS_MS = 1_000;
/** The engine's exit code for a configuration that it refuses: trying again changes nothing. */
const REFUSED_CONFIGURATION = 2;

export function superviseEngine(options: SupervisorOptions): Supervisor {
  const { connect, start, standIn, onChange, clock = systemClock } = options;
  let own: EngineProcess | undefined;
  let client: ControlClient | undefined;
  let wake = new AbortController();
  let ended = false;
  let rejoining = false;
  /** When ends happened, newest last. */
  let ends: number[] = [];
  /** Why no engine could be reached last. */
  let missing: unknown;
  /** How often in a row an engine was found that is not for us. */
  let odds = 0;
  /** The engine that once said something which is not understood: it will say it again. */
  let foreign: number | undefined;
  /** Why the machine's service is not there, as it was told last. */
  let awaited: string | undefined;
  /** The engine that was last connected, and when it was lost. */
  let last: { readonly pid: number; lostAt: number } | undefined;

  const finished = keep();

  return {
    retry() {
      ends = [];
      wake.abort();
    },
    rejoin() {
      rejoining = true;
      client?.close();
    },
    async stop() {
      ended = true;
      wake.abort();
      client?.close();
      await own?.stop();
      await finished;
    },
  };

  async function keep(): Promise<void> {
    onChange({ state: 'starting' }, undefined);
    while (!ended) {
      const end = await serve();
      if (ended) return;
      const now = clock.now();
      if (last && last.lostAt === 0) last.lostAt = now;
      if (rejoining) continue;
      wake = new AbortController();
      if (end.odds) {
        // Once may be an engine that was just being replaced.
        if (++odds === 2) onChange({ state: 'at-odds', ...end.odds, why: end.why }, undefined);
        await clock.wait(odds < 2 ? FIRST_BACKOFF_MS : AT_ODDS_MS, wake.signal);
        continue;
      }
      odds = 0;
      if (!start) {
        if (awaited !== end.why) onChange({ state: 'stopped', stoppedAt: iso(now), why: end.why, awaited: true }, undefined);
        awaited = end.why;
        await clock.wait(AWAITED_MS, wake.signal);
        continue;
      }
      // Also those that a clock which was set back has put into the future.
      ends = [...ends.filter((at) => Math.abs(now - at) < CRASH_LOOP_MS), now];
      const hopeless = end.code === REFUSED_CONFIGURATION || ends.length >= CRASH_LOOP;
      const stands = hopeless ? standIn?.() : undefined;
      const lost = { stoppedAt: iso(now), why: end.why };
      onChange(
        hopeless ? { state: 'stopped', ...lost, ...(stands && { meanwhile: stands.says }) } : { state: 'restarting', ...lost },
        undefined,
      );
      const patience = stands ? STAND_IN_MS : Number.POSITIVE_INFINITY;
      await clock.wait(hopeless ? patience : FIRST_BACKOFF_MS * 2 ** (ends.length - 1), wake.signal);
      if (!stands) continue;
      await stands.stop();
      // One try, and not five: who is kept waiting meanwhile is refused in words.
      if (ends.length > 0) ends = Array.from({ length: CRASH_LOOP - 1 }, () => clock.now());
    }
  }

  /** One life of a connection, from reaching an engine to losing it. Gives how it ended. */
  async function serve(): Promise<End> {
    let served: EngineProcess | undefined;
    try {
      client = await attach();
      served = own;
      if (!client && start) {
        served = await replaceOwn(start);
        await served.ready;
        client = await join();
      }
      if (!client) throw missing;
      // Too late for what it has just said.
      if (rejoining) client.close();
      const { pid, startedAt } = await understood(client);
      if (ended) return { code: null, why: 'The app was closed.' };
      if (pid === foreign) return misunderstood(client);
      // The same engine after a lost connection has not been restarted: nothing went unguarded.
      const restarted = last && last.pid !== pid ? { stoppedAt: iso(last.lostAt), at: startedAt } : null;
      last = { pid, lostAt: 0 };
      odds = 0;
      awaited = undefined;
      onChange({ state: 'running', owned: own !== undefined, restarted }, client);
      await client.closed;
      if (client.misunderstood) {
        foreign = pid;
        // There is nothing to be asked once more.
        odds = 1;
        return misunderstood(client);
      }
      return (await lastWords(served)) ?? { code: null, why: 'The connection to the guard was lost.' };
    } catch (thrown) {
      if (client?.misunderstood) return misunderstood(client);
      const odds = oddsOf(thrown, client?.version);
      return (odds ? undefined : await lastWords(served)) ?? { code: null, why: messageOf(thrown), ...(odds && { odds }) };
    } finally {
      client?.close();
      client = undefined;
    }
  }

  async function attach(): Promise<ControlClient | undefined> {
    try {
      return await join();
    } catch (thrown) {
      missing = thrown;
      // One is there and doesn't want us: a second one could not serve the same folder.
      if (ended || oddsOf(thrown)) throw thrown;
      return undefined;
    }
  }

  async function join(): Promise<ControlClient> {
    rejoining = false;
    return await connect();
  }

  async function replaceOwn(begin: () => EngineProcess): Promise<EngineProcess> {
    // One of ours that can't be reached guards nothing that could be shown.
    await own?.stop();
    if (ended) throw new HoldpointError('control-unreachable', 'The app was closed.');
    const engine = begin();
    own = engine;
    void engine.exited.then(() => {
      if (own === engine) own = undefined;
    });
    return engine;
  }

  async function lastWords(engine: EngineProcess | undefined): Promise<EngineExit | undefined> {
    if (!engine || ended || rejoining) return undefined;
    const heard = new AbortController();
    const exit = await Promise.race([engine.exited, clock.wait(LAST_WORDS_MS, heard.signal)]);
    heard.abort();
    return exit ?? undefined;
  }
}

/** What the windows show must be understood before any of them shows something. */
async function understood(client: ControlClient): Promise<Status['engine']> {
  const [{ engine }] = await Promise.all([client.call('status', {}), client.call('questions', {}), client.call('missed', {})]);
  return engine;
}

function misunderstood({ version }: ControlClient): End {
  return { code: null, why: 'The guard says something that this app does not understand.', odds: { because: 'version', version } };
}

/** Undefined where trying again, or starting an engine, may help. */
function oddsOf(thrown: unknown, version?: string): End['odds'] {
  if (!(thrown instanceof HoldpointError) || (thrown.code !== 'control-refused' && thrown.code !== 'control-denied')) return undefined;
  return { because: version === undefined ? 'access' : 'version', version: version ?? null };
}

const systemClock: Clock = {
  now: Date.now,
  wait: (ms, signal) =>
    new Promise((resolve) => {
      const timer = Number.isFinite(ms) ? setTimeout(resolve, ms) : undefined;
      const cut = () => {
        clearTimeout(timer);
        resolve();
      };
      signal.addEventListener('abort', cut, { once: true });
    }),
};

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
