import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { bytes, verifyCommand } from '../../../renderer/console/activity/export-words.ts';

describe('what an export says', () => {
  it.each([
    [12, '12 bytes'],
    [48_211, '48 KB'],
    [999_999, '1,000 KB'],
    [3_240_000, '3.2 MB'],
    [116_203_005, '116.2 MB'],
    [2_100_000_000, '2.1 GB'],
  ])('of %i bytes', (size, words) => expect(bytes(size)).toBe(words));

  it.each([
    '/home/mara/Documents/holdpoint-incident-7781d4aa-2026-11-24',
    '/home/mara/My Documents/it’s here',
    '/tmp/a\'b; touch pwned $(id) `id` "x"',
  ])('is a command that a shell takes for one folder: %s', (folder) => {
    const words = execFileSync('sh', ['-c', `printf '%s\\n' ${verifyCommand(folder).slice('npx '.length)}`]).toString();
    expect(words).toBe(`holdpoint\naudit\nverify\n${folder}\n`);
  });

  it('is quoted for Windows where it is there', () => {
    expect(verifyCommand('C:\\Users\\Mara\\My Documents\\x')).toBe('npx holdpoint audit verify "C:\\Users\\Mara\\My Documents\\x"');
  });
});
