/** One step, as it is read; it opens to what the log has of it. */

import { memo, type ReactNode } from 'react';
import { Inked } from '../../../approval/inked.tsx';
import { bridge } from '../../../bridge.ts';
import { Chip, Shape, Visible } from '../../../design/parts.tsx';
import { clock, money, number } from '../../../design/time.ts';
import { STRINGS } from '../../../strings.ts';
import { cut } from '../foreign.tsx';
import { Command } from './command.tsx';
import { Evidence } from './evidence.tsx';
import { labelInWords } from './labels.ts';
import { useOpened } from './opened.ts';
import type { Step } from './step.ts';
import { Words } from './words.tsx';

const s = STRINGS.activity;
const MOST_TITLE = 240;
const MOST_TEXT = 240;
const MOST_BECAUSE = 320;
const MOST_LABELS = 6;
/** Words of one step that are shown: a request may bring back a hundred results. */
const MOST_WORDS = 6;
const MOST_WORDS_OPEN = 300;

interface StepItemProps {
  readonly step: Step;
  /** The step before was at the same second. */
  readonly isSameTime: boolean;
}

export const StepItem = memo(function StepItem({ step, isSameTime }: StepItemProps): ReactNode {
  const [isOpen, toggle] = useOpened(`step ${step.key}`);
  const hasEnd = step.chip !== null || step.because !== null;
  const opener = (
    <button type="button" className={hasEnd || step.look !== 'noted' ? 'link' : 'link late'} aria-expanded={isOpen} onClick={toggle}>
      {opens(step, isOpen)}
    </button>
  );
  return (
    <>
      <time dateTime={step.at}>{isSameTime ? '' : clock(step.at, true)}</time>
      <span className={step.words.length > 0 && step.kind !== 'asked' ? 'pin quiet' : 'pin'}>
        <Shape look={step.look} />
      </span>
      <div className={`what step-${step.kind}`}>
        <StepTitle step={step} opener={!hasEnd && opener} />
        {step.text && step.isCommand && <Command text={step.text} language={step.language} />}
        {step.kind === 'told' ? <Told step={step} /> : <SaidWords step={step} />}
        {hasEnd && (
          <div className="verdict">
            {step.chip && <Chip look={step.look}>{step.chip}</Chip>}
            {step.look === 'waiting' && (
              <button type="button" className="link loud" onClick={() => void bridge().call('console:showQuestions', {})}>
                {s.answer}
              </button>
            )}
            {step.because && (
              <span>
                <Visible text={cut(step.because, MOST_BECAUSE)} />
              </span>
            )}
            {opener}
          </div>
        )}
        {isOpen && step.parts.length === 0 && <Evidence records={step.records} isWordsTold={step.words.length > 0} />}
        {isOpen && step.parts.length > 0 && (
          <ol className="parts">
            {step.parts.map((part, i) => (
              <li key={part.key}>
                <StepItem step={part} isSameTime={isSameSecond(step.parts[i - 1], part)} />
              </li>
            ))}
          </ol>
        )}
      </div>
    </>
  );
});

export function isSameSecond(before: Step | undefined, step: Step): boolean {
  return before !== undefined && before.at.slice(0, 19) === step.at.slice(0, 19);
}

function opens({ parts, chip }: Step, isOpen: boolean): string {
  if (parts.length > 0) return isOpen ? s.hideSteps : s.showSteps(parts.length);
  return chip ? s.why : s.record;
}

function StepTitle({ step, opener }: { readonly step: Step; readonly opener: ReactNode }): ReactNode {
  const { title, text, isCommand, language, lines, labels, cost } = step;
  return (
    <p className="step-title">
      <b>
        <Visible text={cut(title, MOST_TITLE)} />
      </b>
      {text && !isCommand && (
        <code>
          <Inked text={cut(text, MOST_TEXT)} language={language} />
        </code>
      )}
      {lines && (
        <span className="line-counts">
          <i className="added">+{number(lines.added)}</i> <i className="removed">−{number(lines.removed)}</i>
        </span>
      )}
      {labels.slice(0, MOST_LABELS).map((label) => (
        <span key={label} className="label">
          <Visible text={cut(labelInWords(label), 80)} />
        </span>
      ))}
      {opener}
      {cost && (
        <span className="cost" title={cost.tokens === null ? undefined : s.tokens(number(cost.tokens))}>
          {cost.usd === null ? s.tokens(number(cost.tokens ?? 0)) : money(cost.usd)}
        </span>
      )}
    </p>
  );
}

/** What an agent tells its model each time is long, and seldom what somebody came for. */
function Told({ step }: { readonly step: Step }): ReactNode {
  const [isOpen, toggle] = useOpened(`told ${step.key}`);
  const length = step.words.reduce((sum, { text, omitted }) => sum + (text?.length ?? 0) + omitted, 0);
  return (
    <>
      <button type="button" className="link" aria-expanded={isOpen} onClick={toggle}>
        {isOpen ? s.less : s.more(number(length))}
      </button>
      {isOpen && <SaidWords step={step} />}
    </>
  );
}

function SaidWords({ step }: { readonly step: Step }): ReactNode {
  const [isAll, toggle] = useOpened(`words ${step.key}`);
  const said = step.records.flatMap(({ record, said: own }) =>
    own.filter((one) => step.words.includes(one)).map((one) => ({ one, seq: record.seq })),
  );
  const more = said.length - MOST_WORDS;
  return (
    <>
      {said.slice(0, isAll ? MOST_WORDS_OPEN : MOST_WORDS).map(({ one, seq }, i) => (
        <Words key={`${i} ${one.hash}`} said={one} seq={seq} isCode={step.kind === 'got' || step.kind === 'told'} />
      ))}
      {more > 0 && (
        <button type="button" className="link" aria-expanded={isAll} onClick={toggle}>
          {isAll ? s.less : s.moreTexts(more)}
        </button>
      )}
    </>
  );
}
