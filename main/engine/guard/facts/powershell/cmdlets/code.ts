/** Cmdlets that run something: text, files, programs, types and modules. */

import type { Word } from '../../gathering.ts';
import { isDownloaded, isOpen, readable } from '../../holes.ts';
import { regionOf } from '../../shell/regions.ts';
import { openFile } from '../../windows/actions.ts';
import { taken } from '../../windows/command-line.ts';
import { connects, isClient } from '../clients.ts';
import { plainType } from '../statics.ts';
import { EMPTY, flowOf, isDownload, itemsOf, listOf, text, textOfValue, thing, unknown, type Value } from '../values.ts';
import { type Cmdlet, type CmdletCall, rows } from './cmdlet.ts';

const INSTALLS = (what: string) =>
  [
    { effect: 'install-package', risk: 'watch', says: `installs ${what} ({command})` },
    { effect: 'network', says: `fetches ${what} ({command})` },
  ] as const;

export const CODE: Readonly<Record<string, Cmdlet>> = {
  'invoke-expression': {
    positional: 'Command',
    run(call) {
      const [given] = call.given('Command');
      const value = given?.value ?? call.input;
      if (isDownload(value)) {
        call.say({
          effect: 'download-execute',
          risk: 'risk',
          says: `downloads ${value.kind === 'download' ? value.from : 'something'} and runs it`,
        });
        return { kind: 'download', from: 'something' };
      }
      if (value.kind === 'block') return call.runtime.call(value, undefined, []);
      if (value.kind === 'nothing') return EMPTY;
      const code = value.kind === 'list' ? itemsOf(value).map(textOfValue).join('\n') : textOfValue(value);
      const word: Word | undefined = given && { text: code, range: given.range, raw: given.raw };
      return call.runtime.run(code, word ? regionOf(word) : () => call.range, given?.raw ?? readable(call.raw));
    },
  },
  'start-process': {
    positional: 'FilePath ArgumentList',
    named: 'WorkingDirectory Verb Credential RedirectStandardInput RedirectStandardOutput RedirectStandardError WindowStyle Environment',
    switches: 'Wait NoNewWindow PassThru UseNewEnvironment LoadUserProfile',
    run(call) {
      const program = call.word('FilePath');
      const verb = call.word('Verb')?.text ?? '';
      if (/^runas/i.test(verb)) call.say({ effect: 'privilege', risk: 'risk', says: 'runs as administrator ({command})' });
      if (call.has('Credential')) call.say({ effect: 'privilege', risk: 'risk', says: 'runs as another user ({command})' });
      for (const file of [...call.words('RedirectStandardOutput'), ...call.words('RedirectStandardError')])
        call.machine.gathering.writes(file, call.state.cwd);
      for (const file of call.words('RedirectStandardInput')) call.machine.gathering.reads(file, call.state.cwd);
      if (!program) return unknown();
      const before = call.state.cwd;
      const folder = call.word('WorkingDirectory');
      if (folder) call.state.cwd = call.machine.gathering.paths.absolute(folder.text, before);
      const listed = call.given('ArgumentList').flatMap(({ value }) => itemsOf(value));
      const words = listed.length === 1 ? call.words('ArgumentList').flatMap(taken) : call.words('ArgumentList');
      runNamed(call, program, words);
      call.state.cwd = before;
      return unknown();
    },
  },
  'invoke-item': {
    positional: 'Path',
    named: 'LiteralPath Filter Include Exclude',
    run(call) {
      for (const file of [...call.words('Path'), ...call.words('LiteralPath')]) openFile(file, [], { kind: 'nothing' }, call);
      return EMPTY;
    },
  },
  'add-type': {
    positional: 'TypeDefinition',
    named:
      'MemberDefinition Name Namespace UsingNamespace AssemblyName Path LiteralPath Language ReferencedAssemblies OutputAssembly OutputType CompilerOptions IgnoreWarnings',
    switches: 'PassThru',
    run(call) {
      if (call.has('AssemblyName') && !call.has('TypeDefinition') && !call.has('MemberDefinition')) {
        call.say({ effect: 'runs-code', says: 'loads a library of .NET ({command})' });
        return EMPTY;
      }
      call.say({ effect: 'runs-code', risk: 'watch', says: 'compiles and loads code ({command})' });
      const code =
        ['TypeDefinition', 'MemberDefinition'].map((name) => call.value(name)).find((value) => value !== undefined) ?? call.input;
      const written = textOfValue(code);
      if (isDownload(code)) call.say({ effect: 'download-execute', risk: 'risk', says: 'downloads code and runs it' });
      else if (call.has('Path') || call.has('LiteralPath') || isOpen(written) || HOSTILE_CODE.test(written))
        call.say({ effect: 'unresolved', risk: 'watch', says: 'compiles and loads what can’t be told before it runs ({command})' });
      return EMPTY;
    },
  },
  'new-object': {
    positional: 'TypeName ArgumentList',
    named: 'ComObject Property Strict',
    run(call) {
      const com = call.word('ComObject');
      if (com) return thing(`com:${com.text}`);
      const type = plainType(call.word('TypeName')?.text ?? '');
      const values = call.given('ArgumentList').flatMap(({ value }) => itemsOf(value));
      if (/(tcpclient|udpclient)$/.test(type) && values[0]) connects(textOfValue(values[0]), call.range, call.runtime);
      if (isClient(type)) return thing(type, ...values);
      if (/pscredential$/.test(type)) return unknown('key');
      if (/^io\.(filestream|streamwriter)$/.test(type))
        for (const word of call.words('ArgumentList').slice(0, 1)) call.machine.gathering.writes(word, call.state.cwd);
      if (/^io\.(streamreader|fileinfo|directoryinfo)$/.test(type)) {
        for (const word of call.words('ArgumentList').slice(0, 1)) call.machine.gathering.reads(word, call.state.cwd);
        return {
          kind: 'paths',
          patterns: call
            .words('ArgumentList')
            .slice(0, 1)
            .map((word) => word.text),
        };
      }
      return type === 'psobject' || type === 'object' ? (call.value('Property') ?? listOf(values)) : thing(type, ...values);
    },
  },
  ...rows('Import-Module', {
    positional: 'Name',
    named: 'Assembly RequiredVersion MinimumVersion MaximumVersion Prefix Function Cmdlet Alias Variable Scope ArgumentList PSSession',
    switches: 'Force Global PassThru DisableNameChecking NoClobber SkipEditionCheck UseWindowsPowerShell',
    run(call) {
      for (const word of call.words('Name')) {
        if (isDownloaded(word.text)) call.say({ effect: 'download-execute', risk: 'risk', says: 'downloads a module and runs it' });
        else if (/[\\/]|\.(psm1|psd1|dll|ps1)$/i.test(word.text) || isOpen(word.text)) openFile(word, [], { kind: 'nothing' }, call);
        else call.say({ effect: 'runs-code', says: 'loads the module {1}' });
      }
      if (call.has('Assembly'))
        call.say({ effect: 'unresolved', risk: 'watch', says: 'loads code that can’t be told before it runs ({command})' });
      return EMPTY;
    },
  }),
  ...rows(
    'Install-Module Install-Script Install-Package Install-PackageProvider Install-PSResource Update-Module Update-Script Update-PSResource Save-Module Save-Package Save-Script Install-AppxPackage Add-AppxPackage Add-AppxProvisionedPackage Install-WinGetPackage Install-ChocolateyPackage',
    {
      positional: 'Name',
      named: 'Source Repository Scope RequiredVersion MinimumVersion MaximumVersion Path Credential Version ProviderName Id',
      switches: 'Force AllowClobber SkipPublisherCheck AcceptLicense AllowPrerelease TrustRepository',
      effects: INSTALLS('{1}'),
    },
  ),
  ...rows(
    'Register-PSRepository Set-PSRepository Register-PackageSource Set-PackageSource Register-PSResourceRepository Set-PSResourceRepository',
    {
      positional: 'Name SourceLocation',
      named: 'InstallationPolicy ProviderName Uri Location PublishLocation',
      switches: 'Trusted Default',
      effects: [
        { effect: 'install-package', risk: 'watch', says: 'changes where software is installed from ({command})' },
        { effect: 'write-outside', risk: 'watch', says: 'changes where software is installed from ({command})' },
      ],
    },
  ),
  ...rows('Invoke-WmiMethod Invoke-CimMethod', {
    positional: 'ClassName MethodName Arguments',
    named: 'Class Name Path ArgumentList Query ComputerName InputObject Namespace CimSession Credential CimClass',
    run(call) {
      const described = call.raw;
      const process = [...call.words('ClassName'), ...call.words('Class'), ...call.words('Path')].some(({ text: name }) =>
        /win32_process$/i.test(name),
      );
      const creates = [...call.words('MethodName'), ...call.words('Name')].some(({ text: name }) => /^create$/i.test(name));
      if (call.has('ComputerName') || call.has('CimSession'))
        call.say({ effect: 'network', risk: 'watch', says: 'runs commands on another machine ({command})' });
      const [given] = [...call.given('Arguments'), ...call.given('ArgumentList')];
      if (process && creates && given) {
        const line = given.value.kind === 'map' ? (given.value.entries.get('commandline') ?? EMPTY) : (itemsOf(given.value)[0] ?? EMPTY);
        const words = taken({ text: textOfValue(line), range: given.range, raw: given.raw });
        const [first, ...rest] = words;
        if (first) runNamed(call, first, rest);
        return unknown();
      }
      call.say({
        effect: 'unresolved',
        risk: 'watch',
        says: `asks Windows’ management for what can’t be told before it runs (${readable(described, 50)})`,
      });
      return unknown();
    },
  }),
  'invoke-history': {
    positional: 'Id',
    effects: [{ effect: 'unresolved', risk: 'watch', says: 'runs an earlier command again, which can’t be told before it runs' }],
  },
  'invoke-sqlcmd': {
    positional: 'Query',
    named: 'ServerInstance Database Username Password InputFile ConnectionString Variable QueryTimeout OutputAs Credential',
    switches: 'TrustServerCertificate AbortOnError',
    reads: 'InputFile',
    run(call) {
      // The same as sqlcmd of its own, which knows what destroys a database.
      const server = call.word('ServerInstance');
      const words: Word[] = [
        { text: 'sqlcmd', range: call.range, raw: 'sqlcmd' },
        ...(server && !/^(\.|localhost|\(local\))(\\|$)/i.test(server.text) ? [{ ...server, text: '-S' }, server] : []),
        ...call.words('Query'),
      ];
      return call.machine.runWords(words, call.state, flowOf(EMPTY), call.range);
    },
  },
};

/** Code that reaches past what .NET lets it do. */
const HOSTILE_CODE =
  /DllImport|VirtualAlloc|CreateThread|Marshal\.|Process\.Start|WebClient|HttpClient|Socket|File\.(Delete|Write|Copy|Move)|Directory\.Delete|Registry|Assembly\.Load|GetDelegate/;

/** A program with its words, an address or a document that is opened. */
function runNamed(call: CmdletCall, program: Word, words: readonly Word[]): Value {
  if (/^(https?|ftp|mailto|ms-[\w-]+|vscode):/i.test(program.text)) {
    call.say({ effect: 'network', says: `opens ${readable(program.text)}` }, program.range);
    return EMPTY;
  }
  return call.runtime.words([program, ...words], text(''), call.range);
}
