/** Cmdlets that change the machine: services, tasks, users, protections, disks, power. */

import { IDENTITY, readable } from '../../holes.ts';
import { wordsOfGiven } from '../binding.ts';
import { EMPTY, itemsOf, text, textOfValue, thing } from '../values.ts';
import { type Cmdlet, type CmdletCall, rows, type Said } from './cmdlet.ts';

const PRIVILEGE: readonly Said[] = [{ effect: 'privilege', risk: 'risk', says: 'changes this machine ({command})' }];
const PROTECTION: readonly Said[] = [{ effect: 'privilege', risk: 'risk', says: 'takes a protection of this machine away ({command})' }];
const DISK: readonly Said[] = [{ effect: 'destructive', risk: 'risk', says: 'rewrites a disk ({command})' }];
const DOWN: readonly Said[] = [{ effect: 'destructive', risk: 'risk', says: 'shuts this machine down or restarts it' }];
const STARTS: readonly Said[] = [
  { effect: 'persistence', risk: 'risk', says: 'changes what this machine runs by itself ({command})' },
  { effect: 'write-outside', risk: 'risk', says: 'changes what this machine runs by itself ({command})' },
];
const ANY = 'Name Id Path Value InputObject DisplayName Description Credential Scope ComputerName';

export const MACHINE: Readonly<Record<string, Cmdlet>> = {
  'stop-process': {
    positional: 'Id',
    named: 'Name InputObject',
    switches: 'Force PassThru',
    run(call) {
      const names = [
        ...call.words('Name'),
        ...call.words('Id').filter(({ text: id }) => !/^\d+$/.test(id)),
        ...call.given('InputObject').flatMap(wordsOfGiven),
      ].map((word) => word.text);
      const piped = itemsOf(call.input).flatMap((item) => (item.kind === 'thing' ? item.of.map(textOfValue) : []));
      for (const name of [...names, ...piped]) {
        if (/holdpoint/i.test(name)) judgeGuard(call, 'ends Holdpoint');
        else if (/^[*?]+$/.test(name))
          call.say({ effect: 'destructive', risk: 'risk', says: 'ends every program of this user ({command})' });
        else if (/^(explorer|lsass|winlogon|csrss|wininit|svchost|msmpeng|sense|csfalconservice|sysmon\w*)(\.exe)?$/i.test(name))
          call.say({ effect: 'privilege', risk: 'risk', says: 'ends a program that this machine needs ({command})' });
      }
      if (names.length === 0 && piped.length === 0 && itemsOf(call.input).some((item) => item.kind === 'thing' && item.type === 'process'))
        call.say({ effect: 'destructive', risk: 'risk', says: 'ends every program of this user ({command})' });
      call.say({ effect: 'runs-code', says: 'ends programs ({command})' });
      return EMPTY;
    },
  },
  ...rows('Start-Service Stop-Service Restart-Service Suspend-Service Resume-Service Set-Service', {
    positional: 'Name',
    named: `DisplayName InputObject StartupType Status Include Exclude Credential Description SecurityDescriptorSddl`,
    switches: 'Force PassThru NoWait',
    run(call) {
      const names = [...call.words('Name'), ...call.words('DisplayName')].map((word) => word.text);
      const piped = itemsOf(call.input).flatMap((item) => (item.kind === 'thing' ? item.of.map(textOfValue) : []));
      if ([...names, ...piped].some((name) => /holdpoint/i.test(name))) judgeGuard(call, 'changes Holdpoint’s service');
      call.say({ effect: 'privilege', risk: 'watch', says: 'changes what runs on this machine ({command})' });
      if (call.has('StartupType')) for (const said of STARTS) call.say(said);
      return EMPTY;
    },
  }),
  ...rows('New-Service', { positional: 'Name BinaryPathName', named: ANY, effects: [...STARTS, ...PRIVILEGE] }),
  ...rows('Remove-Service', {
    positional: 'Name',
    named: ANY,
    effects: [...PRIVILEGE, { effect: 'destructive', risk: 'watch', says: 'deletes a service ({command})' }],
  }),
  ...rows(
    'Register-ScheduledTask New-ScheduledTask Set-ScheduledTask Enable-ScheduledTask Register-ScheduledJob Set-ScheduledJob Add-JobTrigger Enable-JobTrigger',
    {
      positional: 'TaskName',
      named: `TaskPath Action Trigger User Password Settings Xml RunLevel Principal ScriptBlock FilePath Description InputObject`,
      switches: 'Force RunNow',
      effects: STARTS,
      run: () => thing('scheduled'),
    },
  ),
  'new-scheduledtaskaction': {
    named: 'Execute Argument WorkingDirectory Id',
    run: (call) => thing('action', ...call.given('Execute').map(({ value }) => value)),
  },
  'start-scheduledtask': {
    positional: 'TaskName',
    named: 'TaskPath',
    effects: [{ effect: 'unresolved', risk: 'watch', says: 'starts a task of this machine ({command})' }],
  },
  ...rows('Unregister-ScheduledTask Disable-ScheduledTask Stop-ScheduledTask Unregister-ScheduledJob Disable-ScheduledJob', {
    positional: 'TaskName',
    named: 'TaskPath InputObject',
    switches: 'Force',
    effects: [
      { effect: 'destructive', risk: 'watch', says: 'takes a task away that this machine runs ({command})' },
      { effect: 'write-outside', risk: 'watch', says: 'takes a task away that this machine runs ({command})' },
    ],
    run(call) {
      if (call.words('TaskName').some((word) => /holdpoint/i.test(word.text))) judgeGuard(call, 'takes Holdpoint’s task away');
      return EMPTY;
    },
  }),
  'set-executionpolicy': {
    positional: 'ExecutionPolicy Scope',
    switches: 'Force',
    run(call) {
      if (/^process$/i.test(call.word('Scope')?.text ?? '')) {
        call.say({ effect: 'runs-code', says: 'lets scripts run in this session ({command})' });
        return EMPTY;
      }
      call.say({ effect: 'persistence', risk: 'risk', says: 'changes for good which scripts may run ({command})' });
      call.say({ effect: 'privilege', risk: 'risk', says: 'changes for good which scripts may run ({command})' });
      return EMPTY;
    },
  },
  ...rows('Restart-Computer Stop-Computer Suspend-Computer', {
    positional: 'ComputerName',
    named: ANY,
    switches: 'Force Wait',
    effects: DOWN,
  }),
  ...rows(
    'Format-Volume Clear-Disk Initialize-Disk Remove-Partition Set-Partition New-Partition Resize-Partition New-Volume Set-Disk Reset-PhysicalDisk Remove-VirtualDisk Remove-StoragePool Optimize-Volume Repair-Volume Dismount-DiskImage Mount-DiskImage Remove-Volume',
    {
      positional: 'DriveLetter',
      named: `Number FileSystem NewFileSystemLabel ImagePath ${ANY}`,
      switches: 'Force RemoveData RemoveOEM Full',
      effects: DISK,
    },
  ),
  ...rows('Checkpoint-Computer Restore-Computer Disable-ComputerRestore Enable-ComputerRestore', {
    positional: 'Drive',
    named: ANY,
    effects: [...PROTECTION, ...DISK],
  }),
  ...rows('Clear-EventLog Remove-EventLog Limit-EventLog', {
    positional: 'LogName',
    named: ANY,
    effects: [{ effect: 'destructive', risk: 'risk', says: 'deletes this machine’s records ({command})' }],
  }),
  ...rows('Set-MpPreference Add-MpPreference Remove-MpPreference Remove-MpThreat', {
    named: `ExclusionPath ExclusionProcess ExclusionExtension ${ANY}`,
    effects: PROTECTION,
  }),
  ...rows('Set-Clipboard', { positional: 'Value', named: 'Path LiteralPath', switches: 'Append AsOSC52', gives: 'nothing' }),
  'get-clipboard': { named: 'Format TextFormatType Delimiter', switches: 'Raw', gives: 'private' },
  hostname: { run: () => text(IDENTITY) },
  ...rows('Set-WmiInstance New-CimInstance Set-CimInstance Remove-CimInstance Remove-WmiObject', {
    positional: 'ClassName',
    named: `Class Property Arguments Namespace Query Filter CimInstance ${ANY}`,
    run(call) {
      const described = [call.raw, ...call.words('ClassName').map((word) => word.text)].join(' ');
      if (/EventFilter|EventConsumer|FilterToConsumer|StartupCommand/i.test(described)) for (const said of STARTS) call.say(said);
      if (/ShadowCopy/i.test(described) || itemsOf(call.input).some((item) => item.kind === 'unknown' && call.name.startsWith('remove')))
        call.say({ effect: 'destructive', risk: 'risk', says: 'deletes what Windows’ management holds ({command})' });
      call.say({ effect: 'privilege', risk: 'watch', says: 'changes this machine through Windows’ management ({command})' });
      return EMPTY;
    },
  }),
  ...rows('Debug-Process', {
    positional: 'Name',
    effects: [{ effect: 'privilege', risk: 'watch', says: 'looks into another program ({command})' }],
  }),
  ...rows('New-PSSessionConfigurationFile', { positional: 'Path', writes: 'Path' }),
};

function judgeGuard(call: CmdletCall, what: string): void {
  call.say({ effect: 'disable-guard', risk: 'risk', says: `${what} (${readable(call.raw, 60)})` });
  call.say({ effect: 'privilege', risk: 'risk', says: `${what} (${readable(call.raw, 60)})` });
}
