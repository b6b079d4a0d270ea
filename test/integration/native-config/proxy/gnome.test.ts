/** dconf and gsettings themselves, on an /etc of their own. */

import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { inOwnEtc } from '../../../support/own-etc.ts';

type Story = Readonly<Record<string, unknown>>;

let seen: Readonly<Record<'none' | 'company', Story>>;
beforeAll(async () => {
  seen = await inOwnEtc(join(import.meta.dirname, 'gnome-scenario.ts'));
}, 120_000);

const URL = "'http://127.0.0.1:8787/holdpoint.pac'";

describe('GNOME’s proxy settings', () => {
  it('are what an ordinary user’s programs read, on a machine that had none', () => {
    expect(seen.none).toMatchObject({ before: "''", stateBefore: 'no', mode: "'auto'", url: URL, stateAfter: 'yes', again: 0 });
  });

  it('beat those that a company had set for the machine', () => {
    expect(seen.company).toMatchObject({
      before: "'http://wpad.corp/proxy.pac'",
      stateBefore: 'no',
      url: URL,
      stateAfter: 'yes',
      again: 0,
    });
  });

  it('can be set otherwise by a person only where they are not locked', () => {
    expect([seen.none.writable, seen.company.writable]).toEqual(['true', 'false']);
  });

  it('are taken back to the byte, the compiled database included', () => {
    expect(seen.none).toMatchObject({ left: [], afterwards: "''", same: true });
    expect(seen.company).toMatchObject({ left: [], afterwards: "'http://wpad.corp/proxy.pac'", same: true });
  });
});
