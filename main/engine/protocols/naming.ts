/** Whether a stream's events are named all in one way: clients that go by the names skip what has none, and others read it. */

/** Takes an event's type, where it has one, and its frame's name. False where it is not named as those before it were. */
export type Naming = (type: string | undefined, name: string | undefined) => boolean;

/** Either each event by its own type, or all by the same word or by none, as Vertex does with `vertex_event`. */
export function createNaming(): Naming {
  let way: { readonly own: boolean; readonly name: string | undefined } | undefined;

  return (type, name) => {
    const own = type !== undefined && name === type;
    way ??= { own, name };
    return own ? way.own : !way.own && name === way.name;
  };
}
