/** What words mean to an order that is meant for a model, whatever the language: one bit each. */

export const CONCEPTS = [
  /** To leave aside: ignore, forget, override. */
  'override',
  /** What was before: previous, above, all, earlier. */
  'prior',
  /** What one goes by: instructions, rules, guidelines. */
  'rules',
  /** A model by a name that nothing else has. */
  'model',
  /** Who may be a model, or a person: agent, assistant. */
  'agent',
  /** To bring something out: send, print, upload. */
  'send',
  /** To do something that is asked for: run, open, answer. */
  'act',
  /** To do away with something: delete, disable. */
  'harm',
  /** Keys, passwords and where they are kept. */
  'secret',
  /** What is private without being a key: the conversation, the mailbox. */
  'data',
  'user',
  /** To let know: tell, mention. */
  'tell',
  /** Not, never, without. */
  'not',
  'approved',
  /** Confirmation, approval, and to ask for it. */
  'confirm',
  /** The prompt of the system, hidden instructions. */
  'prompt',
  /** Opens an address: note, attention, dear. */
  'notice',
  'memory',
  /** From now on, you are now. */
  'now',
  /** Task, goal, objective. */
  'task',
  'when',
  /** Must, should, need to. */
  'must',
  'you',
  'your',
  /** Guard rails: sandbox, protection, hooks. */
  'guard',
  'urgent',
  /** Speaks of attacks instead of being one. */
  'discuss',
  /** What honest guidelines for agents ask for: tests, lint. */
  'chore',
  /** To read or handle what this stands in. */
  'reads',
  /** I, we: who then does something asks nobody else to. */
  'first',
  /** Decode, base64, backwards. */
  'decode',
  /** Secretly, instead, nobody: how an order hides or replaces another. */
  'covert',
] as const;
export type Concept = (typeof CONCEPTS)[number];

/** Words and phrases of one language by concept, apart by commas; a star ends the beginning of a word. */
export type WordTable = Readonly<Partial<Record<Concept, string>>>;

export const BIT: Readonly<Record<Concept, number>> = Object.fromEntries(CONCEPTS.map((name, i) => [name, 2 ** i])) as Record<
  Concept,
  number
>;

/** Whether `concepts` has one of `of`; both are sums of bits below 2^32. */
export function has(concepts: number, of: number): boolean {
  return (concepts & of) !== 0;
}
