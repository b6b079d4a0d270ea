import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli, startCli } from './process.ts';

/** The person's HOME and temporary folder. */
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdpoint-demo-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const env = () => ({ HOME: folder, TMPDIR: folder });

describe('holdpoint demo', () => {
  // The answer's confirmation and the agent's next words come from two processes: each is told, in whichever order.
  it.each<[string, string, RegExp, RegExp]>([
    ['d typed ahead', 'd\n', /^Denied\.$/m, /Holdpoint refused this Bash call[\s\S]*The thesis is still there: 1 call refused/],
    [
      'd with a reason',
      'd not my drafts\n',
      /^Denied, and the agent is told why\.$/m,
      /Holdpoint refused[^\n]*not my drafts[\s\S]*The thesis is still there: 1 call refused/,
    ],
    ['a', 'a\n', /^Allowed once\.$/m, /runs: rm -rf[\s\S]*The thesis is gone, as you allowed/],
    ['no answer', '', /^Nobody is there to answer: denied\.$/m, /Holdpoint refused[\s\S]*The thesis is still there: 1 call refused/],
  ])('lets text pass, asks once, does as it is told by %s, and leaves nothing', async (_what, input, confirmed, told) => {
    const { code, out, err } = await runCli(['demo'], env(), input);
    expect(out).toMatch(/runs: ls[\s\S]*Those old drafts are in the way\.[\s\S]*wants to delete[\s\S]* d REASON/);
    expect(out).toMatch(confirmed);
    expect(out).toMatch(told);
    expect(out.match(/ d REASON/g)).toHaveLength(1);
    expect(out).toMatch(/log says[\s\S]* verdict [\s\S]* approval [\s\S]* outcome /);
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('leaves nothing when it is interrupted', async () => {
    const running = startCli(['demo'], env());
    await expect.poll(running.out, { timeout: 20_000 }).toContain('d REASON');
    running.signal('SIGINT');
    expect(await running.ended).toMatchObject({ code: 1, err: '' });
    expect(readdirSync(folder)).toEqual([]);
  });
});
