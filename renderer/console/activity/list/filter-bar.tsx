/** What the list is narrowed to: a menu for each thing that it can be narrowed by, and what was chosen as chips. */

import * as Menu from '@radix-ui/react-dropdown-menu';
import { type ReactNode, useState } from 'react';
import { RECORD_ENDS } from '../../../../main/contract/activity-filter.ts';
import type { ControlResult } from '../../../../main/contract/control.ts';
import { ask } from '../../../ask.ts';
import { Icon } from '../../../design/icons.tsx';
import { STRINGS } from '../../../strings.ts';
import { cut, Foreign } from '../foreign.tsx';
import { CHOICES, type Choice, type ChoiceName, choiceInWords, WHENS, withFamilies } from './filters.ts';

const s = STRINGS.activity;
/** Of a menu: a hundred agents are too many to choose from. */
const MOST_OFFERED = 60;
const ANY = '';

type Offered = ControlResult<'filterChoices'>;
const NOTHING: Offered = { agents: [], hosts: [], labels: [] };

export function FilterBar({ choice, onChoose }: { readonly choice: Choice; onChoose(choice: Choice): void }): ReactNode {
  const [offered, setOffered] = useState<Offered>(NOTHING);
  const chosen = CHOICES.filter((name) => choice[name] !== undefined);
  const choose = (name: ChoiceName, value: string) => {
    const { [name]: _, ...others } = choice;
    onChoose(value === ANY ? others : { ...others, [name]: value });
  };
  /** What there is to choose from may have changed since. */
  const look = () =>
    void ask('filterChoices', {}).then((reply) => {
      if (reply.ok) setOffered(reply.result);
    });

  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: these are no fields of a form. */}
      <div className="filters" role="group" aria-label={s.filters}>
        {CHOICES.map((name) => (
          <FilterMenu
            key={name}
            name={name}
            value={choice[name]}
            values={valuesOf(name, offered)}
            onOpen={look}
            onChoose={(value) => choose(name, value)}
          />
        ))}
      </div>
      {chosen.length > 0 && (
        <div className="chosen">
          {chosen.map((name) => {
            const words = cut(choiceInWords(name, choice[name]!), 60);
            return (
              <button key={name} type="button" className="filter-chip" aria-label={s.remove(words)} onClick={() => choose(name, ANY)}>
                <Foreign text={words} />
                <Icon name="cross" size={8} />
              </button>
            );
          })}
          {chosen.length > 1 && (
            <button type="button" className="link" onClick={() => onChoose({})}>
              {s.removeAll}
            </button>
          )}
        </div>
      )}
    </>
  );
}

interface FilterMenuProps {
  readonly name: ChoiceName;
  readonly value: string | undefined;
  readonly values: readonly string[];
  onOpen(): void;
  onChoose(value: string): void;
}

function FilterMenu({ name, value, values, onOpen, onChoose }: FilterMenuProps): ReactNode {
  return (
    // A modal menu would lock scrolling with a style element, which the page's policy forbids.
    <Menu.Root modal={false} onOpenChange={(isOpen) => isOpen && onOpen()}>
      <Menu.Trigger asChild>
        <button type="button" className="filter-button" data-chosen={value !== undefined}>
          {s.filter[name]}
          <Icon name="down" size={8} />
        </button>
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Content className="filter-menu" align="start" sideOffset={4} collisionPadding={8}>
          <Menu.RadioGroup value={value ?? ANY} onValueChange={onChoose}>
            <Menu.RadioItem className="filter-item" value={ANY}>
              {s.anything[name]}
            </Menu.RadioItem>
            {values.length > 0 && <Menu.Separator className="filter-line" />}
            {values.map((one) => (
              <Menu.RadioItem key={one} className="filter-item" value={one}>
                <Foreign text={choiceInWords(name, one)} />
              </Menu.RadioItem>
            ))}
          </Menu.RadioGroup>
          {values.length === 0 && <p className="filter-none">{s.noChoice}</p>}
        </Menu.Content>
      </Menu.Portal>
    </Menu.Root>
  );
}

function valuesOf(name: ChoiceName, { agents, hosts, labels }: Offered): readonly string[] {
  const values = { agent: agents, host: hosts, label: withFamilies(labels), end: RECORD_ENDS, when: WHENS }[name];
  return values.filter((value) => value !== ANY).slice(0, MOST_OFFERED);
}
