/** The one place where order is kept: pieces go out as they came, and a call stops the line until its verdict. */

import type { ToolCall } from '../../contract/action.ts';
import type { Outcome, Refusal } from '../../contract/verdict.ts';
import type { Piece } from '../protocols/pieces.ts';

export interface Gate {
  /**
   * Resolves when the piece has left; for a call, when it has its verdict. A caller who waits lets backpressure reach the provider;
   * one who does not wait should bound what it passes. Rejects, then and ever after, once a write has rejected: nothing is written any more.
   */
  pass(piece: Piece): Promise<void>;
  /**
   * The provider has sent something of which no piece came yet: a call that is still being written. The agent hears nothing of
   * that, so it is told that there is life if its last byte is `keepaliveMs` old. A provider that is silent stays silent.
   */
  kept(): Promise<void>;
  /**
   * The agent has closed its sending side: it may have gone, which only shows when something is written to it.
   * While a call is held it is told of life now, and then every second.
   */
  doubt(): void;
}

const DOUBT_MS = 1_000;

export interface GateOptions {
  /** One that rejects has refused. */
  judge(call: ToolCall): Promise<Outcome>;
  /** Resolves when more can be taken; rejects when the agent is gone. */
  write(bytes: Uint8Array): Promise<void>;
  /** See `ResponseDecoder.keepalive`. Nothing is written where it is empty. */
  keepalive(): Uint8Array;
  /** Well within the shortest patience of any agent we know: 180 s, Claude Code. */
  readonly keepaliveMs?: number;
  /** Runs once after so many milliseconds; gives what cancels it. */
  readonly setTimer?: (run: () => void, ms: number) => () => void;
  /** Milliseconds that never go back. */
  readonly now?: () => number;
}

export function createGate(options: GateOptions): Gate {
  const { judge, write, keepalive, keepaliveMs = 15_000, setTimer = realTimer, now = () => performance.now() } = options;
  const refused = new Map<ToolCall, Refusal>();
  let line: Promise<void> = Promise.resolve();
  /** Pieces that stand in line. */
  let waiting = 0;
  let broken: { readonly error: unknown } | undefined;
  let lastWrite = now();
  let pace = keepaliveMs;
  let beatNow = () => {};

  return {
    pass(piece) {
      if (broken) return Promise.reject(broken.error);
      if (piece.kind !== 'call') {
        const leave = () => send(piece.kind === 'pass' ? piece.bytes : piece.bytes(refused));
        return waiting === 0 ? attempt(leave) : queue(leave);
      }
      // Judged on arrival, not in turn: the calls of one answer are put to the person together.
      const verdict = judged(piece.call);
      return queue(() => settle(piece.call, verdict));
    },
    kept() {
      if (broken) return Promise.reject(broken.error);
      return waiting === 0 && now() - lastWrite >= keepaliveMs ? attempt(beat) : Promise.resolve();
    },
    doubt() {
      pace = Math.min(pace, DOUBT_MS);
      beatNow();
    },
  };

  function queue(leave: () => Promise<void>): Promise<void> {
    waiting += 1;
    line = line
      .then(() => attempt(leave))
      .then(() => {
        waiting -= 1;
      });
    return line;
  }

  async function settle(call: ToolCall, verdict: Promise<Outcome>): Promise<void> {
    const outcome = await keepingAlive(verdict);
    if (outcome.kind === 'refuse') refused.set(call, outcome.why);
  }

  /** A judge that throws has not released anything. */
  async function judged(call: ToolCall): Promise<Outcome> {
    try {
      return await judge(call);
    } catch {
      return { kind: 'refuse', why: { policy: 'holdpoint', reason: 'It could not be judged.' } };
    }
  }

  /** Rejects as soon as a keepalive cannot be written: the agent that the verdict is for has gone. */
  function keepingAlive(verdict: Promise<Outcome>): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      let ended = false;
      let beating = Promise.resolve();
      let cancel = setTimer(next, pace);
      beatNow = () => {
        cancel();
        next();
      };
      void verdict.then((outcome) => {
        ended = true;
        cancel();
        beatNow = () => {};
        // What follows must not overtake a keepalive that is being written.
        beating.then(() => resolve(outcome), reject);
      });

      function next(): void {
        beating = attempt(beat);
        beating.then(() => {
          if (!ended) cancel = setTimer(next, pace);
        }, reject);
      }
    });
  }

  function beat(): Promise<void> {
    return send(keepalive());
  }

  function send(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return Promise.resolve();
    lastWrite = now();
    return write(bytes);
  }

  /** What goes wrong once ends it: the agent must not get what comes after a gap. */
  async function attempt(leave: () => Promise<void>): Promise<void> {
    if (broken) throw broken.error;
    try {
      await leave();
    } catch (error) {
      broken ??= { error };
      throw error;
    }
  }
}

function realTimer(run: () => void, ms: number): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}
