/** Calls `work` once after a while. Nobody waits for it: it keeps no process alive. Gives back what prevents the call. */
export function setTimer(work: () => void, ms: number): () => void {
  const timer = setTimeout(work, ms).unref();
  return () => clearTimeout(timer);
}
