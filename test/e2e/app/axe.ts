/** Asks axe whether everybody can use a screen: names, roles, contrast, order (WCAG 2.2, levels A and AA, and axe's best practices). */

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

export interface Accepted {
  /** Rules that do not apply to this screen. Say why where it is called. */
  readonly without?: readonly string[];
  /** Only what is below this selector. */
  readonly within?: string;
}

/** Fails naming each rule with what offends against it. What is still moving is waited for: a colour between two is no colour of ours. */
export async function expectAccessible(page: Page, accepted: Accepted = {}): Promise<void> {
  expect(await barriers(page, accepted)).toEqual([]);
}

/** Each as rule, place and what to do. */
export async function barriers(page: Page, { without = [], within }: Accepted = {}): Promise<string[]> {
  // By way of the debugger, which the page's own policy does not bind.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(await readFile(AXE, 'utf8'));
  const options: RunOptions = { rules: Object.fromEntries(without.map((rule) => [rule, { enabled: false }])), resultTypes: ['violations'] };
  const results = await page.evaluate(
    async ({ options, within }) => {
      await Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {})));
      const { axe } = window as unknown as { axe: { run(context: string | Document, options: unknown): Promise<AxeResults> } };
      return await axe.run(within ?? document, options);
    },
    { options, within },
  );
  return results.violations.flatMap(({ id, help, nodes }) =>
    nodes.map(
      ({ target, failureSummary }) =>
        `${id} (${help}) at ${target.join(' ')}: ${failureSummary?.split('\n').slice(1).join(';').trim() ?? ''}`,
    ),
  );
}
