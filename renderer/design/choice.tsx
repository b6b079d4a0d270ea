/** One of several: from a menu where there are many, side by side where there are few. */

import * as Menu from '@radix-ui/react-dropdown-menu';
import { type ReactNode, useId } from 'react';
import { Icon } from './icons.tsx';

export interface Option<Value extends string> {
  readonly value: Value;
  readonly label: ReactNode;
  /** A second, quieter line. Only menus have room for it. */
  readonly hint?: string;
}

interface ChoiceProps<Value extends string> {
  /** What is chosen here: said before the choice. */
  readonly label: string;
  readonly value: Value;
  readonly options: readonly Option<NoInfer<Value>>[];
  onChoose(value: NoInfer<Value>): void;
}

export function Choice<Value extends string>({ label, value, options, onChoose }: ChoiceProps<Value>): ReactNode {
  const chosen = options.find((option) => option.value === value);
  return (
    // A modal menu would lock scrolling with a style element, which the pages' policy forbids.
    <Menu.Root modal={false}>
      <Menu.Trigger asChild>
        <button type="button" className="button small choice">
          <span className="choice-label">{label}</span> {chosen?.label}
          <Icon name="down" size={10} />
        </button>
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Content className="choices" align="start" sideOffset={4} collisionPadding={8}>
          <Menu.RadioGroup value={value} onValueChange={(next) => onChoose(next as Value)}>
            {options.map((option) => (
              <Menu.RadioItem key={option.value} value={option.value} className="choice-item">
                <Menu.ItemIndicator className="choice-tick">
                  <Icon name="tick" size={12} />
                </Menu.ItemIndicator>
                {option.label}
                {option.hint !== undefined && <span className="choice-hint">{option.hint}</span>}
              </Menu.RadioItem>
            ))}
          </Menu.RadioGroup>
        </Menu.Content>
      </Menu.Portal>
    </Menu.Root>
  );
}

/** Radio buttons that look like one bar: arrow keys move, as in any group of them. */
export function Segments<Value extends string>({ label, value, options, onChoose }: ChoiceProps<Value>): ReactNode {
  const name = useId();
  return (
    <fieldset className="segments">
      <legend>{label}</legend>
      {options.map((option) => (
        <label key={option.value}>
          <input type="radio" name={name} value={option.value} checked={option.value === value} onChange={() => onChoose(option.value)} />
          <span>{option.label}</span>
        </label>
      ))}
    </fieldset>
  );
}
