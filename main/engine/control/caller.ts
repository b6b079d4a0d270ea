/** Who asks over the control socket, and whose things they may see and do. */

export interface Caller {
  /** What the client calls itself: "app", "terminal". */
  readonly client: string;
  /** `admin` may do everything; `user` sees and answers what is their own, and changes nothing for others. */
  readonly level: 'admin' | 'user';
  /** Login name of the person whose things these are; undefined where it is one person's engine, and where it is an admin: everybody's. */
  readonly user: string | undefined;
  /** Login name of who is connected, where the system told it: also an admin's. */
  readonly name?: string;
}

/** Who did it, for the record: "app of dev"; of one person's engine just "app". */
export function nameOfCaller({ client, name }: Caller): string {
  return name === undefined ? client : `${client} of ${name}`;
}
