/** Programs of Windows that work on files and disks. */

import { readable } from '../holes.ts';
import { type Flow, holdingOf, NOTHING, UNKNOWN } from '../shell/machine.ts';
import { copyFiles, deleteFiles, readFiles, writeFiles } from './actions.ts';
import { holdingOfNames } from './environment.ts';
import { type ProgramCall, rows, type Said, type WindowsProgram } from './program.ts';

const DISK: readonly Said[] = [{ effect: 'destructive', risk: 'risk', says: 'rewrites a disk ({command})' }];
const OWNER: readonly Said[] = [{ effect: 'privilege', risk: 'risk', says: 'changes who may use files ({command})' }];

export const FILE_PROGRAMS: Readonly<Record<string, WindowsProgram>> = {
  ...rows('findstr find', {
    takes: '',
    run(call) {
      const files = call.has('c') || call.has('g') ? call.operands : call.operands.slice(1);
      if (call.value('g')?.text) call.machine.gathering.reads(call.value('g')!, call.state.cwd);
      // Of the environment's variables only those that it looks for come out.
      if (files.length === 0 && holdingOf(call.stdin) === 'environment')
        return { kind: 'unknown', holds: holdingOfNames((call.value('c') ?? call.operands[0])?.text ?? '') };
      if (files.length === 0) return undefined;
      const below = call.words.some(({ text }) => /^[/-][bevilxmnop]*s[bevilxmnopa]*$/i.test(text));
      // A search below a folder reads all that is in it.
      for (const file of below ? files : []) {
        const folder = { ...file, text: file.text.replace(/[\\/][^\\/]*$/, '') };
        if (folder.text !== file.text) call.machine.gathering.reads(folder, call.state.cwd, true);
      }
      return readFiles(files, call, below);
    },
  }),
  ...rows('fc comp', { run: (call) => made(readFiles(call.operands, call)) }),
  more: { run: (call) => (call.operands.length > 0 ? readFiles(call.operands, call) : call.stdin) },
  sort: {
    takes: 'o output t rec',
    run(call) {
      const output = call.value('o') ?? call.value('output');
      const flow = call.operands.length > 0 ? readFiles(call.operands, call) : call.stdin;
      if (!output) return made(flow);
      writeFiles([output], made(flow), call);
      return NOTHING;
    },
  },
  tree: { run: (call) => made(readFiles(call.operands, call)) },
  ...rows('where', { takes: 'r', gives: 'measure' }),
  ...rows('clip', { gives: 'nothing' }),
  ...rows('timeout choice', { takes: 't c m d n', gives: 'nothing' }),
  attrib: {
    run(call) {
      for (const file of call.operands.filter(({ text }) => !/^[+-][a-z]$/i.test(text))) {
        const changes = call.words.some(({ text }) => /^[+-][rashiopux]$/i.test(text));
        if (changes) call.machine.gathering.writes(file, call.state.cwd, 'changes');
        else call.machine.gathering.reads(file, call.state.cwd);
      }
      return NOTHING;
    },
  },
  ...rows('xcopy', {
    run(call) {
      if (call.has('l')) return UNKNOWN;
      const [from, to] = call.operands;
      if (from) copyFiles([from], to ?? here(call), call, 'copy', call.has('s') || call.has('e'));
      return UNKNOWN;
    },
  }),
  robocopy: {
    run(call) {
      if (call.has('l')) return UNKNOWN;
      const [from, to] = call.operands;
      if (!from || !to) return UNKNOWN;
      copyFiles([from], to, call, call.has('mov') || call.has('move') ? 'move' : 'copy', true);
      // Whatever the source does not have is deleted from the target.
      if (call.has('mir') || call.has('purge')) {
        const place = call.machine.gathering.paths.place(to.text, call.state.cwd);
        if (place.kind === 'generated' || place.kind === 'scratch') return UNKNOWN;
        deleteFiles([to], call, 'whole');
      }
      return UNKNOWN;
    },
  },
  replace: {
    run: (call) =>
      ended(
        () => call.operands.slice(0, 1).length > 0 && copyFiles(call.operands.slice(0, 1), call.operands[1] ?? here(call), call, 'copy'),
      ),
  },
  ...rows('expand extrac32 makecab', {
    takes: 'l',
    run(call) {
      const [from, to] = call.operands;
      if (from) copyFiles([from], to ?? here(call), call, 'copy');
      return UNKNOWN;
    },
  }),
  esentutl: { takes: 'd y', run: (call) => ended(() => copyFiles(call.operands.slice(0, 1), call.value('d'), call, 'copy')) },
  ...rows('icacls cacls', {
    takes: 'grant deny remove setowner save restore findsid substitute inheritance setintegritylevel',
    run(call) {
      const [file] = call.operands;
      if (!file) return UNKNOWN;
      if (!/[/-](grant|deny|remove|setowner|restore|reset|inheritance|substitute|setintegritylevel|g|e|p|d|r)(\b|:)/.test(call.line)) {
        call.machine.gathering.reads(file, call.state.cwd);
        return UNKNOWN;
      }
      const place = call.machine.gathering.writes(file, call.state.cwd, 'changes who may use');
      if (place.where !== 'workspace') call.say({ effect: 'write-outside', risk: 'watch', says: 'changes who may use files ({command})' });
      if (place.kind === 'everything' || place.kind === 'system') for (const said of OWNER) call.say(said);
      if (call.has('t') && place.kind === 'everything')
        call.say({ effect: 'destructive', risk: 'risk', says: `changes who may use everything in ${place.shown}` });
      return UNKNOWN;
    },
  }),
  takeown: {
    takes: 'f s u p d',
    effects: OWNER,
    run(call) {
      const file = call.value('f');
      if (file) call.machine.gathering.writes(file, call.state.cwd, 'takes over');
      return UNKNOWN;
    },
  },
  forfiles: {
    takes: 'p m c d',
    run(call) {
      const folder = call.value('p');
      const command = call.value('c');
      const mask = call.value('m')?.text ?? '*';
      const start = folder ?? { text: '.', range: call.range, raw: '.' };
      call.machine.gathering.reads(start, call.state.cwd);
      if (!command) return UNKNOWN;
      const found = `${start.text.replace(/[\\/]$/, '')}/${mask}`;
      call.runLine({
        ...command,
        text: command.text.replace(/@(path|file|relpath)/gi, () => `"${found}"`).replace(/@(fname|ext|isdir|fsize|fdate|ftime)/gi, '…'),
      });
      return UNKNOWN;
    },
  },
  cipher: {
    when: [
      {
        line: /[/-]w(:|\b)/,
        effects: [
          { effect: 'destructive', risk: 'risk', says: 'overwrites what was deleted, so that it cannot be brought back ({command})' },
        ],
      },
      { line: /[/-][ed]\b/, effects: [{ effect: 'destructive', risk: 'watch', says: 'encrypts or decrypts files ({command})' }] },
    ],
  },
  format: { effects: DISK },
  diskpart: { effects: DISK },
  ...rows('sdelete sdelete64', {
    run: (call) => ended(() => deleteFiles(call.operands, call, 'whole')),
    effects: [{ effect: 'destructive', risk: 'risk', says: 'overwrites files, so that they cannot be brought back ({command})' }],
  }),
  ...rows('mountvol label convert diskshadow', {
    when: [{ line: /\S/, effects: [...DISK, { effect: 'privilege', risk: 'risk', says: 'changes a disk ({command})' }] }],
  }),
  subst: {
    when: [{ line: /\S/, effects: [{ effect: 'unresolved', risk: 'watch', says: 'gives a folder a drive’s letter ({command})' }] }],
  },
  ...rows('chkdsk defrag', {
    when: [{ line: /[/-](f|r|x|b)\b/, effects: [{ effect: 'privilege', risk: 'risk', says: 'repairs a disk ({command})' }] }],
  }),
  compact: { run: (call) => ended(() => call.operands.map((file) => call.machine.gathering.writes(file, call.state.cwd, 'changes'))) },
  fsutil: {
    when: [
      {
        line: /^(file (setzerodata|createnew|setvaliddata)|usn (deletejournal|createjournal)|volume dismount|reparsepoint delete|resource|hardlink create|behavior set|dirty set|quota|repair set|8dot3name|bypassio)/,
        effects: [...DISK, { effect: 'privilege', risk: 'risk', says: 'changes a disk ({command})' }],
      },
    ],
  },
  'manage-bde': {
    when: [
      {
        line: /-(off|on|lock|unlock|forcerecovery|changepin|wipefreespace|protectors|disable|pause)/,
        effects: [{ effect: 'privilege', risk: 'risk', says: 'changes a disk’s encryption ({command})' }, ...DISK],
      },
    ],
  },
};

function here(call: ProgramCall) {
  return { text: '.', range: call.range, raw: readable(call.raw, 40) };
}

function made(flow: Flow): Flow {
  return flow.kind === 'text' ? { kind: 'unknown' } : flow;
}

function ended(run: () => unknown): Flow {
  run();
  return NOTHING;
}
