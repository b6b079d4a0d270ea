/** A vault whose placeholders can be read: the value's number in its session. */

import { createVault, type Vault } from '../../main/engine/exchange/vault.ts';

export function readableVault(): Vault {
  const numbers = new Map<string, number>();
  return createVault({
    placeholderFor(session, { label, value }) {
      const key = `${session} ${value}`;
      numbers.set(key, numbers.get(key) ?? numbers.size + 1);
      return `[${label.replace('.', ':')}:${String(numbers.get(key)).padStart(8, 'a')}]`;
    },
  });
}
