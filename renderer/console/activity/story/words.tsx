/** A text that was said: its beginning, and as much more of it as somebody asks for. */

import { type ReactNode, useState } from 'react';
import { SAID_LENGTH, type Said } from '../../../../main/contract/activity.ts';
import { ask } from '../../../ask.ts';
import { Visible } from '../../../design/parts.tsx';
import { number } from '../../../design/time.ts';
import { STRINGS } from '../../../strings.ts';
import { beginning } from '../foreign.tsx';
import { useOpened } from './opened.ts';

const s = STRINGS.activity;
/** In sight before anybody asks for more. */
const LINES = 3;
const UNITS = 280;
/** Drawn at once when somebody does. */
const STEP = 8_000;

interface WordsProps {
  readonly said: Said;
  /** The record that was the first to say it. */
  readonly seq: number;
  /** What tools give is laid out by its characters. */
  readonly isCode: boolean;
}

export function Words({ said, seq, isCode }: WordsProps): ReactNode {
  const [isOpen, toggle] = useOpened(`words ${seq} ${said.hash}`);
  if (said.text === null) return <p className="not-kept">{s.notKept}</p>;
  const text = said.text.trim();
  const first = beginningOf(text);
  const isWhole = first.length === text.length && said.omitted === 0;
  const look = isCode ? 'words code' : 'words';
  return (
    <>
      {isOpen ? (
        <LongText text={text} omitted={said.omitted} look={look} fetchRest={() => fetchWhole(seq, said.hash)} />
      ) : (
        <p className={look}>
          <Visible text={isWhole ? first : `${first}…`} />
        </p>
      )}
      {!isWhole && (
        <button type="button" className="link" aria-expanded={isOpen} onClick={toggle}>
          {isOpen ? s.less : s.more(number(said.text.length + said.omitted))}
        </button>
      )}
    </>
  );
}

interface LongTextProps {
  readonly text: string;
  /** UTF-16 units that the log has beyond `text`. */
  readonly omitted: number;
  readonly look: string;
  fetchRest(): Promise<string | null>;
}

/** A page of it at a time: a hundred thousand characters at once would be felt. */
export function LongText({ text, omitted, look, fetchRest }: LongTextProps): ReactNode {
  const [shown, setShown] = useState(STEP);
  const [whole, setWhole] = useState<string | null>();
  const all = whole ?? text;
  const part = beginning(all, shown);
  return (
    <>
      <p className={look}>
        <Visible text={part} />
      </p>
      {part.length < all.length && (
        <button type="button" className="link" onClick={() => setShown(shown + STEP)}>
          {s.moreOf(number(all.length - part.length))}
        </button>
      )}
      {part.length >= all.length && omitted > 0 && whole === undefined && (
        <button type="button" className="link" onClick={() => void fetchRest().then((rest) => setWhole(rest))}>
          {s.rest(number(omitted))}
        </button>
      )}
      {whole === null && <p className="not-kept">{s.restGone}</p>}
    </>
  );
}

/** Null where the log keeps no more of it. */
async function fetchWhole(seq: number, hash: string): Promise<string | null> {
  const reply = await ask('recordProof', { seq });
  const text = reply.ok ? (reply.result.said.find((one) => one.hash === hash)?.text ?? null) : null;
  return text !== null && text.length > SAID_LENGTH ? text : null;
}

function beginningOf(text: string): string {
  const lines = beginning(text, UNITS).split('\n').slice(0, LINES);
  return lines.join('\n');
}
