/** Attribution on macOS, on what its lsof and ps write. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandLinesIn, cwdIn, holderIn, processesIn } from '../../../../../main/engine/interception/attribution/macos.ts';
import { createAttribution } from '../../../../../main/engine/interception/attribution.ts';

const CLIENT = { clientAddress: '127.0.0.1', clientPort: 50412, proxyAddress: '127.0.0.1', proxyPort: 4141 };
/** lsof -nP -w -iTCP:50412 -sTCP:ESTABLISHED -F pn: both ends, because both have the port in their name. */
const SOCKETS = `p812
f23
n127.0.0.1:4141->127.0.0.1:50412
p901
f14
n127.0.0.1:50412->127.0.0.1:4141
`;
/** ps -axww -o pid=,ppid=,user=,comm= */
const LIST = `    1     0 root             /sbin/launchd
  640     1 dev              /System/Applications/Utilities/Terminal.app/Contents/MacOS/Terminal
  702   640 dev              -zsh
  812   640 dev              /usr/local/bin/node
  895   702 dev              /opt/homebrew/bin/node
  901   895 dev              /Applications/My Agent.app/Contents/MacOS/My Agent
`;
/** ps -axww -o pid=,args= */
const WORDS = `    1 /sbin/launchd
  702 -zsh
  812 /usr/local/bin/node main/cli/holdpoint.ts engine
  895 /opt/homebrew/bin/node --no-warnings /opt/homebrew/bin/gemini
  901 /Applications/My Agent.app/Contents/MacOS/My Agent --prompt fix the
 4 tests
`;
/** lsof -nP -w -a -p 901 -d cwd -F fn */
const FOLDER = `p901
fcwd
n/Users/dev/My Project
`;

const answers = (file: string, args: readonly string[]) => {
  if (file === '/bin/ps') return args.includes('pid=,args=') ? WORDS : LIST;
  return args.includes('cwd') ? FOLDER : SOCKETS;
};

describe('on macOS, a connection', () => {
  it('is attributed to the process at its other end', async () => {
    const run = async (file: string, args: readonly string[]) => answers(file, args);
    expect(await createAttribution({ platform: 'darwin', run }).processOf(CLIENT)).toEqual({
      pid: 901,
      executable: '/Applications/My Agent.app/Contents/MacOS/My Agent',
      commandLine: ['/Applications/My Agent.app/Contents/MacOS/My Agent', '--prompt', 'fix', 'the'],
      user: 'dev',
      cwd: '/Users/dev/My Project',
      parents: [
        { pid: 895, name: 'node', executable: '/opt/homebrew/bin/node', script: '/opt/homebrew/bin/gemini' },
        { pid: 702, name: '-zsh', executable: '-zsh' },
        { pid: 640, name: 'Terminal', executable: '/System/Applications/Utilities/Terminal.app/Contents/MacOS/Terminal' },
      ],
    });
  });

  it('asks only the system’s own tools, by their place', async () => {
    const asked = new Set<string>();
    const run = async (file: string, args: readonly string[]) => {
      asked.add(file);
      return answers(file, args);
    };
    await createAttribution({ platform: 'darwin', run }).processOf(CLIENT);
    expect([...asked].sort()).toEqual(['/bin/ps', '/usr/sbin/lsof']);
  });

  it('is nobody’s where a tool fails or is too slow', async () => {
    expect(await createAttribution({ platform: 'darwin', run: async () => '' }).processOf(CLIENT)).toBeUndefined();
    const never = () => new Promise<string>(() => {});
    expect(await createAttribution({ platform: 'darwin', run: never, timeoutMs: 20 }).processOf(CLIENT)).toBeUndefined();
  });
});

describe('what lsof tells', () => {
  it.each<[string, string, typeof CLIENT, number | undefined]>([
    ['both ends', SOCKETS, CLIENT, 901],
    [
      'an address that Node writes mapped',
      SOCKETS,
      { ...CLIENT, clientAddress: '::ffff:127.0.0.1', proxyAddress: '::ffff:127.0.0.1' },
      901,
    ],
    ['IPv6', 'p7\nf1\nn[::1]:50412->[::1]:4141\n', { ...CLIENT, clientAddress: '::1', proxyAddress: '::1' }, 7],
    ['a child that has its parent’s connection', `${SOCKETS}p950\nf14\nn127.0.0.1:50412->127.0.0.1:4141\n`, CLIENT, 950],
    ['a redirected connection', 'p7\nf1\nn127.0.0.1:50412->93.184.216.34:443\n', CLIENT, 7],
    [
      'an address that two share',
      'p7\nf1\nn127.0.0.1:50412->93.184.216.34:443\np8\nf1\nn127.0.0.1:50412->1.1.1.1:443\n',
      CLIENT,
      undefined,
    ],
    ['another connection', 'p7\nf1\nn127.0.0.1:50413->127.0.0.1:4141\n', CLIENT, undefined],
    ['nothing', '', CLIENT, undefined],
    ['a name without a process', 'n127.0.0.1:50412->127.0.0.1:4141\n', CLIENT, undefined],
  ])('is understood: %s', (_what, output, endpoints, pid) => {
    expect(holderIn(output, endpoints)).toBe(pid);
  });

  it('names the folder only where it stands behind its mark', () => {
    expect(cwdIn(FOLDER)).toBe('/Users/dev/My Project');
    expect(cwdIn('p901\nftxt\nn/bin/x\n')).toBeUndefined();
    expect(cwdIn('p901\nfcwd\nnunknown\n')).toBeUndefined();
  });
});

it('no output of a tool breaks its reader', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (output) => {
      holderIn(output, CLIENT);
      cwdIn(output);
      expect(processesIn(output).size + commandLinesIn(output).size).toBeLessThanOrEqual(output.length);
    }),
  );
});
