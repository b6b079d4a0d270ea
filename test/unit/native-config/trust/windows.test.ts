/** The computer's trusted roots: exactly what would be run, on what Windows' tools print. */

import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkedAuthority } from '../../../../native-config/trust/authority.ts';
import { createTrust } from '../../../../native-config/trust/trust.ts';
import { createWindowsFirefoxPolicy, createWindowsStore } from '../../../../native-config/trust/windows.ts';
import { type FolderMachine, folderMachine, NOW, newAuthority, told } from './fixture.ts';

const CA = newAuthority();
const AUTHORITY = checkedAuthority(CA, NOW);
const OLD = checkedAuthority(newAuthority(), NOW);
const SYSTEM = 'C:\\Windows\\System32';
const CERTUTIL = `${SYSTEM}\\certutil.exe`;
const REG = `${SYSTEM}\\reg.exe`;
const LIST = `${SYSTEM}\\WindowsPowerShell\\v1.0\\powershell.exe -NoProfile -NonInteractive -Command Get-ChildItem Cert:\\LocalMachine\\Root`;
const KEY = 'HKLM\\SOFTWARE\\Policies\\Mozilla\\Firefox\\Certificates';
const FILE = 'C:\\ProgramData\\Holdpoint\\holdpoint.crt';
const print = (sha1: string) => sha1.replaceAll(':', '').toLowerCase();

let pc: FolderMachine;
beforeEach(() => {
  pc = folderMachine('win32', undefined);
});
afterEach(() => rmSync(pc.system.root, { recursive: true }));

const plan = async () => told(pc, await createTrust(pc.system, () => NOW).plan({ proxyUrl: '', caPem: CA }));

describe('the computer’s trusted roots', () => {
  it('get the authority by certutil, and lose it by its thumbprint', async () => {
    pc.answers[LIST] = { out: '' };
    expect(await plan()).toEqual([
      `Keeps “Holdpoint on laptop” for certutil: ${FILE}`,
      `Has this computer trust “Holdpoint on laptop” (SHA-256 ${AUTHORITY.sha256}): ${CERTUTIL} -addstore -f Root ${FILE}`,
    ]);
    expect((await createWindowsStore(pc.system).plan(AUTHORITY)).at(-1)).toMatchObject({
      undo: [CERTUTIL, '-delstore', 'Root', print(AUTHORITY.sha1)],
    });
  });

  it('have nothing to be done where it is, whoever has put it there', async () => {
    pc.answers[LIST] = { out: `${AUTHORITY.base64}\r\n` };
    expect(await plan()).toEqual([]);
  });

  it('lose an older authority', async () => {
    pc.answers[LIST] = { out: `${OLD.base64}\r\n${AUTHORITY.base64}\r\nnoise\r\n` };
    expect(await plan()).toEqual([expect.stringContaining(`: ${CERTUTIL} -delstore Root ${print(OLD.sha1)}`)]);
  });

  it('are asked by certutil', async () => {
    const state = async () => (await createWindowsStore(pc.system).status(AUTHORITY)).map((one) => one.state);
    pc.answers[LIST] = { out: '' };
    pc.answers[`${CERTUTIL} -verifystore`] = { code: 0x80090011, out: 'CertUtil: -verifystore command FAILED: 0x80090011 (-2146893807)' };
    expect(await state()).toEqual(['no']);
    pc.answers[`${CERTUTIL} -verifystore Root ${print(AUTHORITY.sha1)}`] = {
      out: 'CertUtil: -verifystore command completed successfully.',
    };
    expect(await state()).toEqual(['yes']);
    pc.answers[LIST] = { out: `${OLD.base64}\r\n` };
    expect(await state()).toEqual(['partly']);
  });
});

describe('Firefox on Windows', () => {
  const policy = () => createWindowsFirefoxPolicy(pc.system);
  const value = (number: string) => ({
    [`${REG} query ${KEY} /v ImportEnterpriseRoots`]: { out: `\r\n${KEY}\r\n    ImportEnterpriseRoots    REG_DWORD    ${number}\r\n\r\n` },
  });
  beforeEach(() => {
    pc.answers[`${REG} query HKLM\\SOFTWARE\\Mozilla\\Mozilla Firefox`] = { out: '' };
  });

  it('is told by policy to read them', async () => {
    const [step] = await policy().plan(AUTHORITY);
    expect(step).toMatchObject({
      command: [REG, 'add', KEY, '/v', 'ImportEnterpriseRoots', '/t', 'REG_DWORD', '/d', '1', '/f'],
      undo: [REG, 'delete', KEY, '/v', 'ImportEnterpriseRoots', '/f'],
    });
    expect(await policy().status(AUTHORITY)).toMatchObject([{ state: 'no' }]);
  });

  it('is left as an administrator has set it, which is told', async () => {
    Object.assign(pc.answers, value('0x0'));
    expect(await policy().plan(AUTHORITY)).toEqual([]);
    expect(await policy().status(AUTHORITY)).toMatchObject([{ state: 'no', says: expect.stringContaining('An administrator') }]);
    Object.assign(pc.answers, value('0x1'));
    expect(await policy().status(AUTHORITY)).toMatchObject([{ state: 'yes' }]);
  });

  it('that is not there is not spoken of', async () => {
    pc.answers[`${REG} query HKLM\\SOFTWARE\\Mozilla\\Mozilla Firefox`] = { code: 1 };
    expect([await policy().plan(AUTHORITY), await policy().status(AUTHORITY)]).toEqual([[], []]);
  });
});
