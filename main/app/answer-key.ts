/** The key that gives the popup the keyboard, in whatever program the person is. It is taken only while a question is open. */

/** As Electron writes keys. */
export const ANSWER_KEY = 'CommandOrControl+Alt+Enter';

/** As a person reads it. */
export function answerKeyName(platform: string): string {
  return platform === 'darwin' ? '⌘⌥↵' : 'Ctrl+Alt+Enter';
}

/** What Electron's `globalShortcut` has of it. */
export interface Shortcuts {
  /** False where another program has the key. */
  register(key: string, pressed: () => void): boolean;
  unregister(key: string): void;
}

export interface AnswerKey {
  /** So many questions are open. */
  update(open: number): void;
}

export function createAnswerKey(shortcuts: Shortcuts, onPressed: () => void): AnswerKey {
  let isTaken = false;
  return {
    update(open) {
      if (open > 0 === isTaken) return;
      if (open > 0) isTaken = shortcuts.register(ANSWER_KEY, onPressed);
      else {
        shortcuts.unregister(ANSWER_KEY);
        isTaken = false;
      }
    },
  };
}
