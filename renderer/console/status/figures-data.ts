/** The engine's figures, in sentences and as charts want them. */

import type { Figures } from '../../../main/contract/activity.ts';
import type { Bar } from '../../design/charts/bars.tsx';
import type { Fill, Series, Strip, TimeStep } from '../../design/charts/time-data.ts';
import { clock, day, duration, money, number, shortNumber, weekday } from '../../design/time.ts';
import { STRINGS } from '../../strings.ts';
import type { Range } from './figures-range.ts';

const s = STRINGS.status;
/** From the bottom up: what matters most is at the top. */
const VERDICTS = ['allowed', 'released', 'uninspected', 'refused'] as const;
/** Models with a bar of their own. */
const MOST_MODELS = 6;

export function stepsOf({ steps }: Figures, range: Range): readonly TimeStep[] {
  return steps.map(({ at: key, waitMs, ...counts }, i) => {
    const at = range === 'hours' ? key : noonOf(key);
    return {
      key,
      name: range === 'hours' ? s.hour(weekday(at), clock(at)) : weekday(at),
      tick: tickOf(at, range, steps.length - 1 - i),
      values: { ...counts, waitMs },
    };
  });
}

/** Where clocks were changed meanwhile, a day's step begins an hour beside midnight: its noon is in the right day. */
function noonOf(at: string): string {
  return new Date(Date.parse(at) + 12 * 3_600_000).toISOString();
}

/** `before`: how many steps come after it. */
function tickOf(at: string, range: Range, before: number): string | undefined {
  if (range === 'hours') return new Date(at).getHours() % 6 === 0 ? clock(at) : undefined;
  if (range === 'week') return weekday(at);
  return before % 7 === 0 ? day(at) : undefined;
}

/** "12 refused of 480 tool calls in the last 7 days."; undefined where there was none. */
export function verdictsSentence({ steps }: Figures, range: Range): string | undefined {
  const { refused, uninspected, calls } = sumsOf(steps);
  const when = s.inRange[range];
  if (calls === 0) return undefined;
  const unread = uninspected > 0 ? [s.someUninspected(uninspected, number(uninspected))] : [];
  if (refused === 0 && uninspected === 0) return s.allAllowed(calls, number(calls), when);
  return [s.someRefused(refused === 0 ? s.noneOf : number(refused), calls, number(calls), when), ...unread].join(' ');
}

export function verdictsStrips({ steps }: Figures): readonly Strip[] {
  const sums = sumsOf(steps);
  const series = VERDICTS.map((key): Series => ({ ...counted(key, s.verdict[key], key), total: number(sums[key]) }));
  return [{ shape: 'stack', height: 120, series, mark: shortNumber }];
}

export function questionsSentence({ waits }: Figures, range: Range): string {
  const { asked, median, longest, missed } = waits;
  if (asked === 0) return s.noQuestion(s.inRange[range]);
  const ended = median === null ? '.' : asked === 1 ? s.onlyAnswered(duration(median)) : s.halfAnswered(duration(median));
  return [
    s.asked(asked, number(asked), s.inRange[range]) + ended,
    ...(longest !== null && asked > 2 ? [s.longest(duration(longest))] : []),
    ...(missed > 0 ? [s.missed(missed, number(missed))] : []),
  ].join(' ');
}

export function questionsStrips({ waits }: Figures): readonly Strip[] {
  const asked: Series = { ...counted('asked', s.question, 'held'), total: number(waits.asked) };
  const wait: Series = {
    key: 'waitMs',
    label: s.wait,
    fill: 'wait',
    total: waits.median === null ? '–' : duration(waits.median),
    show: (ms) => duration(ms),
  };
  return [
    { shape: 'stack', height: 56, series: [asked], mark: shortNumber },
    { shape: 'dots', height: 48, series: [wait], mark: (ms) => duration(ms, 'narrow') },
  ];
}

export function costSentence({ models }: Figures, range: Range): string {
  if (models.length === 0) return s.noCost(s.inRange[range]);
  const priced = models.flatMap(({ usd }) => usd ?? []);
  return priced.length === 0 ? s.unpriced : s.costs(money(sum(priced)), s.inRange[range]);
}

export function costBars({ models }: Figures): readonly Bar[] {
  const own = models.length > MOST_MODELS + 1 ? models.slice(0, MOST_MODELS) : models;
  const rest = models.slice(own.length);
  const bars = own.map((model) => barOf(model.model, [model]));
  return rest.length === 0 ? bars : [...bars, barOf(s.otherModels(rest.length), rest)];
}

function barOf(name: string, models: Figures['models']): Bar {
  const priced = models.flatMap(({ usd }) => usd ?? []);
  const exchanges = sum(models.map((model) => model.exchanges));
  return {
    name,
    value: sum(priced),
    shown: priced.length === 0 ? s.noPrice : money(sum(priced)),
    more: s.usage(
      exchanges,
      number(exchanges),
      shortNumber(sum(models.map(({ inputTokens }) => inputTokens))),
      shortNumber(sum(models.map(({ outputTokens }) => outputTokens))),
    ),
  };
}

function counted(key: string, label: string, fill: Fill): Omit<Series, 'total'> {
  return { key, label, fill, show: number };
}

function sumsOf(steps: Figures['steps']) {
  const [allowed = 0, released = 0, uninspected = 0, refused = 0] = VERDICTS.map((key) => sum(steps.map((step) => step[key])));
  return { allowed, released, uninspected, refused, calls: allowed + released + uninspected + refused };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
