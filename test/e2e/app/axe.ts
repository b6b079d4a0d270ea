/** Finds what some people could not see, hear or reach, as far as a program can find it. */

import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** WCAG 2.2, levels A and AA, and what axe calls best practice. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Each as "rule: element, element". `except`: rules that don't fit what is looked at. */
export async function barriers(page: Page, except: readonly string[] = []): Promise<string[]> {
  // The page's own policy forbids scripts that aren't its own; what is evaluated from outside is not under it.
  await page.evaluate(axe.source);
  return await page.evaluate(
    async ({ tags, off }) => {
      const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(document, {
        runOnly: { type: 'tag', values: tags },
        rules: Object.fromEntries(off.map((id) => [id, { enabled: false }])),
        resultTypes: ['violations'],
      });
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
    },
    { tags: TAGS, off: [...except] },
  );
}

/** Texts that stick out of the window, or of what cuts them off without saying so; and whether the page scrolls sideways. */
export async function cutTexts(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const found: string[] = [];
    if (document.documentElement.scrollWidth > window.innerWidth) found.push('the page scrolls sideways');
    for (const element of document.querySelectorAll('body *')) {
      const text = [...element.childNodes].find((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== '');
      if (!text || element.closest('.unseen, legend')) continue;
      const range = document.createRange();
      range.selectNodeContents(text);
      const { left, right, width } = range.getBoundingClientRect();
      if (width === 0) continue;
      const cutter = cutterOf(element);
      const edge = cutter?.getBoundingClientRect() ?? { left: 0, right: window.innerWidth };
      if (left < edge.left - 1 || right > edge.right + 1) found.push(text.textContent!.trim().slice(0, 60));
    }
    return found;

    /** What would cut it off sideways: what scrolls does not, and what says "…" does not either. */
    function cutterOf(element: Element): Element | undefined {
      for (let at: Element | null = element; at && at !== document.body; at = at.parentElement) {
        const { overflowX, textOverflow } = getComputedStyle(at);
        if (overflowX === 'auto' || overflowX === 'scroll') return at.scrollWidth > at.clientWidth ? undefined : at;
        if (overflowX !== 'visible') return textOverflow === 'ellipsis' ? undefined : at;
      }
      return undefined;
    }
  });
}
