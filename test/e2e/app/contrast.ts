/** Finds text that is too faint to be read by everybody (WCAG 2.2, 1.4.3: 4.5 to 1; 1.4.6: 7 to 1). */

import type { Page } from 'playwright-core';

/** Each as "ratio: text". Buttons that take no answer yet are not measured. */
export async function faintTexts(page: Page, least = 4.5): Promise<string[]> {
  return await page.evaluate((leastRatio) => {
    type Rgb = readonly [number, number, number];
    const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;

    const over = (colours: readonly string[]): Rgb => {
      pen.clearRect(0, 0, 1, 1);
      for (const colour of colours) {
        pen.fillStyle = colour;
        pen.fillRect(0, 0, 1, 1);
      }
      const [red = 0, green = 0, blue = 0] = pen.getImageData(0, 0, 1, 1).data;
      return [red, green, blue];
    };
    const luminance = (rgb: Rgb) => {
      const [red = 0, green = 0, blue = 0] = rgb.map((value) =>
        value <= 10 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
      );
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const backgrounds = (element: Element | null): string[] =>
      element ? [...backgrounds(element.parentElement), getComputedStyle(element).backgroundColor] : [];

    const faint: string[] = [];
    for (const element of document.querySelectorAll('body *')) {
      const text = [...element.childNodes]
        .filter((node) => node.nodeType === Node.TEXT_NODE)
        .map((node) => node.textContent?.trim() ?? '')
        .join(' ')
        .trim();
      if (text === '' || element.closest('svg, [aria-disabled="true"]')) continue;
      const behind = backgrounds(element);
      const [light, dark] = [luminance(over([...behind, getComputedStyle(element).color])), luminance(over(behind))].sort(
        (a, b) => b - a,
      ) as [number, number];
      const ratio = (light + 0.05) / (dark + 0.05);
      if (ratio < leastRatio) faint.push(`${ratio.toFixed(2)}: ${text.slice(0, 40)}`);
    }
    return faint;
  }, least);
}
