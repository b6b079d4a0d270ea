/** Programs of Windows that keep, show or trust credentials and certificates. */

import { NOTHING, UNKNOWN } from '../shell/machine.ts';
import { type ProgramCall, rows, type Said, type WindowsProgram } from './program.ts';

const SHOWS: readonly Said[] = [
  { effect: 'credential-access', risk: 'risk', says: 'shows a password or key ({command})' },
  { effect: 'read', risk: 'risk', says: 'shows a password or key ({command})' },
];
const PRIVILEGE: readonly Said[] = [{ effect: 'privilege', risk: 'risk', says: 'changes this machine ({command})' }];
const LOOKS: readonly Said[] = [];

export const CREDENTIAL_PROGRAMS: Readonly<Record<string, WindowsProgram>> = {
  cmdkey: {
    when: [
      { line: /[/-]list|^$/, effects: SHOWS },
      {
        line: /\S/,
        effects: [
          { effect: 'credential-access', risk: 'risk', says: 'changes what passwords are kept ({command})' },
          { effect: 'write-outside', risk: 'risk', says: 'changes what passwords are kept ({command})' },
        ],
      },
    ],
    gives: 'secret',
  },
  vaultcmd: { when: [{ line: /\S/, effects: SHOWS }], gives: 'secret' },
  ...rows('mimikatz lazagne procdump procdump64 pypykatz sharpdpapi rubeus', { effects: SHOWS, gives: 'secret' }),
  certutil: {
    when: [
      { line: /-(hashfile|dump|encode|viewstore|store|verify|asn|error|ping|urlcache$)/, effects: LOOKS },
      {
        line: /-(addstore|delstore|importpfx|installcert|repairstore|enterprise|setreg)/,
        effects: [
          { effect: 'disable-guard', risk: 'risk', says: 'changes which certificates this machine trusts ({command})' },
          ...PRIVILEGE,
        ],
      },
      { line: /-(exportpfx|backupkey|recoverkey|key\b)/, effects: SHOWS },
    ],
    run: certutil,
  },
  mpcmdrun: {
    when: [
      {
        line: /-(removedefinitions|restore|disableservice|wdenable|addexclusion)/,
        effects: [{ effect: 'privilege', risk: 'risk', says: 'takes a protection of this machine away ({command})' }],
      },
      { line: /-downloadfile/, effects: [{ effect: 'network', risk: 'watch', says: 'fetches a file ({command})' }] },
    ],
  },
};

/** certutil is what programs are fetched and unwrapped with where nothing else is at hand. */
function certutil(call: ProgramCall) {
  const { machine, state, operands } = call;
  const fetched = operands.find(({ text }) => /^(https?|ftp):/i.test(text));
  const target = operands.at(-1);
  if (fetched && /-(urlcache|verifyctl|url)/.test(call.line)) {
    machine.gathering.effect('network', 'plain', `fetches ${fetched.text.slice(0, 80)}`, fetched.range);
    const file = target && target !== fetched ? target : { ...fetched, text: fetched.text.replace(/^.*\//s, '') || 'index' };
    const place = machine.gathering.writes(file, state.cwd);
    machine.disk.files.set(place.path, { kind: 'download', from: fetched.text.slice(0, 80) });
    return NOTHING;
  }
  if (/-(decode|decodehex)\b/.test(call.line) && operands[0] && operands[1]) {
    machine.gathering.reads(operands[0], state.cwd);
    const place = machine.gathering.writes(operands[1], state.cwd);
    const flow = machine.disk.files.get(machine.gathering.paths.place(operands[0].text, state.cwd).path);
    // What it becomes is hidden until then.
    machine.disk.files.set(
      place.path,
      flow?.kind === 'text'
        ? { kind: 'text', text: Buffer.from(flow.text, 'base64').toString('utf8') }
        : (flow ?? { kind: 'text', text: '\0' }),
    );
    return NOTHING;
  }
  if (/-encode\b/.test(call.line) && operands[0] && operands[1]) {
    machine.gathering.reads(operands[0], state.cwd);
    const from = machine.gathering.paths.place(operands[0].text, state.cwd);
    const place = machine.gathering.writes(operands[1], state.cwd);
    machine.disk.files.set(place.path, machine.disk.files.get(from.path) ?? { kind: 'unknown', holds: from.holds });
    return NOTHING;
  }
  if (/-(hashfile|dump|verify|asn)/.test(call.line)) for (const file of operands.slice(0, 1)) machine.gathering.reads(file, state.cwd);
  return UNKNOWN;
}
