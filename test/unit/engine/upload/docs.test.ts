import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { RECORD_KINDS } from '../../../../main/contract/record.ts';
import { CONVENTION_NAMES } from '../../../../main/engine/audit/gen-ai.ts';
import { placesOf } from '../../../../main/engine/upload/levels.ts';
import { METADATA_MEMBERS } from '../../../../main/engine/upload/metadata-members.ts';

const DOCS = readFileSync(new URL('../../../../docs/trail.md', import.meta.url), 'utf8');

/** The rows below a heading's table head, as they are written. */
function rowsBelow(head: string): string[] {
  const lines = DOCS.split('\n');
  const start = lines.indexOf(head);
  expect(start, `docs/trail.md has no table "${head}"`).toBeGreaterThan(0);
  const rest = lines.slice(start + 2);
  return rest.slice(
    0,
    rest.findIndex((line) => !line.startsWith('|')),
  );
}

it('the page has the conventions’ names as the code has them', () => {
  expect(rowsBelow('| attribute | holds |')).toEqual(CONVENTION_NAMES.map(({ name, holds }) => `| \`${name}\` | ${holds} |`));
});

it('the page has what leaves at "metadata" as the code has it', () => {
  expect(rowsBelow('| kind | members of `data` |')).toEqual(
    RECORD_KINDS.map(
      (kind) =>
        `| \`${kind}\` | ${placesOf(METADATA_MEMBERS[kind])
          .map((place) => `\`${place}\``)
          .join(', ')} |`,
    ),
  );
});
