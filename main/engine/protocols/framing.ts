/** What a streamed protocol needs of the way its events are framed: server-sent events, WebSocket messages, binary messages. */

export interface EventFrame {
  /** Every byte of the frame, as it came. */
  readonly raw: Uint8Array;
  /** JSON text. */
  readonly data: string;
  /** The event's name, in framings that have names. */
  readonly event?: string;
}

/** An event of our own. */
export interface OwnEvent {
  readonly data: unknown;
  /** Left out by framings without names. */
  readonly name?: string;
}

export interface Framing {
  /** Events of our own, one after the other. */
  events(events: readonly OwnEvent[]): Uint8Array;
  /** The frame with other data. Whatever else it carries stays. */
  withData(frame: EventFrame, data: string): Uint8Array;
}
