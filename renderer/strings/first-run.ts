/** What the first steps say. */

export const FIRST_RUN = {
  label: 'First steps',
  step: (number: number, of: number) => `Step ${number} of ${of}`,
  back: 'Back',
  skip: 'Skip the rest',
  next: 'Next',
  finish: 'Finish',
  what: {
    title: 'Your agents ask before they do damage',
    text: 'Holdpoint stands between the AI agents on this computer and their models. It reads what a model tells an agent to do. Harmless things pass at once. What could do damage waits until you have said yes.',
    watched: 'What is watched',
    seen: 'Who sees it',
  },
  attach: {
    title: 'Put your agents behind it',
    text: 'These were found here. Each is attached by its own settings or by a line in your shell, and you can take that back here or on the Agents page.',
    none: 'No agent that Holdpoint knows was found on this computer. Once you have one, attach it on the Agents page.',
    looking: 'Looking for agents…',
    by: { settings: 'by its own settings', shell: 'by a function in your shell' },
    is: 'attached',
    changes: 'What changes',
    same: 'Nothing to change.',
    apply: (count: number) => (count === 1 ? 'Attach 1 agent' : `Attach ${count} agents`),
    undo: 'Undo',
    undone: 'Taken back: its settings are as they were.',
    done: (names: readonly string[]) =>
      `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} attached. Start ${names.length === 1 ? 'it' : 'them'} anew.`,
  },
  tryIt: {
    title: 'Try it',
    text: 'A pretended agent is told to tidy up a practice folder, and its pretended model wants to delete everything in it. Holdpoint asks you. Whatever you answer, nothing of yours is touched.',
    start: 'Let it try',
    again: 'Once more',
    starting: 'Getting the practice folder and the pretended model ready…',
    working: 'The agent is at work.',
    asking: 'The agent waits. Your question is in the window at the upper right of the screen.',
    show: 'Show the question',
    said: 'What the agent says',
    outcome: {
      refused: 'You refused it. The agent never saw the command.',
      allowed: 'You allowed it, and the practice folder is empty now.',
      unanswered: 'Nobody answered in time, so it was refused. So it is when you are away.',
      failed: 'It did not come to a question.',
    },
    more: {
      refused: 'It was told that you said no, and the folder is as it was.',
      allowed: 'With the same answer, a real agent would have done the same to real files.',
      unanswered: 'The agent never saw the command, and the folder is as it was.',
    },
    gone: 'The practice folder and its log are removed.',
  },
} as const;
