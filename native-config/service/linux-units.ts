/** systemd's units for the service: docs/service.md says what each line is for. */

import type { Program } from './program.ts';

export const UNIT = 'holdpoint.service';
export const FAILSAFE_UNIT = 'holdpoint-failsafe.service';
export const RETRY_UNIT = 'holdpoint-retry.timer';

/**
 * What the failsafe has as well: it reads the same data, and dials the same hosts. Who may look at every process (CAP_SYS_PTRACE) could
 * write in every process's memory too, and so become root: the calls for that are @debug's, and two that are in @ipc.
 */
const SANDBOX = `User=holdpoint
Group=holdpoint
UMask=0077
LimitCORE=0
StateDirectory=holdpoint
StateDirectoryMode=0700
RuntimeDirectory=holdpoint
RuntimeDirectoryMode=0755
RuntimeDirectoryPreserve=yes
ConfigurationDirectory=holdpoint
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=read-only
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
RemoveIPC=yes
KeyringMode=private
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources @debug process_vm_readv process_vm_writev
SystemCallErrorNumber=EPERM`;

/** https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html, systemd.exec.html */
export function engineUnit(program: Program): string {
  return `[Unit]
Description=Holdpoint, the guard of this machine's AI agents
After=network.target nss-user-lookup.target
StartLimitIntervalSec=60
StartLimitBurst=5
OnFailure=${FAILSAFE_UNIT}

[Service]
Type=notify
NotifyAccess=all
ExecStart=${commandLine([program.node, program.script, 'engine', '--service'])}
Restart=always
RestartSec=250ms
RestartPreventExitStatus=2
TimeoutStartSec=50
TimeoutStopSec=15
WatchdogSec=30
WatchdogSignal=SIGKILL
LimitNOFILE=65536
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
AmbientCapabilities=CAP_SYS_PTRACE CAP_DAC_READ_SEARCH
CapabilityBoundingSet=CAP_SYS_PTRACE CAP_DAC_READ_SEARCH
${SANDBOX}

[Install]
WantedBy=multi-user.target
`;
}

/** Takes the engine's port while the engine cannot stay up; makes way as soon as it is tried again. */
export function failsafeUnit(program: Program): string {
  return `[Unit]
Description=Holdpoint's failsafe, while its engine cannot run
Conflicts=${UNIT}
After=${UNIT}
Wants=${RETRY_UNIT}

[Service]
ExecStart=${commandLine([program.node, program.script, 'failsafe', '--service'])}
Restart=on-failure
RestartSec=1s
TimeoutStopSec=5
LimitNOFILE=65536
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
AmbientCapabilities=
CapabilityBoundingSet=
${SANDBOX}
`;
}

/** Longer than the engine's starts are counted for: each try has all of them. */
export function retryTimer(): string {
  return `[Unit]
Description=Tries Holdpoint's engine again
PartOf=${FAILSAFE_UNIT}

[Timer]
Unit=${UNIT}
OnActiveSec=65s
AccuracySec=1s
`;
}

/** As systemd.service(5) has it: words in quotes, specifiers and variables undone. */
function commandLine(words: readonly string[]): string {
  return words
    .map((word) => word.replace(/[\\"]/g, '\\$&').replaceAll('%', '%%').replaceAll('$', '$$$$'))
    .map((word) => (/^[\w@%+=:,./\\$-]+$/.test(word) ? word : `"${word}"`))
    .join(' ');
}
