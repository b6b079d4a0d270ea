import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { settingsSchema } from '../../../../../main/contract/settings.ts';
import { TENANTS } from '../../../../../main/engine/exchange/routing/tenant-table.ts';

const page = readFileSync(new URL('../../../../../docs/routing.md', import.meta.url), 'utf8');

describe('docs/routing.md', () => {
  it.each([...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, example]) => [example!]))(
    'has an example that is a configuration',
    (example) => {
      expect(settingsSchema.safeParse(JSON.parse(example)).error).toBeUndefined();
    },
  );

  it('lists each tenant header with its hosts and its vendor’s page', () => {
    const rows = page.split('\n').filter((line) => line.startsWith('| `'));
    expect(rows).toHaveLength(TENANTS.length);
    for (const { setting, hosts, names, documentation } of TENANTS) {
      const row = rows.find((line) => line.startsWith(`| \`${setting}\``))!;
      for (const host of hosts) expect(row).toContain(`\`${host}\``);
      expect(row.toLowerCase()).toContain(names[0]);
      expect(row).toContain(` ${documentation} |`);
    }
  });
});
