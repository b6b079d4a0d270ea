/** What happened, for those who would rather look than read: verdicts, questions and waits, costs. */

import { type ReactNode, useMemo, useState } from 'react';
import type { Figures as FiguresOf } from '../../../main/contract/activity.ts';
import { Bars } from '../../design/charts/bars.tsx';
import { TimeChart } from '../../design/charts/time-chart.tsx';
import { Segments } from '../../design/choice.tsx';
import { Empty, Problem, Section } from '../../design/sections.tsx';
import { STRINGS } from '../../strings.ts';
import { costBars, costSentence, questionsSentence, questionsStrips, stepsOf, verdictsSentence, verdictsStrips } from './figures-data.ts';
import { RANGES, type Range } from './figures-range.ts';
import { useFigures } from './use-figures.ts';

const s = STRINGS.status;

export function Figures({ connected }: { readonly connected: boolean }): ReactNode {
  const [range, setRange] = useState<Range>('week');
  const figures = useFigures(range, connected);
  if (!connected) return null;
  return (
    <Section
      title={s.happened}
      aside={
        <Segments label={s.range} value={range} options={RANGES.map((value) => ({ value, label: s.ranges[value] }))} onChoose={setRange} />
      }
    >
      <div className="charts" aria-busy={figures !== undefined && figures.range !== range}>
        {figures &&
          (figures.reply.ok ? (
            <Charts figures={figures.reply.result} range={figures.range} />
          ) : (
            <Problem says={figures.reply.says} look="mild" />
          ))}
      </div>
    </Section>
  );
}

function Charts({ figures, range }: { readonly figures: FiguresOf; readonly range: Range }): ReactNode {
  const steps = useMemo(() => stepsOf(figures, range), [figures, range]);
  const verdicts = verdictsSentence(figures, range);
  if (verdicts === undefined && figures.models.length === 0 && figures.waits.asked === 0)
    return (
      <Empty title={s.none(s.inRange[range])}>
        <p>{s.noneMore}</p>
      </Empty>
    );
  return (
    <>
      <Told title={s.toolCalls} sentence={verdicts ?? s.none(s.inRange[range])}>
        {verdicts !== undefined && <TimeChart label={verdicts} range={s.ofRange[range]} steps={steps} strips={verdictsStrips(figures)} />}
      </Told>
      <Told title={s.questions} sentence={questionsSentence(figures, range)}>
        {figures.waits.asked > 0 && (
          <TimeChart label={questionsSentence(figures, range)} range={s.ofRange[range]} steps={steps} strips={questionsStrips(figures)} />
        )}
      </Told>
      <Told title={s.cost} sentence={costSentence(figures, range)}>
        {figures.models.length > 0 && <Bars label={costSentence(figures, range)} bars={costBars(figures)} />}
      </Told>
    </>
  );
}

function Told({
  title,
  sentence,
  children,
}: {
  readonly title: string;
  readonly sentence: string;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <article className="figure-told">
      <h3>{title}</h3>
      <p>{sentence}</p>
      {children}
    </article>
  );
}
