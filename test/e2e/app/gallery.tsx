/** Every part of the design on one page: only for the tests, which look at it and work it. */

import { type ReactNode, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { Button } from '../../../renderer/design/button.tsx';
import { Choice, Segments } from '../../../renderer/design/choice.tsx';
import { Dialog } from '../../../renderer/design/dialog.tsx';
import { Field, Search } from '../../../renderer/design/field.tsx';
import { Icon, type IconName } from '../../../renderer/design/icons.tsx';
import { Chip, Lock, Mark, Shape, Visible } from '../../../renderer/design/parts.tsx';
import { Disclosure, Empty, Problem, Section } from '../../../renderer/design/sections.tsx';
import { Tabs } from '../../../renderer/design/tabs.tsx';
import '../../../renderer/console/console.css';

const ICONS: readonly IconName[] = [
  'search',
  'down',
  'right',
  'left',
  'tick',
  'cross',
  'plus',
  'copy',
  'save',
  'warning',
  'clock',
  'again',
  'more',
];
const LOOKS = ['released', 'refused', 'waiting', 'unsure', 'noted'] as const;

function Gallery(): ReactNode {
  const [query, setQuery] = useState('');
  const [agent, setAgent] = useState<'any' | 'claude' | 'codex'>('any');
  const [range, setRange] = useState<'day' | 'week'>('day');
  const [tab, setTab] = useState<'story' | 'proof'>('story');
  const [isAsking, setAsking] = useState(false);
  return (
    <main className="page">
      <h1>
        <Mark size={18} /> Parts
      </h1>
      <Section title="Buttons" lead="One is what a person came for." aside={<Button small>Beside</Button>}>
        <p className="row">
          <Button look="strong" onClick={() => setAsking(true)}>
            Revoke…
          </Button>
          <Button chord="Ctrl ↵">Allow once</Button>
          <Button look="quiet">Details</Button>
          <Button small disabled>
            Not now
          </Button>
        </p>
      </Section>
      <Section title="Typing and choosing">
        <Search label="Search everything" value={query} chord="Ctrl K" onType={setQuery} />
        <p>
          <Choice
            label="Agent"
            value={agent}
            options={[
              { value: 'any', label: 'any' },
              { value: 'claude', label: 'Claude Code', hint: '12 sessions' },
              { value: 'codex', label: 'Codex' },
            ]}
            onChoose={setAgent}
          />{' '}
          <Segments
            label="Time"
            value={range}
            options={[
              { value: 'day', label: 'Day' },
              { value: 'week', label: 'Week' },
            ]}
            onChoose={setRange}
          />
        </p>
        <Field label="Tool" defaultValue="Bash" hint="As the agent names it." onType={() => {}} />
        <Field label="Arguments" defaultValue="{" hint="This is no JSON: it ends too early." problem onType={() => {}} />
        <Tabs
          label="Record"
          value={tab}
          tabs={[
            { value: 'story', label: 'Story', content: <p>What happened.</p> },
            { value: 'proof', label: 'Proof', content: <p>Why it can be believed.</p> },
          ]}
          onChoose={setTab}
        />
      </Section>
      <Section title="Saying">
        <p>
          {LOOKS.map((look) => (
            <span key={look}>
              <Shape look={look} /> <Chip look={look}>{look}</Chip>{' '}
            </span>
          ))}
          <Lock label="Locked" />
        </p>
        <p>
          {ICONS.map((name) => (
            <Icon key={name} name={name} />
          ))}
        </p>
        <p>
          <Visible text={'a\u202Eb\u200Bc'} />
        </p>
        <Disclosure summary="More of it">Folded until somebody wants to know.</Disclosure>
        <Problem says="The guard is not running." action={<Button small>Start again</Button>} />
        <Problem look="mild" says="The policy server does not answer. Revision 12 stays in force." />
        <Empty title="Nothing here matches.">
          <p>Take a filter away.</p>
        </Empty>
      </Section>
      {isAsking && (
        <Dialog
          title="Revoke this answer?"
          onClose={() => setAsking(false)}
          actions={
            <>
              <Button onClick={() => setAsking(false)}>Keep it</Button>
              <Button look="strong" onClick={() => setAsking(false)}>
                Revoke
              </Button>
            </>
          }
        >
          <p>The next action of its kind is a question again.</p>
        </Dialog>
      )}
    </main>
  );
}

createRoot(document.getElementById('root')!).render(<Gallery />);
