import { readFileSync } from 'node:fs';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { Connection } from '../../../../main/engine/interception/connection.ts';
import type { createHeaderOnly, UnreadConnection } from '../../../../main/engine/interception/header-only.ts';
import type { OutgoingHeaders, Place } from '../../../../main/engine/interception/outgoing.ts';

describe('what passes for a header alone', () => {
  it('is handed nothing that could record it', () => {
    expectTypeOf<Parameters<typeof createHeaderOnly>[0]>().toEqualTypeOf<{
      headers: Pick<OutgoingHeaders, 'editsFor'> | undefined;
      patienceMs: number;
    }>();
    expectTypeOf<keyof UnreadConnection>().toEqualTypeOf<'agentFor' | 'begin' | 'reportOnce'>();
    // A word of a fixed list, and no text.
    expectTypeOf<Parameters<Connection['reportOnce']>[1]>().toEqualTypeOf<'intercepted' | 'tunnelled' | 'header-only'>();
    expectTypeOf<Place>().toEqualTypeOf<{ readonly host: string; readonly path: string }>();
  });

  it('has no inspector, log or console in its code', () => {
    const code = readFileSync(new URL('../../../../main/engine/interception/header-only.ts', import.meta.url), 'utf8').replace(
      /\/\*[\s\S]*?\*\//g,
      '',
    );
    expect(code).not.toMatch(/inspect(ion|or)\.ts|log\.ts|console\.|writeFile|node:fs|\.report\(/);
  });
});
