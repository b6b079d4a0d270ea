/** Who asks over the control socket, and whose things they may see and do. */

export interface Caller {
  /** What the client calls itself: "app", "terminal". */
  readonly client: string;
  /** `admin` may do everything; `user` sees and answers what is their own, and changes nothing for others. */
  readonly level: 'admin' | 'user';
  /** Login name of the person whose things these are; undefined where it is one person's engine, and where it is an admin: everybody's. */
  readonly user: string | undefined;
}
