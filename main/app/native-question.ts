/** A question as the system's own notification: where the popup can't be seen, this leads to it. */

import type { Question } from '../contract/approval.ts';
import { answerKeyName } from './answer-key.ts';

/** What Electron's class has of it. */
export interface NativeNotification {
  isSupported(): boolean;
  new (options: {
    title: string;
    body: string;
    urgency: 'critical';
  }): { on(event: 'click' | 'close', listener: () => void): unknown; show(): void };
}

/** `onClick` brings the question up. Gives what tells of a question, with how many others wait beside it. */
export function nativeQuestions(
  Notification: NativeNotification,
  onClick: () => void,
  platform: string = process.platform,
): (question: Question, others: number) => void {
  /** One that nothing holds is collected, and its click is lost. */
  const shown = new Set<object>();
  return ({ title }, others) => {
    if (!Notification.isSupported()) return;
    const notification = new Notification({ title, body: `${bodyOf(others)} ${howTo(platform)}`, urgency: 'critical' });
    shown.add(notification);
    const forget = () => void shown.delete(notification);
    notification.on('close', forget);
    notification.on('click', () => {
      forget();
      onClick();
    });
    notification.show();
  };
}

function bodyOf(others: number): string {
  if (others === 0) return 'It is held until you answer.';
  return `It is held until you answer, and so ${others === 1 ? 'is 1 other' : `are ${others} others`}.`;
}

function howTo(platform: string): string {
  return `Click, or press ${answerKeyName(platform)}, to answer in Holdpoint.`;
}
