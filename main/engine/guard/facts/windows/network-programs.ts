/** Programs of Windows that talk to other machines, and installers. */

import { readable } from '../holes.ts';
import { holdingOf, NOTHING, UNKNOWN } from '../shell/machine.ts';
import { fetchAddress, readFiles, sendTo, writeFiles } from './actions.ts';
import { rows, type Said, type WindowsProgram } from './program.ts';

const TALKS: readonly Said[] = [{ effect: 'network', risk: 'watch', says: 'opens a connection to another machine ({command})' }];

export const NETWORK_PROGRAMS: Readonly<Record<string, WindowsProgram>> = {
  bitsadmin: {
    run(call) {
      const addresses = call.operands.filter(({ text }) => /^(https?|ftp):|^\\\\/i.test(text));
      const files = call.operands.filter((word) => !addresses.includes(word) && /[\\/.%]/.test(word.text));
      if (call.has('setnotifycmdline'))
        call.say({ effect: 'persistence', risk: 'risk', says: 'has a program started when a download ends ({command})' });
      if (call.has('upload') || /\bupload\b/.test(call.line)) {
        const flow = readFiles(files, call);
        sendTo(addresses[0]?.text, holdingOf(flow), files[0]?.raw ?? '', call);
        return NOTHING;
      }
      for (const address of addresses) {
        const flow = fetchAddress(address, call);
        const file = files.at(-1);
        if (file) writeFiles([file], flow, call);
      }
      return NOTHING;
    },
  },
  ftp: {
    effects: TALKS,
    takes: '',
    run(call) {
      const script = call.value('s');
      if (script) {
        readFiles([script], call);
        call.say({ effect: 'unresolved', risk: 'watch', says: 'sends or fetches what a file of commands says ({command})' });
      }
      for (const word of call.operands.slice(0, 1)) call.machine.gathering.host(readable(word.text.toLowerCase()));
      const holds = holdingOf(call.stdin);
      if (holds) sendTo(call.operands[0]?.text, holds, call.raw, call);
      return UNKNOWN;
    },
  },
  tftp: {
    effects: TALKS,
    run(call) {
      if (/\bput\b/.test(call.line)) sendTo(call.operands[0]?.text, holdingOf(readFiles(call.operands.slice(2), call)), call.raw, call);
      return UNKNOWN;
    },
  },
  ...rows('mstsc winrs telnet plink', { effects: [{ effect: 'network', risk: 'watch', says: 'logs in to another machine ({command})' }] }),
  ...rows('pscp psftp', {
    run(call) {
      const to = call.operands.at(-1);
      if (to && /:/.test(to.text) && !/^[A-Za-z]:[\\/]/.test(to.text))
        sendTo(to.text.replace(/^.*@/, '').replace(/:.*$/, ''), holdingOf(readFiles(call.operands.slice(0, -1), call)), call.raw, call);
      call.say({ effect: 'network', risk: 'watch', says: 'copies files from or to another machine ({command})' });
      return UNKNOWN;
    },
  }),
  ...rows('desktopimgdownldr certreq ieexec hh presentationhost configsecuritypolicy datasvcutil xwizard devtunnel', {
    when: [
      {
        line: /https?:|\\\\/,
        effects: [...TALKS, { effect: 'download-execute', risk: 'risk', says: 'fetches or runs what is on another machine ({command})' }],
      },
    ],
  }),
  ...rows('azcopy', { effects: [{ effect: 'network', risk: 'watch', says: 'copies files from or to another machine ({command})' }] }),
};
