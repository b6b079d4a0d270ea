/** One session, step by step: what is in sight is drawn, and the reader is left where they are whatever comes before or after. */

import { useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { STRINGS } from '../../../strings.ts';
import { Head } from './head.tsx';
import { type Opened, OpenedContext } from './opened.ts';
import type { Step } from './step.ts';
import { isSameSecond, StepItem } from './step-item.tsx';
import type { ToldStory } from './use-story.ts';

const s = STRINGS.activity;
/** Steps from either end at which more is fetched. */
const NEAR_EDGE = 8;
/** In pixels: who is this near to the end reads the end. */
const NEAR_END = 48;
/** Steps are measured when they are drawn, and that moves what is below: so long it may take. */
const ARRIVAL_MS = 250;
const HEIGHTS: { readonly [K in Step['kind']]: number } = { told: 58, asked: 76, said: 58, got: 96, call: 62, reads: 62, note: 62 };
const COMMAND_HEIGHT = 108;

interface TimelineProps {
  readonly story: ToldStory;
  /** What can be done with the session: at the right of its header. */
  readonly actions: ReactNode;
}

export function Timeline({ story, actions }: TimelineProps): ReactNode {
  const { steps, summary, hasOlder, hasNewer, visit, place, problem, loadOlder, loadNewer, toNewest } = story;
  const scroll = useRef<HTMLDivElement>(null);
  const opened = useOpenedSteps();
  const target = useTarget(steps, place?.at ?? null);

  const list = useVirtualizer({
    count: steps.length,
    getScrollElement: () => scroll.current,
    estimateSize: (index) => (steps[index]!.isCommand ? COMMAND_HEIGHT : HEIGHTS[steps[index]!.kind]),
    getItemKey: useCallback((index: number) => steps[index]!.key, [steps]),
    paddingStart: 18,
    paddingEnd: 20,
    overscan: 6,
    anchorTo: 'end',
    followOnAppend: !hasNewer,
    scrollEndThreshold: NEAR_END,
  });
  const rows = list.getVirtualItems();
  const { startIndex = 0, endIndex = 0 } = list.range ?? {};

  const isSettled = useArrival(list, target, steps.length > 0, visit);

  useEffect(() => {
    if (!isSettled || steps.length === 0) return;
    if (hasOlder && startIndex < NEAR_EDGE) loadOlder();
    if (hasNewer && endIndex >= steps.length - NEAR_EDGE) loadNewer();
  }, [isSettled, startIndex, endIndex, hasOlder, hasNewer, steps]);

  if (!summary) return <main className="empty">{problem && <p role="status">{problem}</p>}</main>;
  return (
    <main className="story">
      <Head summary={summary} steps={steps} isWhole={!hasOlder && !hasNewer} actions={actions} />
      {problem && (
        <p className="story-problem" role="status">
          {problem} {s.retried}
        </p>
      )}
      <OpenedContext value={opened}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be scrolled by keys too. */}
        <section ref={scroll} className="scroll" aria-label={s.steps} tabIndex={0}>
          <ol style={{ height: list.getTotalSize() }}>
            {rows.map(({ key, index, start }) => (
              <li
                key={key}
                ref={list.measureElement}
                data-index={index}
                className={index === target ? 'here' : undefined}
                style={{ transform: `translateY(${start}px)` }}
              >
                <StepItem step={steps[index]!} isSameTime={isSameSecond(steps[index - 1], steps[index]!)} />
              </li>
            ))}
          </ol>
        </section>
      </OpenedContext>
      {hasNewer && (
        <button type="button" className="button small to-newest" onClick={toNewest}>
          {s.toNewest}
        </button>
      )}
    </main>
  );
}

/**
 * Brings the reader to the newest, which is what somebody opens a session for, or to the record that they came for; once for each time
 * that another part of the story was fetched. True when they are there: what comes above them before would lead them astray.
 */
function useArrival(
  list: Pick<Virtualizer<HTMLDivElement, Element>, 'scrollToIndex' | 'scrollToEnd'>,
  target: number,
  isThere: boolean,
  visit: number,
): boolean {
  const [arrived, setArrived] = useState(0);
  useLayoutEffect(() => {
    if (!isThere) return;
    if (target >= 0) list.scrollToIndex(target, { align: 'center' });
    else list.scrollToEnd();
    const timer = setTimeout(() => setArrived(visit), ARRIVAL_MS);
    return () => clearTimeout(timer);
  }, [visit, isThere]);
  return arrived === visit;
}

/** Index of the step that the record is told in; -1 where none was asked for, or it is not there. */
function useTarget(steps: readonly Step[], at: number | null): number {
  return useMemo(() => (at === null ? -1 : steps.findIndex(({ records }) => records.some(({ record }) => record.seq === at))), [steps, at]);
}

function useOpenedSteps(): Opened {
  const [keys, setKeys] = useState<ReadonlySet<string>>(new Set());
  return useMemo(
    () => ({
      has: (key) => keys.has(key),
      toggle: (key) =>
        setKeys((known) => {
          const next = new Set(known);
          if (!next.delete(key)) next.add(key);
          return next;
        }),
    }),
    [keys],
  );
}
