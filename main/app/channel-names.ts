/** Names of the IPC channels: all that the preload needs to know. */

/** What a page may ask of the main process. */
export const CALL_NAMES = [
  'popup:ready',
  'popup:displayed',
  'popup:answer',
  'popup:setAside',
  'console:ready',
  'console:ask',
  'console:chooseFolder',
  'console:allowNext',
  'console:revoke',
  'console:showQuestions',
  'console:retry',
  'console:agents',
  'console:attachPlan',
  'console:attachApply',
  'console:demo',
  'console:doctor',
  'console:shownAround',
  'console:exportIncident',
] as const;
export type CallName = (typeof CALL_NAMES)[number];

/** What the main process tells a page. */
export const EVENT_NAMES = [
  'popup:view',
  'console:view',
  'console:record',
  'console:place',
  'console:demo',
  'console:doctor',
  'console:exporting',
] as const;
export type EventName = (typeof EVENT_NAMES)[number];
