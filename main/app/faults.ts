/**
 * What nobody has caught. Electron's own answer is a window with a stack trace that stands in front of everything and keeps the app from
 * quitting. Nothing is released by going on: the engine judges without this app, and what it asks and hears no answer to is refused.
 *
 * One that is known: the Node in Electron 25 throws ERR_OUT_OF_RANGE when bytes arrive on a pipe that was destroyed a moment ago.
 */
export function logFaults(): void {
  process.on('uncaughtException', (error) => console.error('A fault in the app:', error));
  process.on('unhandledRejection', (reason) => console.error('A fault in the app:', reason));
}
