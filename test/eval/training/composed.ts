/** Texts composed of the parts: the same ones for the same number. */

import { createChance } from '../../corpora/chance.ts';
import { ARTICLES, CHORES, CONTEXTS, DOES, FRAMES, PEOPLE, THINGS, TOLD } from './honest.ts';
import { DEEDS, MODELS, WRAPS } from './orders.ts';

export interface Composed {
  readonly text: string;
  readonly isOrder: boolean;
}

/** `count` orders and `count` honest texts. */
export function composed(count: number): Composed[] {
  const chance = createChance('composed');
  const deed = () => chance.pick(DEEDS);
  const context = () => chance.pick(CONTEXTS);
  const chore = () => chance.pick(CHORES);
  const out: Composed[] = [];
  for (let i = 0; i < count; i++) {
    const wrap = WRAPS[i % WRAPS.length]!;
    const more = chance.between(0, 5) === 0 ? ` ${capital(chore())}.` : '';
    out.push({ text: filled(wrap, { who: chance.pick(MODELS), do: deed(), context: context() }) + more, isOrder: true });
    const kind = chance.between(0, 9);
    if (kind < 5) {
      const parts = { who: chance.pick(PEOPLE), do: chore(), do2: chore(), context: context() };
      out.push({ text: filled(chance.pick(FRAMES), parts), isOrder: false });
    } else if (kind < 7) {
      out.push({ text: filled(chance.pick(ARTICLES), { do: deed() }), isOrder: false });
    } else {
      out.push({
        text: filled(chance.pick(TOLD), {
          who: chance.pick(PEOPLE),
          what: chance.pick(THINGS),
          does: chance.pick(DOES),
          context: context(),
        }),
        isOrder: false,
      });
    }
  }
  return out;
}

function filled(frame: string, parts: Readonly<Record<string, string>>): string {
  const text = frame.replace(/\{(\w+)\}/g, (whole, name: string) => parts[name] ?? whole);
  return /^[a-z][a-z]* /.test(text) ? capital(text) : text;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
