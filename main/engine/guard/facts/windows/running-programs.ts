/** Programs of Windows that run something else: shells, script hosts, installers, and those that are misused for it. */

import { startCmd } from '../cmd/start.ts';
import { isBuiltin } from '../cmd/words.ts';
import type { Word } from '../gathering.ts';
import { isDownloaded, isOpen, readable } from '../holes.ts';
import { startPowerShell } from '../powershell/start.ts';
import { copyOf, type Flow, NOTHING, UNKNOWN } from '../shell/machine.ts';
import { openFile } from './actions.ts';
import { shareHost } from './foreign.ts';
import { type ProgramCall, rows, type Said, type WindowsProgram } from './program.ts';

const DOWNLOADS: Said = { effect: 'download-execute', risk: 'risk', says: 'runs what is on another machine ({command})' };
const UNTOLD: Said = { effect: 'unresolved', risk: 'watch', says: 'runs what can’t be told before it runs ({command})' };

export const RUNNING_PROGRAMS: Readonly<Record<string, WindowsProgram>> = {
  ...rows('powershell pwsh powershell_ise pwsh-preview', { run: (call) => startPowerShell(call.words, call) }),
  ...rows('cmd', { run: (call) => startCmd(call.words, call) }),
  wsl: {
    run(call) {
      let at = 0;
      for (; at < call.words.length && /^-/.test(call.words[at]!.text); at += 1) {
        const option = call.words[at]!.text;
        if (/^(--unregister|--terminate|--shutdown)$/.test(option)) {
          call.say({
            effect: 'destructive',
            risk: option === '--unregister' ? 'risk' : 'watch',
            says: 'ends or deletes a Linux system ({command})',
          });
          return NOTHING;
        }
        if (/^(--install|--import|--update)$/.test(option)) {
          call.say({ effect: 'install-package', risk: 'watch', says: 'installs a Linux system ({command})' });
          return NOTHING;
        }
        if (/^(-d|--distribution|-u|--user|--cd|--shell-type)$/.test(option)) at += 1;
        if (/^(-e|--exec|--)$/.test(option)) {
          at += 1;
          break;
        }
      }
      const rest = call.words.slice(at);
      if (rest.length === 0) return UNKNOWN;
      return call.machine.runText(rest.map(({ text }) => text).join(' '), copyOf(call.state), call.stdin, () => call.range, call.raw);
    },
  },
  ...rows('wscript cscript', {
    takes: '',
    run: (call) =>
      ran(
        call,
        call.operands.filter(({ text }) => !text.startsWith('//')),
        [UNTOLD],
      ),
  }),
  mshta: { run: (call) => hostile(call, call.operands) },
  rundll32: {
    run(call) {
      if (
        /javascript:|vbscript:|mshtml|https?:|\\\\|url\.dll|shell32\.dll,shellexec|advpack|ieadvpack|zipfldr|pcwutl|comsvcs/i.test(
          call.line,
        )
      ) {
        if (/comsvcs/.test(call.line)) {
          call.say({ effect: 'credential-access', risk: 'risk', says: 'writes down another program’s memory ({command})' });
          call.say({ effect: 'read', risk: 'risk', says: 'writes down another program’s memory ({command})' });
        }
        call.say({ effect: 'runs-code', risk: 'watch', says: 'runs code through Windows’ own programs ({command})' });
        call.say(UNTOLD);
        if (/https?:|file:\/\/|\\\\/.test(call.line)) call.say(DOWNLOADS);
        return UNKNOWN;
      }
      call.say({ effect: 'runs-code', risk: 'watch', says: 'runs code from a library ({command})' });
      call.say(UNTOLD);
      return UNKNOWN;
    },
  },
  ...rows(
    'regsvr32 regsvcs regasm installutil odbcconf cmstp msdt mavinject tracker te msxsl dnx rcsi bginfo cdb infdefaultinstall appvlp scriptrunner pcalua syncappvpublishingserver',
    {
      run(call) {
        if (/https?:|\\\\/.test(call.line)) call.say(DOWNLOADS);
        else call.say({ effect: 'runs-code', risk: 'watch', says: 'runs code through Windows’ own programs ({command})' });
        call.say(UNTOLD);
        return UNKNOWN;
      },
    },
  ),
  msiexec: {
    takes: 'i package a x uninstall p update l log lv le lx f j jm ju',
    run(call) {
      if (/https?:|\\\\/.test(call.line)) call.say(DOWNLOADS);
      const file =
        ['i', 'package', 'a', 'p', 'update', 'j'].map((key) => call.value(key)).find((word) => word !== undefined && word.text !== '') ??
        call.operands[0];
      if (call.has('x') || call.has('uninstall')) call.say({ effect: 'destructive', risk: 'watch', says: 'removes a program ({command})' });
      else call.say({ effect: 'install-package', risk: 'watch', says: 'installs a program ({command})' });
      call.say({ effect: 'privilege', risk: 'watch', says: 'installs or removes a program for this machine ({command})' });
      return file ? openFile(file, [], NOTHING, call) : UNKNOWN;
    },
  },
  ...rows('explorer control mmc', {
    run(call) {
      const [first] = call.operands;
      if (first && /^(https?|ftp):/i.test(first.text)) call.say({ effect: 'network', says: 'opens an address in a browser ({command})' });
      else if (first && (shareHost(first.text) || /\.(exe|bat|cmd|lnk|hta|js|vbs|msi|cpl|scr)$/i.test(first.text)))
        return openFile(first, [], NOTHING, call);
      return UNKNOWN;
    },
  }),
  py: {
    run: (call) =>
      call.machine.runWords(
        [{ text: 'python', range: call.range, raw: 'py' }, ...call.words.filter(({ text }) => !/^-(\d[\d.]*(-\d+)?|0p?)$/.test(text))],
        call.state,
        call.stdin,
        call.range,
      ),
  },
  ...rows('sqlcmd osql', {
    takes: 's u p d q i o e',
    run(call) {
      for (const file of ['i'].flatMap((key) => call.value(key) ?? [])) call.machine.gathering.reads(file, call.state.cwd);
      const server = call.value('s');
      const query = call.words.filter((_, index) => /^[-/]q$/i.test(call.words[index - 1]?.text ?? ''));
      const host: Word[] =
        server && !/^(\.|localhost|\(local(db)?\))(\\.*)?$/i.test(server.text) ? [{ ...server, text: '-h' }, server] : [];
      const rest = call.words.length === 1 ? call.words : query;
      return call.machine.runWords(
        [{ text: 'mysql', range: call.range, raw: call.name }, ...host, ...rest],
        call.state,
        call.stdin,
        call.range,
      );
    },
  }),
  ...rows(
    'msbuild cl link lib nmake devenv vstest.console csc vbc rc midl signtool vcpkg vswhere xbuild nuget-restore fxc ml ml64 dumpbin editbin cmake-gui vsdevcmd vcvarsall vcvars64 iisexpress ssms azuredatastudio',
    {
      effects: [{ effect: 'runs-code', says: 'runs this project’s own code ({command})' }],
      when: [
        {
          line: /https?:|\\\\\w/,
          effects: [{ effect: 'unresolved', risk: 'watch', says: 'builds what is on another machine ({command})' }],
        },
      ],
    },
  ),
  nuget: {
    when: [
      {
        line: /^(push|delete)\b/,
        effects: [
          { effect: 'publish', risk: 'risk', says: 'publishes a package, which cannot be taken back ({command})' },
          { effect: 'network', risk: 'watch', says: 'publishes a package, which cannot be taken back ({command})' },
        ],
      },
      {
        line: /^(install|add|sources|setapikey|config|trusted-signers)\b/,
        effects: [{ effect: 'install-package', risk: 'watch', says: 'installs a package, or changes where they come from ({command})' }],
      },
      { line: /^(restore|pack|list|search|locals|help|update)?\b/, effects: [{ effect: 'runs-code', says: 'runs nuget ({command})' }] },
    ],
  },
  start: { run: (call) => startProgram(call) },
};

