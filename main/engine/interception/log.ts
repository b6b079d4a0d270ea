/** What interception tells the engine's log, besides what it tells its inspector. Never content, never a header. */

export type InterceptionEvent =
  /** The inspector threw: a fault in Holdpoint. What it was asked about was refused. */
  | { readonly kind: 'inspector-failed'; readonly error: unknown }
  /** A program sent the proxy's port something that is no proxy request. */
  | { readonly kind: 'foreign-bytes'; readonly message: string }
  /** Another address of this machine could not be listened on; the proxy serves without it. */
  | { readonly kind: 'address-unavailable'; readonly address: string; readonly error: unknown }
  /** The way to providers that the settings name first cannot be gone; another is. Never credentials. */
  | { readonly kind: 'route-failed'; readonly message: string };

export type Log = (event: InterceptionEvent) => void;
