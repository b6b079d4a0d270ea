/** Cmdlets that look, print, format and compute. */

import { FILLER } from '../../holes.ts';
import { EMPTY, flowOf, itemsOf, listOf, text, thing, unknown } from '../values.ts';
import { type Cmdlet, rows } from './cmdlet.ts';

export const CALM: Readonly<Record<string, Cmdlet>> = {
  ...rows(
    'Select-Object Sort-Object Group-Object Get-Unique Format-Table Format-List Format-Wide Format-Custom Out-String Out-Host Format-Hex ConvertTo-Html ConvertTo-Xml',
    {
      positional: 'Property',
      named:
        'First Last Skip SkipLast Index Unique ExpandProperty ExcludeProperty Width GroupBy View Depth Count Encoding InputObject Path LiteralPath Culture Top Bottom Head Title Body',
      switches:
        'Descending AutoSize Wrap HideTableHeaders NoNewline Stream CaseSensitive NoElement AsHashTable AsString Force RepeatHeader',
      gives: 'input',
    },
  ),
  ...rows('Measure-Object Compare-Object Get-Member', {
    positional: 'Property',
    named: 'InputObject ReferenceObject DifferenceObject',
    switches: 'Line Word Character Sum Average Maximum Minimum',
    gives: 'measure',
  }),
  ...rows(
    'Write-Host Write-Verbose Write-Debug Write-Warning Write-Error Write-Information Write-Progress Out-Null Out-GridView Clear-Host Out-Default Write-EventLog',
    {
      positional: 'Object',
      named: 'ForegroundColor BackgroundColor Separator Message Activity Status PercentComplete Id Tags',
      rest: true,
      gives: 'nothing',
    },
  ),
  'write-output': {
    positional: 'InputObject',
    switches: 'NoEnumerate',
    rest: true,
    run: ({ given, input }) => (given('InputObject').length > 0 ? listOf(given('InputObject').map(({ value }) => value)) : input),
  },
  ...rows(
    'ConvertFrom-Json ConvertFrom-Csv ConvertFrom-StringData ConvertTo-Json ConvertTo-Csv ConvertFrom-Markdown ConvertFrom-String ConvertTo-CliXml ConvertFrom-CliXml',
    {
      positional: 'InputObject',
      named: 'Depth Delimiter Header Culture',
      switches: 'Compress AsHashtable AsArray NoTypeInformation UseCulture NoEnumerate EnumsAsStrings',
    },
  ),
  'join-path': {
    positional: 'Path ChildPath AdditionalChildPath',
    switches: 'Resolve',
    rest: true,
    run(call) {
      const parts = ['Path', 'ChildPath', 'AdditionalChildPath'].flatMap((name) => call.words(name).map((word) => word.text));
      return text(parts.reduce((path, part) => (path === '' ? part : `${path.replace(/[\\/]$/, '')}/${part.replace(/^[\\/]+/, '')}`), ''));
    },
  },
  'split-path': {
    positional: 'Path',
    named: 'LiteralPath',
    switches: 'Parent Leaf LeafBase Extension Qualifier NoQualifier IsAbsolute Resolve',
    run(call) {
      const path = call.word('Path')?.text ?? call.word('LiteralPath')?.text;
      if (path === undefined) return call.input;
      if (call.has('Leaf') || call.has('LeafBase')) return text(path.replace(/^.*[\\/](?=.)/s, ''));
      return call.has('Extension') || call.has('IsAbsolute') || call.has('Qualifier')
        ? text(FILLER)
        : text(path.replace(/[\\/][^\\/]*$/, '') || '.');
    },
  },
  ...rows('Resolve-Path Convert-Path', {
    positional: 'Path',
    named: 'LiteralPath RelativeBasePath',
    switches: 'Relative',
    run: (call) =>
      call.has('Path') || call.has('LiteralPath')
        ? { kind: 'paths', patterns: [...call.words('Path'), ...call.words('LiteralPath')].map((word) => word.text) }
        : call.input,
  }),
  ...rows(
    'Test-Path Test-Connection Test-NetConnection Get-FileHash Get-Acl Get-AuthenticodeSignature Get-Random Get-SecureRandom New-Guid Get-Date New-TimeSpan Get-Culture Get-UICulture Get-TimeZone Get-Host Get-ExecutionPolicy Get-Verb Test-Json Get-Error',
    {
      positional: 'Path',
      named:
        'LiteralPath Algorithm Format UFormat Count Minimum Maximum InputObject Property PathType Date Year Month Day Hour Minute Second ComputerName TargetName Port Schema Start End Days Hours Minutes Seconds Filter',
      gives: 'measure',
    },
  ),
  ...rows('Get-Process', {
    positional: 'Name',
    named: 'Id IncludeUserName Module',
    run: (call) => thing('process', ...call.given('Name').map(({ value }) => value)),
  }),
  ...rows('Get-Service', {
    positional: 'Name',
    named: 'DisplayName Include Exclude',
    run: (call) => thing('service', ...call.given('Name').map(({ value }) => value)),
  }),
  ...rows(
    'Get-Command Get-Help Get-Alias Get-Module Get-History Get-Job Receive-Job Wait-Job Wait-Process Wait-Event Get-PSDrive Get-PSProvider Get-ScheduledTask Get-ScheduledTaskInfo Get-EventLog Get-WinEvent Get-Counter Get-HotFix Get-Package Get-PackageProvider Get-PackageSource Get-PSRepository Get-InstalledModule Get-ComputerInfo Get-Disk Get-Volume Get-Partition Get-PhysicalDisk Get-NetAdapter Get-NetRoute Get-NetFirewallProfile Get-NetFirewallRule Get-DnsClient Get-DnsClientServerAddress Get-MpComputerStatus Get-MpPreference Get-MpThreat Get-WindowsFeature Get-WindowsOptionalFeature Get-AppxPackage Get-PSBreakpoint Get-PSCallStack Get-TypeData Get-FormatData Get-Event Get-EventSubscriber Get-Runspace Get-PSSession Get-CimInstance Get-CimClass Get-WmiObject Get-CimAssociatedInstance Get-LocalUser Get-LocalGroup Get-LocalGroupMember Get-Printer Get-Website Get-Uptime Get-PSReadLineKeyHandler Get-ChildItemColor Find-Module Find-Package Find-Script Find-Command Select-Xml Get-StartApps Get-BitLockerVolume Get-SmbShare Get-SmbMapping Get-VM Get-Tpm Get-DnsClientCache Get-MpThreatDetection Show-Command Get-NetUDPEndpoint Get-WinSystemLocale Get-Clipboard Compare-Version Get-Variable Trace-Command Test-ModuleManifest Test-ScriptFileInfo Get-AzContext Get-PSResource Find-PSResource Get-InstalledPSResource Get-InstalledScript Get-ItemPropertyNames Get-WindowsUpdateLog Get-PSHostProcessInfo Get-ControlPanelItem Get-Transaction',
    {
      positional: 'Name',
      named:
        'Id ListName LogName Newest EntryType After Before Source MaxEvents FilterHashtable Parameter Category Module ModuleName CommandType Definition Repository ClassName Class Query Filter Namespace ComputerName Property TaskName TaskPath Scope ProviderName PSProvider DriveLetter Number Path Content XPath Job Timeout State Signature Version RequiredVersion MinimumVersion LogLevel',
      switches:
        'Full Detailed Examples Online Wait Keep AutoRemoveJob ListAvailable All AllVersions ValueOnly AsPlainText Raw Syntax List ShowWindow AllUsers',
      rest: true,
      gives: 'unknown',
    },
  ),
  ...rows('Get-NetTCPConnection Get-NetIPAddress Get-NetIPConfiguration Get-NetNeighbor Get-NetIPInterface', {
    named: 'LocalPort LocalAddress RemotePort RemoteAddress State OwningProcess InterfaceAlias AddressFamily',
    gives: 'identity',
  }),
  'get-psreadlineoption': { run: () => thing('psreadlineoption') },
  ...rows(
    'Set-StrictMode Set-PSDebug Set-PSReadLineOption Set-PSReadLineKeyHandler Set-PSBreakpoint Remove-PSBreakpoint Enable-PSBreakpoint Disable-PSBreakpoint Start-Sleep Remove-Job Stop-Job Suspend-Job Resume-Job Remove-Module Remove-Event Unregister-Event New-Event Add-Member Update-TypeData Update-FormatData Set-TraceSource Push-Transaction Start-Transaction Clear-Variable Clear-History Remove-Variable Remove-TypeData Remove-PSSession Remove-CimSession Exit-PSSession Disconnect-PSSession Import-LocalizedData Set-Culture Assert-MockCalled Should Add-History Write-Progress New-ScheduledTaskTrigger New-ScheduledTaskSettingsSet New-ScheduledTaskPrincipal New-CimSessionOption New-PSSessionOption Set-TestInconclusive Export-ModuleMember Update-Help Update-MpSignature Start-MpScan Stop-Transcript Remove-Alias Out-Printer Beep Set-ConsoleFont Use-Culture',
    {
      positional: 'Value',
      named: 'Seconds Milliseconds Id Name Job Scope Duration Version',
      switches: 'Force Off Trace Strict',
      rest: true,
      gives: 'nothing',
    },
  ),
  ...rows(
    'Invoke-Pester Invoke-ScriptAnalyzer Invoke-Build Invoke-psake Invoke-Formatter Describe Context It BeforeAll BeforeEach AfterAll Mock InModuleScope',
    {
      positional: 'Path',
      named: 'ScriptBlock Output Configuration Tag ExcludeTag Container Severity Settings Task File CodeCoverage TestName',
      switches: 'Recurse Fix PassThru CI EnableExit',
      rest: true,
      effects: [{ effect: 'runs-code', says: 'runs this project’s own code ({command})' }],
      run(call) {
        for (const { value } of [...call.given('Path'), ...call.given('ScriptBlock'), ...call.rest])
          if (value.kind === 'block') call.runtime.call(value, undefined, []);
        return unknown();
      },
    },
  ),
  'get-location': { run: ({ state }) => (state.cwd === undefined ? unknown() : { kind: 'paths', patterns: [state.cwd] }) },
  'new-temporaryfile': { run: () => ({ kind: 'paths', patterns: [`/tmp/tmp${FILLER}.tmp`] }) },
  'tee-object': {
    positional: 'FilePath',
    named: 'LiteralPath Variable InputObject Encoding',
    switches: 'Append',
    writes: 'FilePath LiteralPath',
    run(call) {
      const given = call.given('InputObject')[0]?.value ?? call.input;
      const variable = call.word('Variable');
      if (variable) call.runtime.state.variables.set(variable.text.toLowerCase(), given);
      for (const file of [...call.words('FilePath'), ...call.words('LiteralPath')])
        call.machine.disk.files.set(call.machine.gathering.paths.place(file.text, call.state.cwd).path, flowOf(given));
      return given;
    },
  },
  'read-host': { positional: 'Prompt', switches: 'AsSecureString MaskInput', gives: 'unknown' },
  ...rows('Set-Variable New-Variable', {
    positional: 'Name Value',
    named: 'Scope Option Description Visibility',
    switches: 'Force PassThru',
    run(call) {
      const name = call.word('Name');
      if (name) call.runtime.state.variables.set(name.text.toLowerCase(), call.value('Value') ?? call.input);
      return EMPTY;
    },
  }),
  ...rows('Set-Alias New-Alias', {
    positional: 'Name Value',
    named: 'Scope Option Description',
    switches: 'Force PassThru',
    run(call) {
      const [name, value] = [call.word('Name'), call.word('Value')];
      if (name && value) call.runtime.state.aliases.set(name.text.toLowerCase(), value.text);
      return EMPTY;
    },
  }),
  'get-random': {
    positional: 'Maximum',
    named: 'Minimum InputObject Count SetSeed',
    run: (call) => (call.has('InputObject') ? call.value('InputObject') : itemsOf(call.input).length > 0 ? call.input : text(FILLER)),
  },
  'select-string': {
    positional: 'Pattern Path',
    named: 'LiteralPath InputObject Include Exclude Encoding Context Culture',
    switches: 'SimpleMatch CaseSensitive Quiet List NotMatch AllMatches Raw NoEmphasis',
    run(call) {
      const files = [...call.words('Path'), ...call.words('LiteralPath')];
      for (const file of files) call.machine.gathering.reads(file, call.state.cwd, /[*?]/.test(file.text));
      if (files.length === 0 && call.input.kind === 'paths')
        for (const pattern of call.input.patterns)
          call.machine.gathering.reads({ text: pattern, range: call.range, raw: pattern }, call.state.cwd, true);
      return call.has('List') ? call.input : undefined;
    },
  },
  'measure-command': {
    positional: 'Expression',
    named: 'InputObject',
    run(call) {
      const block = call.value('Expression');
      if (block) call.runtime.call(block, undefined, []);
      return text(FILLER);
    },
  },
};