/** `start "title" /b program words`: a document or an address is opened, a program runs. */
function startProgram(call: ProgramCall): Flow {
  let at = 0;
  const { words } = call;
  if (/^"/.test(words[0]?.raw ?? '')) at = 1;
  for (; at < words.length && /^\//.test(words[at]!.text); at += 1) if (/^\/(d|node|affinity|machine)$/i.test(words[at]!.text)) at += 1;
  const [program, ...rest] = words.slice(at);
  if (!program || program.text === '') return NOTHING;
  if (/^(https?|ftp|mailto|ms-[\w-]+|vscode):/i.test(program.text)) {
    call.say({ effect: 'network', says: `opens ${readable(program.text)}` }, program.range);
    return NOTHING;
  }
  // A command of cmd.exe's own gets a cmd.exe of its own.
  if (isBuiltin(program.text) || /^[@(]|^(if|for)$/i.test(program.text))
    call.runLine({ ...program, text: [program, ...rest].map(({ text }) => (/\s/.test(text) ? `"${text}"` : text)).join(' ') });
  else call.runWords([program, ...rest]);
  return NOTHING;
}

function ran(call: ProgramCall, files: readonly Word[], otherwise: readonly Said[]): Flow {
  const [file] = files;
  if (!file) return UNKNOWN;
  if (isOpen(file.text) || isDownloaded(file.text) || /^(javascript|vbscript):/i.test(file.text))
    for (const said of otherwise) call.say(said);
  return openFile(file, files.slice(1), NOTHING, call);
}

/** mshta runs what it is pointed at, with a person's rights and no questions. */
function hostile(call: ProgramCall, operands: readonly Word[]): Flow {
  const [target] = operands;
  if (!target) return UNKNOWN;
  if (/^(javascript|vbscript|about):/i.test(target.text)) {
    call.say(UNTOLD);
    const command = /\.(?:run|exec|shellexecute)\s*\(?\s*["']{1,2}([^"']+)/i.exec(target.text)?.[1];
    if (command)
      call.machine.others.cmd({
        text: command,
        state: call.state,
        stdin: NOTHING,
        region: () => target.range,
        machine: call.machine,
        shown: target.raw,
      });
    return UNKNOWN;
  }
  call.say(/^https?:|^\\\\/i.test(target.text) ? DOWNLOADS : UNTOLD);
  return UNKNOWN;
}
