/** A chart over time. Its legend tells the sums; with the pointer or the focus on a column it tells that column's. */

import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from 'react';
import { bandsOf, type StripScale, scaleOf } from './layout.ts';
import { Patterns } from './patterns.tsx';
import { StripMarks } from './strip-marks.tsx';
import type { Strip, TimeStep } from './time-data.ts';
import { TimeLegend } from './time-legend.tsx';
import { TimeTable } from './time-table.tsx';
import { useWidth } from './use-width.ts';

/** Room at the right for the scales' marks, under the columns for their names, between strips, and above each for its highest mark. */
const SCALE_WIDTH = 44;
const NAMES_HEIGHT = 20;
const BETWEEN = 18;
const ABOVE = 8;

interface TimeChartProps {
  /** What it shows, in a sentence: its name for those who don't see it. */
  readonly label: string;
  /** What the sums are of: "Last 7 days". */
  readonly range: string;
  readonly steps: readonly TimeStep[];
  readonly strips: readonly Strip[];
}

export function TimeChart({ label, range, steps, strips }: TimeChartProps): ReactNode {
  const { ref, width } = useWidth<HTMLDivElement>();
  const [active, setActive] = useState<number>();
  const columns = useRef<(SVGGElement | null)[]>([]);
  const patterns = useId();
  const series = strips.flatMap((strip) => strip.series);
  const plot = Math.max(0, width - SCALE_WIDTH);
  const bands = bandsOf(steps.length, plot);
  const scales = strips.map((strip) => scaleOf(strip, steps));
  const tops = strips.map((_, i) => ABOVE + strips.slice(0, i).reduce((sum, { height }) => sum + height + BETWEEN, 0));
  const bottom = ABOVE + strips.reduce((sum, { height }) => sum + height, 0) + BETWEEN * (strips.length - 1);
  const chosen = active === undefined ? undefined : steps[active];

  return (
    <figure className="chart" ref={ref}>
      <TimeLegend when={chosen?.name ?? range} series={series} step={chosen} />
      {width > 0 && (
        // biome-ignore lint/a11y/useSemanticElements: there is no other element for a group inside an svg
        <svg width={width} height={bottom + NAMES_HEIGHT} role="group" aria-label={label} onMouseLeave={() => setActive(undefined)}>
          <Patterns prefix={patterns} />
          {strips.map((strip, i) => (
            <g key={strip.series[0]?.key} transform={`translate(0 ${tops[i]})`}>
              <Scale strip={strip} scale={scales[i]!} plot={plot} width={width} />
            </g>
          ))}
          {steps.map((step, i) => {
            const { x, width: wide, step: pitch } = bands[i]!;
            const left = Math.max(0, x - (pitch - wide) / 2);
            return (
              // biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: it takes the focus to be read, and does nothing
              <g
                key={step.key}
                ref={(element) => {
                  columns.current[i] = element;
                }}
                className="column"
                role="img"
                aria-label={told(step, strips)}
                tabIndex={i === (active ?? steps.length - 1) ? 0 : -1}
                onFocus={() => setActive(i)}
                onBlur={() => setActive(undefined)}
                onMouseEnter={() => setActive(i)}
                onKeyDown={(event) => move(event, i)}
              >
                <rect className="column-ground" x={left} y={0} width={Math.min(pitch, plot - left)} height={bottom + 2} rx={4} />
                {strips.map((strip, s) => (
                  <g key={strip.series[0]?.key} transform={`translate(0 ${tops[s]})`}>
                    <StripMarks strip={strip} step={step} scale={scales[s]!} band={bands[i]!} patterns={patterns} />
                  </g>
                ))}
                {step.tick !== undefined && (
                  <text className="column-name" x={x + wide / 2} y={bottom + 16} textAnchor={anchorOf(x + wide / 2, plot)}>
                    {step.tick}
                  </text>
                )}
              </g>
            );
          })}
        </svg>
      )}
      <TimeTable caption={label} series={series} steps={steps} />
    </figure>
  );

  function move(event: KeyboardEvent, from: number): void {
    const to = { ArrowLeft: from - 1, ArrowRight: from + 1, Home: 0, End: steps.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    columns.current[Math.min(Math.max(to, 0), steps.length - 1)]?.focus();
  }
}

function Scale(props: { readonly strip: Strip; readonly scale: StripScale; readonly plot: number; readonly width: number }): ReactNode {
  const { strip, scale, plot, width } = props;
  const { marks, height } = scale;
  return (
    <>
      {marks.map((mark) => (
        <g key={mark}>
          <line className="grid" x1={0} x2={plot} y1={strip.height - height(mark) + 0.5} y2={strip.height - height(mark) + 0.5} />
          <text className="scale" x={width} y={strip.height - height(mark) + 4} textAnchor="end">
            {strip.mark(mark)}
          </text>
        </g>
      ))}
      <line className="ground" x1={0} x2={plot} y1={strip.height + 0.5} y2={strip.height + 0.5} />
    </>
  );
}

/** "Thu, 12 Nov: 40 allowed, 2 refused." Of a column with nothing in it, only when it was and that there was nothing. */
function told({ name, values }: TimeStep, strips: readonly Strip[]): string {
  const parts = strips
    .flatMap(({ series }) => series)
    .flatMap(({ key, label, show }) => {
      const value = values[key];
      return value ? [`${label} ${show(value)}`] : [];
    });
  return `${name}: ${parts.length > 0 ? parts.join(', ') : '–'}`;
}

/** Names of the outermost columns stay inside. */
function anchorOf(x: number, plot: number): 'start' | 'middle' | 'end' {
  if (x < 24) return 'start';
  return x > plot - 12 ? 'end' : 'middle';
}
