import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { settingsSchema } from '../../main/contract/settings.ts';
import { parseSettings } from '../../main/engine/settings.ts';
import { runs } from './runs.ts';

const known = [
  'dataDir',
  'proxy',
  'host',
  'port',
  'intercept',
  'hosts',
  'upstream',
  'resolve',
  'extraCaFile',
  'parentProxy',
  'policy',
  'dir',
  'approvals',
  'timeoutSeconds',
  'unattended',
  'audit',
  'capture',
  'upload',
  'limits',
  'callBytes',
  'fleet',
  '__proto__',
  'constructor',
];
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('deny', 'wait', '127.0.0.1', '*.bench.test', '127.0.0.1:9443', 0, 1, 120, 8080, -1, 1.5, 1e308, null, true, ''),
    fc.string(),
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: fc.string() }), tie('tree'), {
      maxKeys: 4,
    }),
  ),
}));

describe('the configuration', () => {
  it('is either as agreed or refused in words, whatever is in it', () => {
    fc.assert(
      fc.property(tree, (json) => {
        const parsed: unknown = JSON.parse(JSON.stringify(json));
        try {
          const settings = parseSettings(parsed, 'fuzz.json');
          // What was accepted stays accepted: nothing was let through that the schema does not know.
          expect(settingsSchema.parse(settings)).toEqual(settings);
        } catch (thrown) {
          expect(thrown).toMatchObject({
            code: 'config-invalid',
            message: expect.stringMatching(/^The configuration fuzz\.json has (a problem|\d+ problems); nothing was started\.\n {2}\S/),
          });
        }
      }),
      { numRuns: runs(1000) },
    );
  });
});
