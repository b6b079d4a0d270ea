/** Gathers what a response tells besides its calls, for the record. */

import { asString } from './json.ts';
import type { ResponseSummary } from './pieces.ts';
import { createUsage, type UsageNames } from './usage.ts';

export interface SummaryBuilder {
  /** Each takes what the provider wrote, whatever it is; what does not fit is left out. */
  model(value: unknown): void;
  stopReason(value: unknown): void;
  /** A usage object, with the provider's names of its counts. Later counts replace earlier ones. */
  usage(value: unknown, names: UsageNames): void;
  text(value: unknown): void;
  read(): ResponseSummary;
}

/** UTF-16 units; so at most this many characters. */
const MAX_TEXT = 64 * 1024;
const MAX_NAME = 200;

export function createSummary(): SummaryBuilder {
  let model: string | undefined;
  let stopReason: string | undefined;
  const usage = createUsage();
  let texts: string[] = [];
  let length = 0;

  return {
    model(value) {
      model ??= asString(value)?.slice(0, MAX_NAME);
    },
    stopReason(value) {
      stopReason = asString(value)?.slice(0, MAX_NAME) ?? stopReason;
    },
    usage: usage.take,
    text(value) {
      if (typeof value !== 'string' || length >= MAX_TEXT) return;
      texts.push(value.slice(0, MAX_TEXT - length));
      length += value.length;
    },
    read() {
      texts = [texts.join('')];
      const used = usage.read();
      return {
        ...(model === undefined ? {} : { model }),
        ...(stopReason === undefined ? {} : { stopReason }),
        ...(used && { usage: used }),
        text: texts[0] ?? '',
      };
    },
  };
}
