/** Browsers, which have stores of their own: asked without a window and with a profile that is thrown away. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROBE_URL } from '../../../main/contract/probe.ts';
import { askProgram } from '../ask-program.ts';
import type { Check } from '../check.ts';
import { answerOf } from './answer.ts';
import { fixesFor, RUNTIME_MS, type TrustOptions, trustCheck } from './asking.ts';
import { programsNamed } from './programs.ts';
import { findingOf } from './said.ts';

const CHROMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge', 'brave-browser'];
const MOST = 3;

/** Whether it goes through the guard is its user's setting and the system's; whether it trusts it, is asked with the proxy given. */
export function browserChecks({ context, env, nonce }: TrustOptions): readonly Check[] {
  const { guard, system } = context;
  if (!guard) return [];
  const chromes = programsNamed(CHROMES, system, MOST).map((file, at) =>
    trustCheck(`chrome${at === 0 ? '' : `.${at + 1}`}`, `Browser (${file})`, async (signal) => {
      const profile = await mkdtemp(join(tmpdir(), 'holdpoint-doctor-'));
      try {
        const args = [
          '--headless',
          '--disable-gpu',
          '--no-first-run',
          `--user-data-dir=${profile}`,
          `--proxy-server=${new URL(guard.proxyUrl).host}`,
          // Its sandbox does not work as root.
          ...(system.uid === 0 ? ['--no-sandbox'] : []),
          '--enable-logging=stderr',
          '--dump-dom',
          PROBE_URL,
        ];
        const asked = await askProgram(file, args, { env, timeoutMs: RUNTIME_MS, signal });
        // It shows JSON in a page, and an error as a page of its own.
        const out = asked.out.replaceAll('&quot;', '"');
        return findingOf(answerOf({ ...asked, out }, nonce), { name: 'The browser', file, isAgents: false, fix: fixesFor(context, false) });
      } finally {
        await rm(profile, { recursive: true, force: true }).catch(() => {});
      }
    }),
  );
  const [firefox] = programsNamed(['firefox', 'firefox-esr'], system, 1);
  if (firefox === undefined) return chromes;
  return [
    ...chromes,
    trustCheck('firefox', `Firefox (${firefox})`, () => ({
      state: 'unknown',
      says: `It cannot be asked without its window. Open ${PROBE_URL} in it: it shows {"holdpoint":"probe"} where it goes through the guard and trusts it.`,
    })),
  ];
}
