/** `powershell` and `pwsh` with their own parameters (about_PowerShell_exe, about_Pwsh). */

import type { Word } from '../gathering.ts';
import { isOpen, readable } from '../holes.ts';
import { copyOf, type Flow, NOTHING, UNKNOWN } from '../shell/machine.ts';
import { regionOf } from '../shell/regions.ts';
import type { Circumstance } from '../windows/actions.ts';
import { openFile } from '../windows/actions.ts';
import { runFileHere } from '../windows/run-file.ts';
import { windowsMachine } from '../windows/spelling.ts';

interface Start extends Circumstance {
  readonly stdin: Flow;
  readonly raw: string;
}

/** In the order in which a beginning is taken for one of them. */
const VALUES = [
  'executionpolicy',
  'ep',
  'ex',
  'windowstyle',
  'w',
  'workingdirectory',
  'wd',
  'inputformat',
  'outputformat',
  'configurationname',
  'configurationfile',
  'settingsfile',
  'custompipename',
  'version',
  'psconsolefile',
  'of',
  'if',
  'ea',
  'encodedarguments',
];
const SWITCHES = /^(nop\w*|noni\w*|nol\w*|noe\w*|sta|mta|login|l|interactive|i|mta|noprofile|nologo|sshs\w*|se?r?v?e?r?m\w*)$/;

export function startPowerShell(words: readonly Word[], start: Start): Flow {
  const machine = windowsMachine(start.machine);
  const given: Start = { ...start, machine };
  const { stdin, range } = start;
  const state = copyOf(start.state);
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at]!;
    const name = /^[-/–—]([a-z?]+)(?::|$)/i.exec(word.text)?.[1]?.toLowerCase();
    const next = words[at + 1];
    if (word.text === '-') return reads(given, state);
    if (name === undefined) return takesFile(word, words.slice(at), { ...given, state });
    if (/^(e|ec|en|enc|enco|encod|encode|encoded\w*)$/.test(name) && !/^encodeda/.test(name))
      return runEncoded(next, words.slice(at + 2), { ...given, state });
    if (/^(c|co|com|comm|comma|comman|command|cwa|commandw\w*)$/.test(name)) {
      const rest = words.slice(at + 1);
      if (rest.length === 0) return UNKNOWN;
      const [only] = rest;
      if (rest.length === 1 && only?.text === '-') return reads(given, state);
      return machine.others.powershell({
        text: rest.map(({ text }) => text).join(' '),
        state,
        stdin,
        region: rest.length === 1 && only ? regionOf(only) : () => range,
        machine,
        shown: rest.map(({ raw }) => raw).join(' '),
      });
    }
    if (/^f(i|il|ile)?$/.test(name)) {
      if (next?.text === '-') return reads(given, state);
      return next ? takesFile(next, words.slice(at + 1), { ...given, state }, true) : UNKNOWN;
    }
    if (SWITCHES.test(name)) continue;
    if (VALUES.some((one) => one === name || (name.length > 1 && one.startsWith(name)))) {
      if (/^(w|wd|wo\w*)$/.test(name) && next && !/^(h|hid|hidden|n|normal|min\w*|max\w*|\d)$/i.test(next.text))
        state.cwd = machine.gathering.paths.absolute(next.text, state.cwd);
      at += 1;
    }
  }
  return reads(given, state);
}

/** What comes in is a script, where something comes in. */
function reads({ stdin, machine, range, raw }: Start, state: Start['state']): Flow {
  switch (stdin.kind) {
    case 'nothing':
      return UNKNOWN;
    case 'text':
      return machine.others.powershell({ text: stdin.text, state, stdin: NOTHING, region: () => range, machine, shown: raw });
    case 'download':
      machine.gathering.effect('download-execute', 'risk', `downloads ${stdin.from} and runs it`, range);
      return UNKNOWN;
    default:
      machine.gathering.effect('unresolved', 'watch', `runs what it is given, which can’t be told before it runs: ${readable(raw)}`, range);
      return UNKNOWN;
  }
}

function runEncoded(word: Word | undefined, rest: readonly Word[], { machine, range, state, stdin }: Start): Flow {
  if (!word) return UNKNOWN;
  if (isOpen(word.text)) {
    machine.gathering.effect('unresolved', 'watch', `runs what can’t be told before it runs: ${readable(word.raw)}`, word.range);
    return UNKNOWN;
  }
  const bytes = Buffer.from(`${word.text}${rest.length > 0 && /^[A-Za-z0-9+/=]+$/.test(rest[0]!.text) ? rest[0]!.text : ''}`, 'base64');
  const text = bytes.toString('utf16le');
  // Anything that is no text is something to hide.
  if (/[\ufffd]|^$/.test(text) || !/[\x20-\x7e]/.test(text))
    machine.gathering.effect('unresolved', 'watch', 'runs an encoded command that can’t be read', word.range);
  return machine.others.powershell({
    text: text.replace(/^\ufeff/, ''),
    state,
    stdin,
    region: () => word.range ?? range,
    machine,
    shown: word.raw,
  });
}

/** `-File x.ps1`; in Windows PowerShell a bare word is a command, in PowerShell 7 a file. */
function takesFile(file: Word, words: readonly Word[], start: Start, isFile = false): Flow {
  if (isFile || /\.ps1$/i.test(file.text)) {
    if (/^([\\/]{2}|https?:)/i.test(file.text)) return openFile(file, [], NOTHING, start);
    return runFileHere(file, words.slice(1), { ...start });
  }
  return start.machine.others.powershell({
    text: words.map(({ text }) => text).join(' '),
    state: start.state,
    stdin: start.stdin,
    region: words.length === 1 ? regionOf(file) : () => start.range,
    machine: start.machine,
    shown: words.map(({ raw }) => raw).join(' '),
  });
}
