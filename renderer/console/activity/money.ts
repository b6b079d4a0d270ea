/** US dollars as a person reads them. */

/** "$1.12"; of less than a cent, that it is less. */
export function dollars(usd: number): string {
  if (usd > 0 && usd < 0.01) return '< $0.01';
  return usd.toLocaleString('en-US', { style: 'currency', currency: 'USD' });
}
