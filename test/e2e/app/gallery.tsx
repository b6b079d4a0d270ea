/** Every part of the design on one page: only for the tests, which look at it and work it. */

import { type ReactNode, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { Button } from '../../../renderer/design/button.tsx';
import { Segments } from '../../../renderer/design/choice.tsx';
import { Dialog } from '../../../renderer/design/dialog.tsx';
import { Search } from '../../../renderer/design/field.tsx';
import { Icon, type IconName } from '../../../renderer/design/icons.tsx';
import { Chip, Lock, Mark, Shape, Visible } from '../../../renderer/design/parts.tsx';
import { Disclosure, Empty, Lines, Problem, Section } from '../../../renderer/design/sections.tsx';
import '../../../renderer/console/console.css';

const ICONS: readonly IconName[] = ['search', 'down', 'right', 'cross'];
const LOOKS = ['released', 'refused', 'waiting', 'unsure', 'noted'] as const;

function Gallery(): ReactNode {
  const [query, setQuery] = useState('');
  const [range, setRange] = useState<'day' | 'week'>('day');
  const [minutes, setMinutes] = useState(15);
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
        <Segments
          label="How long"
          labelled="above"
          wide
          value={minutes}
          options={[5, 15, 60].map((value) => ({ value, label: `${value} min` }))}
          onChoose={setMinutes}
        />
        <p>
          <Segments
            label="Of the last"
            labelled="beside"
            value={range}
            options={[
              { value: 'day', label: 'day' },
              { value: 'week', label: 'week' },
            ]}
            onChoose={setRange}
          />
        </p>
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
        <Lines lines={['What was said first.', 'And what comes after it.']} />
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
