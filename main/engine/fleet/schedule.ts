/** When to look for a new policy: at intervals that differ from device to device, sooner after a failure and when the network changes. */

import { networkInterfaces } from 'node:os';

export type SetTimer = (run: () => void, ms: number) => () => void;

export interface Schedule {
  /** Looks now, and again and again. */
  start(): void;
  stop(): void;
}

const FIRST_RETRY_MS = 5000;
const NETWORK_MS = 15_000;

/** `look` resolves to whether it succeeded, and never rejects. `random` gives 0 to 1. */
export function createSchedule(options: {
  readonly intervalMs: number;
  readonly random: () => number;
  readonly setTimer: SetTimer;
  look(): Promise<boolean>;
  /** Changes when the machine's network does. */
  readonly network?: () => string;
}): Schedule {
  const { intervalMs, random, setTimer, look, network = systemNetwork } = options;
  let stopped = false;
  let failures = 0;
  let cancelNext: (() => void) | undefined;
  let cancelWatch: (() => void) | undefined;
  let lastNetwork = network();

  return {
    start() {
      run();
      watch();
    },
    stop() {
      stopped = true;
      cancelNext?.();
      cancelWatch?.();
    },
  };

  function run(): void {
    cancelNext?.();
    cancelNext = undefined;
    void look().then((succeeded) => {
      failures = succeeded ? 0 : failures + 1;
      if (stopped || cancelNext) return;
      const wait = succeeded ? intervalMs : Math.min(intervalMs, FIRST_RETRY_MS * 2 ** (failures - 1));
      cancelNext = setTimer(run, Math.round(wait * (0.8 + 0.4 * random())));
    });
  }

  function watch(): void {
    cancelWatch = setTimer(() => {
      if (stopped) return;
      const current = network();
      const returned = current !== lastNetwork && current !== '';
      lastNetwork = current;
      if (returned) run();
      watch();
    }, NETWORK_MS);
  }
}

/** Addresses by which this machine is reached; empty where there is no network. */
export function systemNetwork(): string {
  return Object.values(networkInterfaces())
    .flatMap((found) => found ?? [])
    .filter(({ internal, address }) => !internal && !address.startsWith('fe80:'))
    .map(({ address }) => address)
    .sort()
    .join(' ');
}
