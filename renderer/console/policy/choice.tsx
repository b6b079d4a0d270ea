/** One of a few, side by side. */

import { type ReactNode, useId } from 'react';

export function Choice<T extends string | number>({
  name,
  choices,
  labels,
  chosen,
  onChoose,
  shown = false,
}: {
  readonly name: string;
  readonly choices: readonly T[];
  readonly labels: Readonly<Record<NoInfer<T>, string>>;
  readonly chosen: NoInfer<T>;
  onChoose(choice: NoInfer<T>): void;
  /** Its name is in sight too. */
  readonly shown?: boolean;
}): ReactNode {
  const group = useId();
  return (
    <fieldset className="choice">
      <legend className={shown ? undefined : 'unseen'}>{name}</legend>
      {choices.map((choice) => (
        <label key={choice}>
          <input type="radio" name={group} checked={choice === chosen} onChange={() => onChoose(choice)} />
          <span>{labels[choice]}</span>
        </label>
      ))}
    </fieldset>
  );
}
