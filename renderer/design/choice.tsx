/** One of a few, side by side: radio buttons that look like one bar. Arrow keys move, as in any group of them. */

import { type ReactNode, useId } from 'react';

export interface Option<Value extends string | number> {
  readonly value: Value;
  readonly label: ReactNode;
}

interface SegmentsProps<Value extends string | number> {
  /** What is chosen here. */
  readonly label: string;
  /** Where its label is in sight; else it is only told to those who don't see what is chosen from. */
  readonly labelled?: 'above' | 'beside';
  /** As wide as what it stands in, each as wide as the others. */
  readonly wide?: boolean;
  readonly value: Value;
  readonly options: readonly Option<NoInfer<Value>>[];
  onChoose(value: NoInfer<Value>): void;
}

export function Segments<Value extends string | number>(props: SegmentsProps<Value>): ReactNode {
  const { label, labelled, wide = false, value, options, onChoose } = props;
  const name = useId();
  return (
    <fieldset className={['segments', wide ? 'wide' : '', labelled ?? ''].filter(Boolean).join(' ')}>
      <legend className={labelled === undefined ? 'unseen' : undefined}>{label}</legend>
      <div className="segments-bar">
        {options.map((option) => (
          <label key={option.value}>
            <input type="radio" name={name} checked={option.value === value} onChange={() => onChoose(option.value)} />
            <span>{option.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
