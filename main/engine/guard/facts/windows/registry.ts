/** The registry: what a key makes run by itself, what it protects, and what it keeps. */

import type { Range } from '../gathering.ts';
import { isOpen, readable } from '../holes.ts';
import { GUARD_VALUES, GUARD_VARIABLES, LOADING_VARIABLES } from '../programs/variables.ts';
import type { Machine } from '../shell/machine.ts';

export interface RegistryUse {
  /** As written: `HKCU:\…`, `HKLM\…`, `Registry::HKEY_…`. */
  readonly key: string;
  readonly name?: string | undefined;
  readonly value?: string | undefined;
  readonly verb: 'read' | 'write' | 'delete';
  readonly range: Range;
}

/** Keys whose entries run when somebody logs on, opens a shell or starts a program. */
const STARTS =
  /\\(CurrentVersion\\(Run|RunOnce|RunOnceEx|RunServices\w*|Policies\\Explorer\\Run|Winlogon|Windows|Image File Execution Options|SilentProcessExit|ShellServiceObjectDelayLoad|Explorer\\(Shell Folders|User Shell Folders|Browser Helper Objects|ShellExecuteHooks|FileExts)|AppCompatFlags|Schedule|Drivers32)|Command Processor|Active Setup|Session Manager|Services(\\|$)|Control\\(Lsa|SecurityProviders|Print)|shell\\open\\command|shell\\[^\\]+\\command|InprocServer32|LocalServer32|Environment$|Control Panel\\Desktop|Environment\\?$|Classes\\[^\\]+\\shell|TreatAs|ProgIDs?|Office\\[\d.]+\\\w+\\(Addins|Options)|PowerShell\\[^\\]*\\?(Microsoft\.PowerShell|ScriptBlockLogging)|Terminal Server)/i;
/** Keys that switch protections off. */
const PROTECTS =
  /\\(Windows Defender|Windows Advanced Threat Protection|WindowsFirewall|SharedAccess|Policies\\System|Microsoft\\AMSI|Security Center|Policies\\Microsoft|SystemCertificates|EnterpriseCertificates|Certificates|Internet Settings|SafeBoot|WinHttp|Eventlog|CI\\Config|DeviceGuard|SecureBoot|LanmanServer|RemoteRegistry|ExecutionPolicy|ShellIds)/i;
const SECRET =
  /^(HKLM|HKEY_LOCAL_MACHINE):?\\+(SAM|SECURITY|SYSTEM)(\\?$|\\Control\\Lsa|\\Policy)|\\(PuTTY\\Sessions|SimonTatham|WinSCP|RealVNC|TightVNC|OpenSSH\\Agent|IntelliForms|Credentials|Vault|Winlogon)/i;

/** Whether a word is a place in the registry rather than a file. */
export function isRegistry(word: string): boolean {
  return (
    /^(Microsoft\.PowerShell\.Core\\)?(Registry::)?(HKLM|HKCU|HKCR|HKU|HKCC|HKEY_\w+):?([\\/]|$)/i.test(word) || /^registry::/i.test(word)
  );
}

export function judgeRegistry({ key, name, value, verb, range }: RegistryUse, { gathering }: Machine): void {
  const plain = key
    .replace(/^(Microsoft\.PowerShell\.Core\\)?Registry::/i, '')
    .replaceAll('/', '\\')
    .replace(/:(?=\\|$)/, '');
  const shown = readable(plain, 60);
  if (verb === 'read') {
    const secret = SECRET.test(plain);
    const says = secret ? `reads ${shown} in the registry, where passwords or keys are kept` : `reads the registry (${shown})`;
    gathering.effect('read', secret ? 'risk' : 'plain', says, range);
    if (secret) gathering.effect('credential-access', 'risk', says, range);
    return;
  }
  if (isOpen(plain)) gathering.effect('unresolved', 'watch', 'changes a part of the registry that can’t be told before it runs', range);
  if (/holdpoint/i.test(plain)) gathering.effect('disable-guard', 'risk', `changes what Holdpoint keeps in the registry (${shown})`, range);
  if (PROTECTS.test(plain)) gathering.effect('privilege', 'risk', `changes a protection of this machine in the registry (${shown})`, range);
  if (/Internet Settings|WinHttp/i.test(plain) && /proxy|autoconfig/i.test(name ?? 'proxy'))
    gathering.effect('disable-guard', 'risk', 'changes the proxy that programs go through', range);
  if (/\\Environment\\?$/i.test(plain)) judgeLastingVariable(name ?? '', value ?? '', range, gathering.effect);
  if (verb === 'delete') {
    gathering.effect('destructive', 'watch', `deletes ${shown} from the registry`, range);
    gathering.effect('write-outside', 'risk', `deletes ${shown} from the registry`, range);
    return;
  }
  if (STARTS.test(plain)) gathering.effect('persistence', 'risk', `changes what runs by itself, in the registry (${shown})`, range);
  gathering.effect(
    'write-outside',
    STARTS.test(plain) || PROTECTS.test(plain) ? 'risk' : 'watch',
    `changes the registry (${shown})`,
    range,
  );
}

/** A variable that stays for every program that starts from now on. */
export function judgeEnvironmentWrite(name: string, value: string, range: Range, { gathering }: Machine): void {
  judgeLastingVariable(name, value, range, gathering.effect);
  gathering.effect('persistence', 'risk', `changes the variable ${readable(name, 40)} for good`, range);
  gathering.effect('write-outside', 'watch', `changes the variable ${readable(name, 40)} for good`, range);
}

function judgeLastingVariable(name: string, value: string, range: Range, effect: Machine['gathering']['effect']): void {
  if (GUARD_VARIABLES.test(name) || GUARD_VALUES.some(([names, values]) => names.test(name) && values.test(value)))
    effect('disable-guard', 'risk', `takes programs out of Holdpoint’s sight (${readable(name, 40)})`, range);
  if (LOADING_VARIABLES.test(name))
    effect('unresolved', 'risk', `makes other programs load ${readable(value, 60) || 'something'} (${readable(name, 40)})`, range);
}
