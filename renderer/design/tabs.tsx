/** Several views of one thing, one at a time. */

import * as Radix from '@radix-ui/react-tabs';
import type { ReactNode } from 'react';

export interface Tab<Value extends string> {
  readonly value: Value;
  readonly label: ReactNode;
  readonly content: ReactNode;
}

interface TabsProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly tabs: readonly Tab<NoInfer<Value>>[];
  onChoose(value: NoInfer<Value>): void;
}

export function Tabs<Value extends string>({ label, value, tabs, onChoose }: TabsProps<Value>): ReactNode {
  return (
    <Radix.Root value={value} onValueChange={(next) => onChoose(next as Value)}>
      <Radix.List className="tabs" aria-label={label}>
        {tabs.map((tab) => (
          <Radix.Trigger key={tab.value} value={tab.value} className="tab">
            {tab.label}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {tabs.map((tab) => (
        <Radix.Content key={tab.value} value={tab.value} className="tab-content">
          {tab.content}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}
