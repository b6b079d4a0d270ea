/** One conversation, step by step; each step opens to what the log has of it. */

import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import { folderName } from '../../approval/header.tsx';
import { linesOf } from '../../approval/lines.ts';
import { bridge } from '../../bridge.ts';
import { Chip, Shape, Visible } from '../../design/parts.tsx';
import { clock, moment } from '../../design/time.ts';
import { STRINGS } from '../../strings.ts';
import { ExportButton } from './export-button.tsx';
import type { Step, Story } from './story.ts';

const s = STRINGS.console;
/** Drawn at once; the rest is one click away. */
const PAGE = 200;
/** In pixels. */
const NEAR_END = 40;

export function Timeline({ story }: { readonly story: Story }): ReactNode {
  const [limit, setLimit] = useState(PAGE);
  const scroll = useRef<HTMLDivElement>(null);
  // Measured before this picture replaces the last one: afterwards nobody can tell where the reader was.
  const wasAtEnd = isAtEnd(scroll.current);
  const steps = story.steps.slice(-limit);

  // The newest is what somebody opened it for; who reads further up is left there.
  useLayoutEffect(() => {
    if (wasAtEnd && scroll.current) scroll.current.scrollTop = scroll.current.scrollHeight;
  }, [story.steps]);

  return (
    <main className="story">
      <header className="head">
        <h1>
          <Visible text={headingOf(story)} />
        </h1>
        <p>
          <Visible text={lineOf(story)} />
        </p>
        {story.kind === 'session' && <ExportButton session={story.key} />}
      </header>
      <div ref={scroll} className="scroll">
        {story.steps.length > steps.length && (
          <button type="button" className="button quiet earlier" onClick={() => setLimit(limit + PAGE)}>
            {s.earlier}
          </button>
        )}
        <ol>
          {steps.map((step) => (
            <StepItem key={step.key} step={step} />
          ))}
        </ol>
      </div>
    </main>
  );
}

function isAtEnd(scroll: HTMLElement | null): boolean {
  return scroll === null || scroll.scrollTop + scroll.clientHeight > scroll.scrollHeight - NEAR_END;
}

function StepItem({ step }: { readonly step: Step }): ReactNode {
  const [open, setOpen] = useState(false);
  return (
    <li>
      <time>{clock(step.at, true)}</time>
      <span className="pin">
        <Shape look={step.look} />
      </span>
      <div className="what">
        <p className="step-title">
          <b>
            <Visible text={step.title} />
          </b>
          {step.text && !step.isCommand && (
            <code>
              <Visible text={step.text} />
            </code>
          )}
        </p>
        {step.text && step.isCommand && <Command text={step.text} />}
        <div className="verdict">
          {step.chip && <Chip look={step.look}>{step.chip}</Chip>}
          {step.look === 'waiting' && (
            <button type="button" className="link loud" onClick={() => void bridge().call('console:showQuestions', {})}>
              {s.answer}
            </button>
          )}
          {step.because && (
            <span>
              <Visible text={step.because} />
            </span>
          )}
          <button type="button" className="link" aria-expanded={open} onClick={() => setOpen(!open)}>
            {step.chip ? s.why : s.record}
          </button>
        </div>
        {open && <Evidence step={step} />}
      </div>
    </li>
  );
}

/** One simple command a line, as the popup shows it. */
function Command({ text }: { readonly text: string }): ReactNode {
  return (
    <pre className="command">
      {linesOf(text, [], true).map(({ lead, body }) => (
        <span className="line" key={body.start}>
          <span className="lead">{text.slice(lead.start, lead.end).trimStart()}</span>
          <Visible text={text.slice(body.start, body.end)} />
        </span>
      ))}
    </pre>
  );
}

function Evidence({ step }: { readonly step: Step }): ReactNode {
  return (
    <div className="evidence">
      {step.records.map((record) => (
        <article key={record.seq}>
          <h3>
            {record.kind}
            {record.verdict && ` · ${record.verdict}`}
            <span>
              #{record.seq} · {clock(record.at, true)}
            </span>
          </h3>
          <p>
            <Visible text={record.summary} />
          </p>
          {Object.keys(record.data).length > 0 && (
            <pre>
              <Visible text={JSON.stringify(record.data, null, 2)} />
            </pre>
          )}
          <p className="hash">
            {s.recordHash} <code>{record.hash.slice(0, 16)}</code>
          </p>
        </article>
      ))}
    </div>
  );
}

function headingOf(story: Story): string {
  if (story.kind === 'guard') return s.guardItself;
  if (story.kind === 'tunnels') return s.tunnels;
  return story.workspace ? `${story.agent} in ${folderName(story.workspace)}` : story.agent;
}

function lineOf(story: Story): string {
  return [story.model, story.workspace, s.until(moment(story.from), moment(story.to))].filter((part) => part !== null).join(' · ');
}
