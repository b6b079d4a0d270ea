import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { REPORT_STYLE } from '../../../../main/engine/audit/incident/report-style.ts';

const COLOURS = readFileSync(fileURLToPath(new URL('../../../../renderer/design/colour.css', import.meta.url)), 'utf8');

it('a report has the windows’ own colours, in light and dark', () => {
  const [light, dark] = coloursIn(REPORT_STYLE);
  const [windowsLight, windowsDark] = coloursIn(COLOURS);
  expect(Object.keys(light!).length).toBeGreaterThan(10);
  expect(windowsLight).toMatchObject(light!);
  expect(windowsDark).toMatchObject(dark!);
});

/** The first two sets of colours: light, then dark. */
function coloursIn(css: string): Record<string, string>[] {
  const sets = css.split(/prefers-color-scheme: dark\)/).slice(0, 2);
  return sets.map((part) => {
    const end = part.indexOf('}');
    return Object.fromEntries([...part.slice(0, end).matchAll(/(--[\w-]+): (oklch\([^;]+\));/g)].map(([, name, value]) => [name!, value!]));
  });
}
