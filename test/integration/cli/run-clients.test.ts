/** Real clients behind `holdpoint run`: each uses the proxy and trusts it, with nothing set for it but what `run` sets. */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GuardProcess, startGuardProcess } from '../../support/guard-process.ts';
import { runCli } from './process.ts';

let guard: GuardProcess;
beforeAll(async () => {
  guard = await startGuardProcess({ reply: () => ({ status: 200, contentType: 'application/json', chunks: ['{"data":[]}'] }) });
});
afterAll(() => guard.stop());

const URL = 'https://api.anthropic.com/v1/models';
/** As a shell of somebody who was elsewhere before. */
const BEFORE = {
  ALL_PROXY: 'socks5://127.0.0.1:9',
  NO_PROXY: 'api.anthropic.com',
  no_proxy: 'api.anthropic.com',
  https_proxy: 'http://127.0.0.1:9',
  SSL_CERT_FILE: '/nowhere/ca.pem',
  CURL_CA_BUNDLE: '/nowhere/ca.pem',
  GIT_SSL_CAINFO: '/nowhere/ca.pem',
  GIT_TERMINAL_PROMPT: '0',
};
const behind = (...command: string[]) => runCli(['run', '--data-dir', guard.ready.dataDir, '--', ...command], BEFORE);

describe('behind holdpoint run', () => {
  it.each<[string, string[], string]>([
    ['curl', ['curl', '-sS', URL], '/v1/models'],
    ['git', ['git', 'ls-remote', 'https://api.anthropic.com/v1/models'], '/v1/models/info/refs?service=git-upload-pack'],
    ['Node', [process.execPath, '-e', `fetch('${URL}').then((r) => r.text()).then(console.log)`], '/v1/models'],
    ['Python', ['python3', '-c', `import urllib.request; print(urllib.request.urlopen('${URL}').read())`], '/v1/models'],
  ])('%s reaches its provider through the guard', async (_name, command, path) => {
    const earlier = guard.provider.requests.length;
    const { err } = await behind(...command);
    expect(guard.provider.requests[earlier]?.path, err).toBe(path);
  });

  it('every client is known to the log: program, command line, user, folder, parents', async () => {
    await behind('curl', '-sS', URL);
    const records = async () => {
      const { stdout } = await guard.cli('audit', 'tail', '--limit', '500', '--json');
      const told = JSON.parse(stdout) as { records: { kind: string; agent: string; data: { process?: object } }[] };
      return told.records.filter(({ agent }) => agent === 'curl');
    };
    await expect.poll(async () => new Set((await records()).map(({ kind }) => kind))).toEqual(new Set(['connection', 'exchange']));
    for (const { data } of await records()) {
      expect(data.process).toMatchObject({
        pid: expect.any(Number),
        executable: expect.stringMatching(/\/curl$/),
        commandLine: ['curl', '-sS', URL],
        user: expect.stringMatching(/./),
        cwd: process.cwd(),
        parents: expect.arrayContaining([expect.objectContaining({ pid: process.pid })]),
      });
    }
  });

  it('says which variable sends an agent where nothing is inspected', async () => {
    const { err, code } = await runCli(['run', '--data-dir', guard.ready.dataDir, '--', 'true'], {
      OPENAI_BASE_URL: 'http://localhost:4000/v1',
    });
    expect(err).toMatch(/^holdpoint: OPENAI_BASE_URL sends model calls to this machine itself/m);
    expect(code).toBe(0);
  });

  it('says which of the agent’s own settings lead it past the guard', async () => {
    await mkdir(join(guard.home, '.codex'));
    await writeFile(join(guard.home, '.codex/.env'), 'NO_PROXY=api.openai.com\n');
    const { err } = await runCli(['run', '--data-dir', guard.ready.dataDir, '--', 'true', 'codex'], { HOME: guard.home, CODEX_HOME: '' });
    expect(err).toMatch(/^holdpoint: .*\.codex\/\.env sets NO_PROXY for Codex/m);
  });
});
