/** What is watched, who sees it, and what a record of it looks like. */

import { type ReactNode, useState } from 'react';
import type { Status } from '../../../main/contract/control.ts';
import { Segments } from '../../design/choice.tsx';
import { Disclosure, Lines, Section } from '../../design/sections.tsx';
import { STRINGS } from '../../strings.ts';
import { hostOf } from '../host.ts';
import { Facts } from './facts.tsx';

const s = STRINGS.status;
const words = STRINGS.console;
const LEVELS = ['metadata', 'redacted', 'full'] as const;
type Level = (typeof LEVELS)[number];

export function Seen({ status }: { readonly status: Status | null }): ReactNode {
  const upload = status?.upload;
  return (
    <>
      <Section title={words.watchedTitle}>
        <Lines lines={words.watched} />
      </Section>
      <Section title={words.seenTitle} lead={leadOf(status)}>
        {upload && <Lines lines={[...words.seenWhat[upload.content], words.seenReport]} />}
        <Example inForce={upload?.content} />
      </Section>
    </>
  );
}

/** Without an engine nobody knows what its settings are. */
function leadOf(status: Status | null): string {
  if (!status) return s.seenUnknown;
  if (status.upload) return words.seenBy(hostOf(status.upload.url));
  return status.engine.service ? words.seenHere : words.seen;
}

/** The same step of an agent as each level tells it. */
function Example({ inForce }: { readonly inForce: Level | undefined }): ReactNode {
  const [level, setLevel] = useState<Level>(inForce ?? 'metadata');
  return (
    <Disclosure summary={s.example.summary}>
      <Segments
        label={s.example.level}
        value={level}
        options={LEVELS.map((value) => ({ value, label: s.example.levels[value] }))}
        onChoose={setLevel}
      />
      <p className="sub">{level === inForce ? s.example.inForce : s.example.notInForce}</p>
      <Facts facts={[...s.example.always, ...s.example.content[level]].map(([name, value]) => ({ name, value }))} />
    </Disclosure>
  );
}
