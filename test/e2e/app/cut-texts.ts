/** Finds words that a person could not read to their end. */

import type { Page } from 'playwright-core';

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
