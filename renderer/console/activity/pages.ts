/** A list that is fetched page by page, the newest first, while its head goes on changing. */

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Where the next page begins; null where there is none. */
  readonly next: number | null;
}

export interface Order<Item> {
  keyOf(item: Item): string;
  /** What the list is sorted by, the highest first: a record's `seq`. */
  seqOf(item: Item): number;
}

/** With the first page as it is now. What lies below it is kept, unless so much has come that there may be a hole in between. */
export function withNewest<Item>(known: Page<Item>, newest: Page<Item>, { keyOf, seqOf }: Order<Item>): Page<Item> {
  const lowest = newest.items.at(-1);
  const highest = known.items[0];
  if (newest.next === null || !lowest || !highest || seqOf(highest) < seqOf(lowest)) return newest;
  const keys = new Set(newest.items.map(keyOf));
  // What stood above the page's end and is not on the page any more is gone from the log.
  const below = known.items.filter((item) => !keys.has(keyOf(item)) && seqOf(item) < seqOf(lowest));
  return { items: [...newest.items, ...below], next: below.length > 0 ? known.next : newest.next };
}

/** What has moved to the head meanwhile stays there. */
export function withOlder<Item>(known: Page<Item>, older: Page<Item>, { keyOf }: Order<Item>): Page<Item> {
  const keys = new Set(known.items.map(keyOf));
  return { items: [...known.items, ...older.items.filter((item) => !keys.has(keyOf(item)))], next: older.next };
}
