/** Attribution on Windows, on what the PowerShell script writes. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { processIn, splitCommandLine } from '../../../../../main/engine/interception/attribution/windows.ts';
import { createAttribution } from '../../../../../main/engine/interception/attribution.ts';

const CLIENT = { clientAddress: '127.0.0.1', clientPort: 50412, proxyAddress: '127.0.0.1', proxyPort: 4141 };
const socket = (changes: object = {}) => ({
  LocalAddress: '127.0.0.1',
  LocalPort: 50412,
  RemoteAddress: '127.0.0.1',
  RemotePort: 4141,
  OwningProcess: 901,
  ...changes,
});
const listed = (ProcessId: number, ParentProcessId: number, path: string, CommandLine: string | null, Created: number) => ({
  ProcessId,
  ParentProcessId,
  Name: path.split('\\').at(-1),
  ExecutablePath: path,
  CommandLine,
  Created,
});
const PROCESSES = [
  { ProcessId: 4, ParentProcessId: 0, Name: 'System', ExecutablePath: null, CommandLine: null, Created: 1 },
  { ProcessId: 500, ParentProcessId: 4, Name: 'wininit.exe', ExecutablePath: null, CommandLine: null, Created: 2 },
  listed(702, 500, 'C:\\Windows\\System32\\cmd.exe', 'cmd', 10),
  listed(895, 702, 'C:\\Program Files\\nodejs\\node.exe', '"C:\\Program Files\\nodejs\\node.exe" "C:\\npm\\gemini"', 20),
  listed(901, 895, 'C:\\Tools\\agent.exe', 'agent --say "two words"', 30),
];
const told = (sockets: readonly object[], processes: readonly object[] = PROCESSES) =>
  JSON.stringify({ sockets, processes, owners: [{ ProcessId: 901, User: 'dev' }] });

describe('on Windows, a connection', () => {
  it('is attributed to the process at its other end, asked of the system’s own PowerShell', async () => {
    const asked: string[] = [];
    const run = async (file: string) => {
      asked.push(file);
      return told([socket({ LocalPort: 4141, RemotePort: 50412, OwningProcess: 812 }), socket()]);
    };
    expect(await createAttribution({ platform: 'win32', run }).processOf(CLIENT)).toEqual({
      pid: 901,
      executable: 'C:\\Tools\\agent.exe',
      commandLine: ['agent', '--say', 'two words'],
      user: 'dev',
      parents: [
        { pid: 895, name: 'node.exe', executable: 'C:\\Program Files\\nodejs\\node.exe', script: 'C:\\npm\\gemini' },
        { pid: 702, name: 'cmd.exe', executable: 'C:\\Windows\\System32\\cmd.exe' },
        { pid: 500, name: 'wininit.exe' },
      ],
    });
    expect(asked).toEqual([expect.stringMatching(/^[A-Z]:\\.*\\System32\\WindowsPowerShell\\v1\.0\\powershell\.exe$/)]);
  });

  it('has no parent that started after its child: Windows gives the ids of ended processes anew', () => {
    const young = PROCESSES.map((process) => (process.ProcessId === 895 ? { ...process, Created: 99 } : process));
    expect(processIn(told([socket()], young), CLIENT)?.parents).toEqual([]);
  });

  it.each<[string, string, number | undefined]>([
    ['redirected to us', told([socket({ RemoteAddress: '93.184.216.34', RemotePort: 443 })]), 901],
    ['of an address that two share', told([socket({ RemotePort: 1 }), socket({ RemotePort: 2 })]), undefined],
    ['of IPv4 on an IPv6 socket', told([socket({ LocalAddress: '::ffff:127.0.0.1', RemoteAddress: '::ffff:127.0.0.1' })]), 901],
    ['of another address', told([socket({ LocalAddress: '10.0.0.1' })]), undefined],
    ['whose program is not told, being another user’s', told([socket({ OwningProcess: 500 })]), undefined],
    ['of a process that is gone', told([socket({ OwningProcess: 7 })]), undefined],
    ['of nobody', told([]), undefined],
    ['when PowerShell says nothing', '', undefined],
    ['when PowerShell says something else', '{"sockets":{}}', undefined],
  ])('is understood: %s', (_what, output, pid) => {
    expect(processIn(output, CLIENT)?.pid).toBe(pid);
  });
});

it.each<[string, readonly string[]]>([
  ['"a b c" d e', ['a b c', 'd', 'e']],
  ['"ab\\"c" "\\\\" d', ['ab"c', '\\', 'd']],
  ['a\\\\\\b d"e f"g h', ['a\\\\\\b', 'de fg', 'h']],
  ['a\\\\\\"b c d', ['a\\"b', 'c', 'd']],
  ['a\\\\\\\\"b c" d e', ['a\\\\b c', 'd', 'e']],
  ['a"b"" c d', ['ab" c d']],
  ['x ""', ['x', '']],
  ['', []],
])('a command line is split as programs split it: %s', (line, words) => {
  expect(splitCommandLine(line)).toEqual(words);
});

it('no answer breaks its reader', () => {
  const isNobody = (output: string) => processIn(output, CLIENT) === undefined;
  fc.assert(fc.property(fc.string({ unit: 'binary' }), isNobody));
  fc.assert(fc.property(fc.json(), isNobody));
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom('a', '"', '\\', ' ') }), (line) => void splitCommandLine(line)));
});
