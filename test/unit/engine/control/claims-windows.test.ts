import { describe, expect, it } from 'vitest';
import { createWindowsOwners, ownerIn } from '../../../../main/engine/control/claims-windows.ts';

const told = (change: object = {}) =>
  JSON.stringify({ sid: 'S-1-5-21-1004336348-1177238915-682003330-1001', name: 'DESKTOP-7Q\\dev', attributes: 'Directory', ...change });

describe('whose a folder is on Windows', () => {
  it('is asked of PowerShell by its whole path, with nothing of the folder’s name that it would take for a command', async () => {
    const asked: string[][] = [];
    const ownerOf = createWindowsOwners(async (file, args) => {
      asked.push([file, ...args]);
      return told();
    }, 'C:\\Windows');
    expect(await ownerOf("C:\\ProgramData\\O'Neil\\claims\\ab")).toEqual({
      name: 'dev',
      admin: false,
      id: 'S-1-5-21-1004336348-1177238915-682003330-1001',
    });
    const [file, ...args] = asked[0]!;
    expect(file).toBe('C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe');
    expect(args.slice(0, 4)).toEqual(['-NoLogo', '-NoProfile', '-NonInteractive', '-Command']);
    expect(args[4]).toContain("$path = 'C:\\ProgramData\\O''Neil\\claims\\ab';");
  });

  it.each<[string, string, object | undefined]>([
    ['the system', told({ sid: 'S-1-5-18', name: 'NT AUTHORITY\\SYSTEM' }), { name: 'SYSTEM', admin: true, id: 'S-1-5-18' }],
    ['an elevated administrator', told({ sid: 'S-1-5-32-544', name: 'BUILTIN\\Administrators' }), { admin: true }],
    ['a user without a name', told({ name: null }), { name: 'S-1-5-21-1004336348-1177238915-682003330-1001', admin: false }],
    ['nobody, for a junction', told({ attributes: 'Directory, ReparsePoint' }), undefined],
    ['nobody, for a file', told({ attributes: 'Archive' }), undefined],
    ['nobody, for what is not understood', '{"sid":"root"}', undefined],
    ['nobody, where PowerShell said nothing', '', undefined],
  ])('is %s', (_what, output, expected) => {
    if (expected) expect(ownerIn(output)).toMatchObject(expected);
    else expect(ownerIn(output)).toBeUndefined();
  });
});
