/** Activity: the conversations at the left, the chosen one's story at the right. */

import { type ReactNode, useMemo, useState } from 'react';
import type { ConsoleView } from '../../../main/app/channels.ts';
import type { Status } from '../../../main/contract/control.ts';
import type { AuditRecord } from '../../../main/contract/record.ts';
import { folderName } from '../../approval/header.tsx';
import { Chip, Visible } from '../../design/parts.tsx';
import { clock } from '../../design/time.ts';
import { STRINGS } from '../../strings.ts';
import { mentions, type Story, storiesOf, tallyOf } from './story.ts';
import { Timeline } from './timeline.tsx';

const s = STRINGS.console;

interface ActivityProps {
  readonly records: readonly AuditRecord[];
  readonly view: ConsoleView;
  readonly more: boolean;
  readonly isLoading: boolean;
  onEarlier(): void;
}

export function Activity({ records, view, more, isLoading, onEarlier }: ActivityProps): ReactNode {
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState<string>();
  const waitingSince = view.guard.state === 'running' ? (view.status?.engine.startedAt ?? null) : null;
  const stories = useMemo(() => storiesOf(records, waitingSince), [records, waitingSince]);
  const isFiltered = query.trim() !== '';
  const found = stories.filter((story) => mentions(story, query));
  const current =
    found.find((story) => story.key === chosen) ?? found.find((story) => story.kind === 'session') ?? (isFiltered ? found[0] : undefined);

  return (
    <>
      <section className="list" aria-label={s.pages.activity}>
        <input
          className="filter"
          type="search"
          aria-label={s.filter}
          placeholder={s.filter}
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
        <div className="items">
          {byDay(found).map(({ day, stories: ofDay }) => (
            <div key={day}>
              <h2 className="day">{day}</h2>
              {ofDay.map((story) => (
                <Item key={story.key} story={story} current={story === current} onChoose={() => setChosen(story.key)} />
              ))}
            </div>
          ))}
          {more && (
            <button type="button" className="button quiet earlier" onClick={onEarlier}>
              {s.earlier}
            </button>
          )}
        </div>
      </section>
      {current && <Timeline key={current.key} story={current} />}
      {!current && (isLoading ? <main className="empty" /> : <Empty status={view.status} filtered={isFiltered} />)}
    </>
  );
}

/** Nothing to show, and what to do about it. */
function Empty({ status, filtered }: { readonly status: Status | null; readonly filtered: boolean }): ReactNode {
  return (
    <main className="empty">
      <h1>{filtered ? s.nothingFound : s.nothingYet}</h1>
      <p>{filtered ? s.nothingFoundMore : s.nothingYetMore}</p>
      {!filtered && status && (
        <>
          <pre className="command">{linesToType(status.engine)}</pre>
          <p>{s.nothingYetAny}</p>
          <pre className="command">{s.runAny}</pre>
        </>
      )}
    </main>
  );
}

/** Puts Claude Code behind the guard, in the shell that this platform's people use. */
function linesToType({ proxyUrl, caFile, dataDir }: Status['engine']): string {
  const set = (name: string, value: string) =>
    /^[A-Za-z]:/.test(dataDir) ? `$env:${name} = '${value.replaceAll("'", "''")}'` : `export ${name}='${value.replaceAll("'", `'\\''`)}'`;
  return [set('HTTPS_PROXY', proxyUrl), set('NODE_EXTRA_CA_CERTS', caFile), 'claude'].join('\n');
}

function Item({ story, current, onChoose }: { readonly story: Story; readonly current: boolean; onChoose(): void }): ReactNode {
  const { waiting, refused, byYou, uninspected } = tallyOf(story);
  return (
    <button type="button" className="item" aria-current={current} onClick={onChoose}>
      <span className="top">
        <b>
          <Visible text={titleOf(story)} />
        </b>
        <time>{clock(story.to)}</time>
      </span>
      <span className="sub">
        <Visible text={subOf(story)} />
      </span>
      {waiting + refused + byYou + uninspected > 0 && (
        <span className="chips">
          {waiting > 0 && <Chip look="waiting">{s.waiting(waiting)}</Chip>}
          {refused > 0 && <Chip look="refused">{s.refused(refused)}</Chip>}
          {byYou > 0 && <Chip look="released">{s.allowedByYou(byYou)}</Chip>}
          {uninspected > 0 && <Chip look="unsure">{s.uninspected(uninspected)}</Chip>}
        </span>
      )}
    </button>
  );
}

function titleOf(story: Story): string {
  return { session: story.agent, guard: s.guardItself, tunnels: s.tunnels }[story.kind];
}

function subOf(story: Story): string {
  if (story.kind === 'guard') return s.events(story.steps.length);
  if (story.kind === 'tunnels') return s.connections(story.steps.length);
  const calls = s.calls(tallyOf(story).calls);
  return story.workspace ? `${folderName(story.workspace)} · ${calls}` : calls;
}

function byDay(stories: readonly Story[]): readonly { readonly day: string; readonly stories: readonly Story[] }[] {
  const days = new Map<string, Story[]>();
  for (const story of stories) {
    const day = dayOf(story.to);
    days.set(day, [...(days.get(day) ?? []), story]);
  }
  return [...days].map(([day, ofDay]) => ({ day, stories: ofDay }));
}

function dayOf(iso: string, now: Date = new Date()): string {
  const date = new Date(iso);
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (date.toDateString() === now.toDateString()) return s.today;
  if (date.toDateString() === yesterday.toDateString()) return s.yesterday;
  return date.toLocaleDateString('en-GB', { weekday: 'long', day: 'numeric', month: 'long' });
}
