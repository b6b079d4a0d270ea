/** The same as a table, for those who read rather than look. */

import type { ReactNode } from 'react';
import type { Series, TimeStep } from './time-data.ts';

export function TimeTable(props: {
  readonly caption: string;
  readonly series: readonly Series[];
  readonly steps: readonly TimeStep[];
}): ReactNode {
  const { caption, series, steps } = props;
  return (
    <div className="unseen">
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            <td />
            {series.map(({ key, label }) => (
              <th key={key} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {steps.map((step) => (
            <tr key={step.key}>
              <th scope="row">{step.name}</th>
              {series.map(({ key, show }) => {
                const value = step.values[key];
                return <td key={key}>{value === null || value === undefined ? '–' : show(value)}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
