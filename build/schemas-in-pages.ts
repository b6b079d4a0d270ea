/**
 * What a page gets in place of zod. Pages share types, names and words with the contract, whose files also make schemas; but what reaches a
 * page was checked by the main process, and the library would be most of what has to be read before the first paint.
 */

const schema: unknown = new Proxy(() => {}, {
  get: (_target, name) => (name === 'parse' || name === 'safeParse' ? refuse : schema),
  apply: () => schema,
});

/** Nothing passes a check that isn't there. */
function refuse(): never {
  throw new Error('A page has no schemas: what it shows was checked before it came here.');
}

export { schema as z };
