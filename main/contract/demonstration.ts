/** How the harmless demonstration goes, between the app and its page. */

export type DemonstrationState =
  | { readonly state: 'idle' }
  /** A pretended model and an engine of its own are being started. */
  | { readonly state: 'starting' }
  /** The agent works. `asking`: it waits for the person's answer. */
  | { readonly state: 'running'; readonly asking: boolean; readonly folder: string; readonly said: readonly string[] }
  | {
      readonly state: 'ended';
      /** `unanswered`: the time was up. `failed`: it did not come to a question, and `why` says what happened. */
      readonly outcome: 'refused' | 'allowed' | 'unanswered' | 'failed';
      readonly why: string | null;
      readonly folder: string;
      readonly said: readonly string[];
    };
