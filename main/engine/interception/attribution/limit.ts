/** Runs no more than so many things at a time, the rest in the order they came. */

export function createLimit(atATime: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;

  return async (work) => {
    if (running >= atATime) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      // Its place goes straight to the next in line, so that nobody who comes now overtakes.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
