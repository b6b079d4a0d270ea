/** Pages carry no schemas: they would be most of what is read before the first paint. */

import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { PAGE_BUNDLES } from '../../../build/bundle.ts';
import { ROOT } from '../../../build/places.ts';
import { z } from '../../../build/schemas-in-pages.ts';

describe('a page’s bundle', () => {
  it.each(PAGE_BUNDLES)('has nothing of the schemas’ library in it ($entryPoints)', async (options) => {
    const { metafile } = await build({ ...options, absWorkingDir: ROOT, bundle: true, write: false, metafile: true, outdir: 'out' });
    const inputs = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs));
    expect(inputs.length).toBeGreaterThan(10);
    expect(inputs.filter((name) => name.includes('node_modules/zod/'))).toEqual([]);
  });

  it('lets nothing pass a check that isn’t there', () => {
    const schema = (z as typeof import('zod').z).strictObject({ id: (z as typeof import('zod').z).string().min(1).optional() });
    expect(() => schema.parse({ id: 'x' })).toThrow('checked before it came here');
    expect(() => schema.safeParse({})).toThrow('checked before it came here');
  });
});
