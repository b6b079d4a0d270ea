/** Programs that change or describe the machine: registry, services, tasks, users, protections, power. */

import { NOTHING, UNKNOWN } from '../shell/machine.ts';
import { judgeVariable } from '../shell/variables.ts';
import { taken } from './command-line.ts';
import { rows, type Said, type WindowsProgram } from './program.ts';
import { judgeEnvironmentWrite, judgeRegistry } from './registry.ts';

const PRIVILEGE: readonly Said[] = [{ effect: 'privilege', risk: 'risk', says: 'changes this machine ({command})' }];
const STARTS: readonly Said[] = [
  { effect: 'persistence', risk: 'risk', says: 'changes what this machine runs by itself ({command})' },
  { effect: 'write-outside', risk: 'risk', says: 'changes what this machine runs by itself ({command})' },
];
const BACKUPS: readonly Said[] = [{ effect: 'destructive', risk: 'risk', says: 'deletes backups of this machine ({command})' }];
const RECORDS: readonly Said[] = [{ effect: 'destructive', risk: 'risk', says: 'deletes this machine’s records ({command})' }];
const SHOWS: readonly Said[] = [
  { effect: 'credential-access', risk: 'risk', says: 'shows a password or key ({command})' },
  { effect: 'read', risk: 'risk', says: 'shows a password or key ({command})' },
];
const GUARD: readonly Said[] = [
  { effect: 'disable-guard', risk: 'risk', says: 'ends or changes Holdpoint ({command})' },
  { effect: 'privilege', risk: 'risk', says: 'ends or changes Holdpoint ({command})' },
];
const PROXY: readonly Said[] = [
  { effect: 'disable-guard', risk: 'risk', says: 'changes the proxy that programs go through ({command})' },
  { effect: 'privilege', risk: 'risk', says: 'changes the proxy that programs go through ({command})' },
];
const LOOKS: readonly Said[] = [];

