/** Something that is in use, and whose place another of its kind can take without anybody waiting. */

export interface Succession<T> {
  readonly current: T;
  /** Work that is done with the one of this moment, to its end. */
  use<R>(work: (current: T) => Promise<R>): Promise<R>;
  /** From now on `next` is used. The one before is closed when its work is done. Once all is closed, `next` is closed too. */
  replace(next: T): void;
  /** Closes the one in use at once, and waits for those before it. */
  close(): Promise<void>;
}

export function createSuccession<T extends { close(): Promise<void> }>(first: T): Succession<T> {
  let current = first;
  let work = new Set<Promise<unknown>>();
  let closed = false;
  const ending = new Set<Promise<void>>();

  return {
    get current() {
      return current;
    },
    use(begin) {
      const those = work;
      const done = begin(current);
      those.add(done);
      const over = () => void those.delete(done);
      done.then(over, over);
      return done;
    },
    replace(next) {
      if (closed) return end(next.close());
      const [before, unfinished] = [current, work];
      current = next;
      work = new Set();
      end(Promise.allSettled(unfinished).then(() => before.close()));
    },
    async close() {
      closed = true;
      await current.close();
      await Promise.all(ending);
    },
  };

  function end(closing: Promise<void>): void {
    const ended = closing.finally(() => ending.delete(ended));
    ending.add(ended);
  }
}
