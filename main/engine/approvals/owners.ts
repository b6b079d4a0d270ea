/** Whose a question is, where several people's programs ask. */

import { userOf } from '../../contract/action.ts';
import type { Inquiry } from '../guard/world.ts';
import { cwdOf } from './grants.ts';

/** Whose question it is; undefined is nobody's. */
export function ownerOf({ action }: Inquiry): string | undefined {
  return userOf(action.origin.agent);
}

export function isOfSame(one: Inquiry, other: Inquiry): boolean {
  return ownerOf(one) === ownerOf(other);
}

/** Whether `user` may see it; undefined may see all. */
export function isOf(user: string | undefined, inquiry: Inquiry): boolean {
  return user === undefined || ownerOf(inquiry) === user;
}

/** How many of them are this inquiry's owner's. */
export function countOf(all: Iterable<{ readonly inquiry: Inquiry }>, inquiry: Inquiry): number {
  let count = 0;
  for (const one of all) if (isOfSame(one.inquiry, inquiry)) count += 1;
  return count;
}

/** The same action of the same session, standing in the same folder. */
export function isSame(a: Inquiry, b: Inquiry): boolean {
  return (
    isOfSame(a, b) && a.action.origin.session === b.action.origin.session && a.content === b.content && cwdOf(a.action) === cwdOf(b.action)
  );
}