export const ADMINISTRATION: Readonly<Record<string, WindowsProgram>> = {
  reg: {
    takes: 'v t d s se reg',
    run(call) {
      const [verb, key, target] = call.operands;
      const { machine, range } = call;
      if (!verb) return UNKNOWN;
      const use = { name: call.value('v')?.text, value: call.value('d')?.text, range: key?.range ?? range };
      switch (verb.text.toLowerCase()) {
        case 'add':
          if (key) judgeRegistry({ key: key.text, verb: 'write', ...use }, machine);
          return NOTHING;
        case 'delete':
          if (key) judgeRegistry({ key: key.text, verb: 'delete', ...use }, machine);
          return NOTHING;
        case 'copy':
          if (target) judgeRegistry({ key: target.text, verb: 'write', ...use }, machine);
          return NOTHING;
        case 'import':
        case 'restore':
        case 'load':
        case 'unload':
          call.say({ effect: 'write-outside', risk: 'risk', says: 'changes the registry ({command})' });
          call.say({ effect: 'persistence', risk: 'watch', says: 'may change what this machine runs by itself ({command})' });
          if (key) machine.gathering.reads(verb.text.toLowerCase() === 'import' ? key : (target ?? key), call.state.cwd);
          return NOTHING;
        case 'save':
        case 'export':
          if (key) judgeRegistry({ key: key.text, verb: 'read', ...use }, machine);
          if (target) machine.gathering.writes(target, call.state.cwd);
          return NOTHING;
        default:
          if (key) judgeRegistry({ key: key.text, verb: 'read', ...use }, machine);
          return UNKNOWN;
      }
    },
  },
  regedit: {
    when: [
      { line: /[/-]e\b/, effects: LOOKS },
      { line: /\S/, effects: [...STARTS, ...PRIVILEGE] },
    ],
  },
  ...rows('regini secedit ntdsutil dsadd dsmod dsrm', { when: [{ line: /\S/, effects: PRIVILEGE }] }),
  sc: {
    when: [
      {
        line: /^(\\\\\S+ )?(query|queryex|qc|qdescription|qfailure|qprivs|getdisplayname|getkeyname|enumdepend|sdshow|qtriggerinfo)\b/,
        effects: LOOKS,
      },
      { line: /holdpoint/, effects: GUARD },
      { line: /^(\\\\\S+ )?(create|config|failure|triggerinfo|sdset)\b/, effects: [...STARTS, ...PRIVILEGE] },
      {
        line: /^(\\\\\S+ )?delete\b/,
        effects: [...PRIVILEGE, { effect: 'destructive', risk: 'watch', says: 'deletes a service ({command})' }],
      },
      { line: /\S/, effects: PRIVILEGE },
    ],
  },
  schtasks: {
    when: [
      { line: /^[/-]query\b|^$/, effects: LOOKS },
      { line: /holdpoint/, effects: GUARD },
      { line: /[/-]create\b|[/-]change\b/, effects: STARTS },
      {
        line: /[/-]delete\b|[/-]end\b/,
        effects: [
          { effect: 'destructive', risk: 'watch', says: 'takes a task away that this machine runs ({command})' },
          { effect: 'write-outside', risk: 'watch', says: 'takes a task away that this machine runs ({command})' },
        ],
      },
      { line: /[/-]run\b/, effects: [{ effect: 'unresolved', risk: 'watch', says: 'starts a task of this machine ({command})' }] },
    ],
    takes: 'tn tr sc mo d i st et sd ed s u p ru rp rl delay',
    run(call) {
      const task = call.value('tr');
      if (call.has('create') && task) for (const word of [task]) call.runWords(taken(word));
      return UNKNOWN;
    },
  },
  at: { when: [{ line: /\d:\d|[/-]delete/, effects: STARTS }] },
  ...rows('net net1', {
    when: [
      { line: /^(stop|pause) .*holdpoint/, effects: GUARD },
      {
        line: /^(user|localgroup|group|accounts|share|config|computer)\b.*\s[/-](add|delete|del|active|times|expires|passwordchg|passwordreq|minpwlen|maxpwage|forcelogoff|random|domain\b.*[/-]add|grant|remove|unlimited)/,
        effects: PRIVILEGE,
      },
      { line: /^user \S+ (?![/-])\S+/, effects: PRIVILEGE },
      { line: /^(start|stop|pause|continue) \S/, effects: PRIVILEGE },
      { line: /^use\b.*[/-]d(elete)?\b/, effects: LOOKS },
      { line: /^use\b.*\\\\/, effects: [{ effect: 'network', risk: 'watch', says: 'connects a folder of another machine ({command})' }] },
      {
        line: /^share \S+=/,
        effects: [...PRIVILEGE, { effect: 'network', risk: 'watch', says: 'opens a folder to other machines ({command})' }],
      },
      { line: /^(session|file)\b.*[/-](delete|close)/, effects: PRIVILEGE },
    ],
    gives: 'identity',
  }),
  netsh: {
    when: [
      { line: /key\s*=\s*clear/, effects: SHOWS },
      { line: /^(winhttp (set|import|reset)|.*\bproxy\b.*(set|import|reset|add))/, effects: PROXY },
      {
        line: /\b(export)\b/,
        effects: [{ effect: 'write-outside', risk: 'watch', says: 'writes down this machine’s settings ({command})' }],
      },
      {
        line: /\b(set|add|delete|reset|import|start|stop|connect|disconnect|exec|install|uninstall|portproxy add|-f)\b/,
        effects: PRIVILEGE,
      },
    ],
    gives: 'identity',
  },
  wmic: {
    when: [
      {
        line: /[/-]format:\S*(https?:|\\\\)/,
        effects: [{ effect: 'download-execute', risk: 'risk', says: 'runs what is on another machine ({command})' }],
      },
      { line: /shadowcopy.*delete/, effects: BACKUPS },
      { line: /holdpoint.*\b(delete|call)\b|name\s*=.*holdpoint/, effects: GUARD },
      {
        line: /\b(delete|terminate)\b/,
        effects: [
          { effect: 'destructive', risk: 'watch', says: 'deletes or ends something through Windows’ management ({command})' },
          ...PRIVILEGE,
        ],
      },
      {
        line: /\bcall\s+(?!create)|\bset\b|\bcreate\b(?!.*process)/,
        effects: [{ effect: 'privilege', risk: 'watch', says: 'changes this machine through Windows’ management ({command})' }],
      },
      { line: /[/-]node:/, effects: [{ effect: 'network', risk: 'watch', says: 'asks another machine ({command})' }] },
    ],
    run(call) {
      const at = call.words.findIndex(({ text }, index) => /^create$/i.test(text) && /^call$/i.test(call.words[index - 1]?.text ?? ''));
      const line = call.words.slice(at + 1);
      if (at >= 0 && /\bprocess\b/.test(call.line) && line[0]) call.runWords(line.length === 1 ? taken(line[0]) : line);
      return { kind: 'unknown', holds: 'identity' };
    },
  },
  vssadmin: {
    when: [
      { line: /^(delete|resize|revert)\b/, effects: BACKUPS },
      { line: /^create\b/, effects: PRIVILEGE },
    ],
  },
  wbadmin: {
    when: [
      { line: /^(delete|disable|stop|start (recovery|sysrecovery|systemstaterecovery))\b/, effects: [...BACKUPS, ...PRIVILEGE] },
      { line: /^(start|enable)\b/, effects: PRIVILEGE },
    ],
  },
  bcdedit: {
    when: [
      { line: /^[/-](enum|v|\?)|^$/, effects: LOOKS },
      { line: /\S/, effects: [{ effect: 'destructive', risk: 'risk', says: 'changes how this machine starts ({command})' }, ...PRIVILEGE] },
    ],
  },
  ...rows('bootrec bootsect bcdboot reagentc', {
    when: [
      { line: /[/-]info/, effects: LOOKS },
      { line: /\S/, effects: [{ effect: 'destructive', risk: 'risk', says: 'changes how this machine starts ({command})' }, ...PRIVILEGE] },
    ],
  }),
  wevtutil: { when: [{ line: /^(cl|clear-log|sl|set-log|um|uninstall-manifest|im|install-manifest)\b/, effects: RECORDS }] },
  auditpol: {
    when: [
      { line: /[/-](get|list)\b/, effects: LOOKS },
      { line: /\S/, effects: [...PRIVILEGE, ...RECORDS] },
    ],
  },
  shutdown: {
    when: [
      { line: /^[/-]a\b/, effects: LOOKS },
      { line: /^[/-]\?|^$/, effects: LOOKS },
      { line: /\S/, effects: [{ effect: 'destructive', risk: 'risk', says: 'shuts this machine down or restarts it' }] },
    ],
  },
  ...rows('logoff tsdiscon tscon', { effects: [{ effect: 'destructive', risk: 'watch', says: 'logs a person off ({command})' }] }),
  ...rows('runas gsudo sudo psexec psexec64 paexec elevate nircmd', {
    takes: 'user u p profile',
    effects: [{ effect: 'privilege', risk: 'risk', says: 'runs as administrator or as another user ({command})' }],
    run(call) {
      const rest = call.operands.filter(({ text }) => !/^\\\\/.test(text));
      if (call.operands.some(({ text }) => /^\\\\/.test(text)))
        call.say({ effect: 'network', risk: 'watch', says: 'runs commands on another machine ({command})' });
      if (rest[0]) return call.runWords(rest.length === 1 ? taken(rest[0]) : call.words.slice(call.words.indexOf(rest[0])));
      return UNKNOWN;
    },
  }),
  setx: {
    takes: 's u p f k',
    run(call) {
      const [name, value] = call.operands;
      if (!name) return NOTHING;
      judgeVariable({ name: name.text, value: value?.text ?? '', range: call.range }, call.state, call.machine);
      judgeEnvironmentWrite(name.text, value?.text ?? '', call.range, call.machine);
      return NOTHING;
    },
  },
  ...rows('taskkill tskill', {
    takes: 'im pid fi s u p',
    effects: [{ effect: 'runs-code', says: 'ends programs ({command})' }],
    when: [
      { line: /holdpoint/, effects: GUARD },
      {
        line: /[/-]im \*(\s|$)|username eq/,
        effects: [{ effect: 'destructive', risk: 'risk', says: 'ends every program of this user ({command})' }],
      },
      {
        line: /\b(explorer|lsass|winlogon|csrss|wininit|svchost|msmpeng|mssense|sysmon\w*)(\.exe)?\b/,
        effects: [{ effect: 'privilege', risk: 'risk', says: 'ends a program that this machine needs ({command})' }],
      },
    ],
  }),
  ...rows('whoami hostname systeminfo getmac ipconfig quser query nltest driverquery gpresult klist', {
    when: [
      {
        line: /\/(flushdns|release|renew|registerdns)|purge/,
        effects: [{ effect: 'runs-code', says: 'changes the network’s state ({command})' }],
      },
    ],
    gives: 'identity',
  }),
  set: { gives: 'environment' },
  ...rows(
    'tasklist ver vol chcp mode powercfg w32tm tzutil fltmc verifier sfc gpupdate dxdiag msinfo32 winver netstat route arp nbtstat pathping tracert openfiles sysdm eventvwr perfmon resmon',
    {
      when: [
        {
          line: /^(add|delete|change|-f|-p add|-s|-d) |\/(set|hibernate|h|change|import|delete|requestsoverride|resync|config|register|unregister)\b|^(load|unload|detach) |\/(scannow|standard|all|driver|reset)\b/,
          effects: PRIVILEGE,
        },
      ],
      gives: 'measure',
    },
  ),
  ...rows('dism pnputil wusa', {
    when: [
      { line: /[/-](get-\w+|enum-\w+|checkhealth|scanhealth|list|\?)/, effects: LOOKS },
      { line: /\S/, effects: PRIVILEGE },
    ],
  }),
};
