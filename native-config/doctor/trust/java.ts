/** Java, which reads no variable: its proxy and its store of certificates are its own. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROBE_URL } from '../../../main/contract/probe.ts';
import { askProgram } from '../ask-program.ts';
import type { Check, Finding } from '../check.ts';
import { portOf } from '../context.ts';
import { type Answer, answerOf } from './answer.ts';
import { fixesFor, RUNTIME_MS, type TrustOptions, trustCheck } from './asking.ts';
import { programsNamed } from './programs.ts';
import { findingOf } from './said.ts';

/** Started from its source (JEP 330), which takes a JDK. */
const SOURCE = `
import java.net.*;
public class Probe {
  public static void main(String[] args) throws Exception {
    URL url = new URL("${PROBE_URL}");
    try { ask("own", url.openConnection()); return; } catch (Exception e) { System.out.println("own " + e); }
    Proxy guard = new Proxy(Proxy.Type.HTTP, new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0])));
    try { ask("led", url.openConnection(guard)); } catch (Exception e) { System.out.println("led " + e); }
  }
  static void ask(String how, URLConnection c) throws Exception {
    c.setConnectTimeout(8000); c.setReadTimeout(8000);
    System.out.println(how + " " + new String(c.getInputStream().readNBytes(4096)));
  }
}
`;

export function javaChecks({ context, env, nonce }: TrustOptions): readonly Check[] {
  const [file] = programsNamed(['java'], context.system, 1);
  const { guard } = context;
  if (file === undefined || !guard) return [];
  const check = trustCheck('java', `Java (${file})`, async (signal) => {
    const folder = await mkdtemp(join(tmpdir(), 'holdpoint-doctor-'));
    try {
      const source = join(folder, 'Probe.java');
      await writeFile(source, SOURCE);
      const options = { env, timeoutMs: RUNTIME_MS, signal, cwd: folder };
      // Quick to start is all that is wanted of it.
      const asked = await askProgram(file, ['-XX:TieredStopAtLevel=1', source, String(portOf(guard))], options);
      const lines = asked.out.split('\n');
      const part = (how: string) => ({ ...asked, out: lines.filter((line) => line.startsWith(`${how} `)).join('\n'), err: '' });
      const runtime = { name: 'Java', file, isAgents: false, fix: fixesFor(context, false) };
      if (!lines.some((line) => line.startsWith('own '))) {
        if (asked.stopped) return findingOf(answerOf(asked, nonce), runtime);
        return {
          state: 'unknown',
          says: `${file} runs no program from its source, so it could not be asked: that takes a JDK, 11 or later.`,
        };
      }
      const own = answerOf(part('own'), nonce);
      if (own.kind !== 'direct') return findingOf(own, runtime);
      return whenLed(answerOf(part('led'), nonce));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
  return [{ ...check, patienceMs: 30_000 }];
}

function whenLed({ kind }: Answer): Finding {
  if (kind === 'ok')
    return {
      state: 'warning',
      says: 'Java trusts the certificate, and goes past the guard unless it is told of the proxy: it reads no HTTPS_PROXY.',
      fix: {
        says: 'Start it with -Djava.net.useSystemProxies=true, or -Dhttps.proxyHost and -Dhttps.proxyPort.',
        repairs: false,
        root: false,
      },
    };
  return {
    state: 'warning',
    says: `Java does not use the proxy, and would not trust the certificate if it did: agents on it reach providers past the guard, or not at all.`,
    fix: {
      says: 'Put the certificate into the system’s store, and start it with -Dhttps.proxyHost and -Dhttps.proxyPort.',
      command: 'sudo holdpoint trust install',
      repairs: false,
      root: true,
    },
  };
}
