/** Does something again as often as there is reason to, but never twice at once, and not sooner than `ms` after it last ended. */

/** Who answers slowly has other things to do: times that it took, until it is asked again. */
const REST = 3;

export interface Throttle {
  /** There is reason to. Never lost: what comes while it runs makes it run once more. */
  poke(): void;
  stop(): void;
}

/** `run` must not reject. */
export function createThrottle({ ms, run }: { readonly ms: number; run(): Promise<unknown> }): Throttle {
  let state: 'idle' | 'busy' | 'stopped' = 'idle';
  let wanted = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  return {
    poke() {
      wanted = true;
      if (state === 'idle') void go();
    },
    stop() {
      state = 'stopped';
      clearTimeout(timer);
    },
  };

  async function go(): Promise<void> {
    state = 'busy';
    wanted = false;
    const start = performance.now();
    await run();
    if (isStopped()) return;
    timer = setTimeout(
      () => {
        state = 'idle';
        if (wanted) void go();
      },
      Math.max(ms, (performance.now() - start) * REST),
    );
  }

  function isStopped(): boolean {
    return state === 'stopped';
  }
}
