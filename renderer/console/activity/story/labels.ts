/** A finding's label in words: "secret.github-token" is "a secret (github token)". */

import { STRINGS } from '../../../strings.ts';

export function labelInWords(label: string): string {
  const [family = '', ...rest] = label.split('.');
  const known: { readonly [family: string]: string } = STRINGS.activity.family;
  const words = rest.join(' ').replaceAll('-', ' ');
  const name = Object.hasOwn(known, family) ? known[family]! : family.replaceAll('-', ' ');
  return words === '' ? name : `${name} (${words})`;
}
