/** Cmdlets that are on no list: their verb says what kind of thing they do, and their noun to what (Approved Verbs for PowerShell Commands). */

import type { Gathering, Range } from '../../gathering.ts';
import { readable } from '../../holes.ts';

/** Verbs that only look, compute, print or prepare. */
const LOOKS =
  /^(get|test|measure|select|where|format|out|sort|group|compare|convertto|convertfrom|convert|show|find|resolve|split|join|write|read|search|watch|trace|assert|should|describe|expand|confirm|debug|wait|pop|push|step|skip|use|new|enter|exit|edit)$/i;
/** Verbs that change or end something that stays. */
const CHANGES =
  /^(set|remove|clear|reset|uninstall|disable|enable|stop|restart|start|dismount|unregister|revoke|deny|block|suspend|grant|register|install|restore|initialize|add|publish|update|rename|move|undo|repair|unblock|unprotect|unlock|lock|protect|mount|switch|sync|merge|optimize|resize|redo|approve|save|send|import|export|backup|checkpoint|copy|connect|disconnect|deploy|upgrade|delete|destroy|kill)$/i;
const LOSES = /^(remove|clear|reset|uninstall|unregister|dismount|revoke|restore|delete|destroy|format)$/i;
/** Nouns of the machine itself: protections, users, network, disks, system. */
const MACHINE =
  /^(Mp[A-Z]|Net(Firewall|Adapter|Ip|Route|Nat|Proxy)|Firewall|Local(User|Group)|AD[A-Z]|GPO?|BitLocker|Tpm|Dns(Client|Server)|Windows|AppLocker|ProcessMitigation|SecureBoot|Smb|WSMan|PSRemoting|PSSessionConfiguration|Vm|VHD|Hyper|IIS|Web(App|Site|Binding|Config)|Computer|Service|Printer|Dsc|Exploit|AppvClient|Kds|Certificate|Pfx|CIPolicy|Event|Disk|Volume|Partition|PhysicalDisk|Storage|Share|Cluster|Mailbox|Transport|User|Group|TimeZone|WinSystemLocale|WinUserLanguage|Language|Culture|ODBC|Odbc|NetConnection|Dtc|Uev|Provisioning|Autologon|Defender|Tls|ExecutionPolicy|Appx|PnpDevice|NetQos|Vpn|AssignedAccess|Tamper|Proxy|MMAgent)/i;
/** Nouns of services elsewhere. */
const CLOUD = /^(Az|AWS|EC2|S3|IAM|RDS|LM|CFN|ECS|SSM|GC[A-Z]|Gcs|Mg|Entra|SPO|Pnp[A-Z]|Teams|EXO|VMHost|GitHub|Octopus|Azure|Docker|Kube)/;
const CERTIFICATES = /^(Certificate|PfxCertificate|CertificateStore)/i;

/** Says what it can, and whether that settles it: a project's own functions have such names as well, and run its code. */
export function judgeUnknownCmdlet(name: string, raw: string, range: Range, gathering: Gathering): boolean {
  const [verb = '', noun = ''] = name.split(/-(.*)/s);
  const shown = readable(raw, 60);
  gathering.program(readable(name, 80));
  if (!LOOKS.test(verb) && !CHANGES.test(verb)) {
    gathering.effect('runs-code', 'plain', `runs ${readable(name)}, which Holdpoint does not know`, range);
    if (/^(invoke|start|request|submit|complete)$/i.test(verb) && (MACHINE.test(noun) || CLOUD.test(noun)))
      gathering.effect('unresolved', 'watch', `asks for what Holdpoint does not know (${shown})`, range);
    return true;
  }
  if (LOOKS.test(verb) && !(/^new$/i.test(verb) && (MACHINE.test(noun) || CLOUD.test(noun)))) {
    gathering.effect('runs-code', 'plain', `runs ${readable(name)}`, range);
    return true;
  }
  if (CERTIFICATES.test(noun)) {
    gathering.effect('disable-guard', 'risk', `changes which certificates this machine trusts (${shown})`, range);
    gathering.effect('privilege', 'risk', `changes which certificates this machine trusts (${shown})`, range);
  } else if (CLOUD.test(noun)) {
    gathering.effect('network', 'watch', `changes something elsewhere (${shown})`, range);
    if (LOSES.test(verb)) gathering.effect('destructive', 'risk', `deletes something in the cloud (${shown})`, range);
  } else if (MACHINE.test(noun)) {
    gathering.effect('privilege', 'risk', `changes this machine (${shown})`, range);
    if (LOSES.test(verb)) gathering.effect('destructive', 'watch', `takes something of this machine away (${shown})`, range);
  } else if (LOSES.test(verb) || /^(set|enable|disable|install|register|grant|unblock|unprotect|protect|stop|send|publish)$/i.test(verb)) {
    gathering.effect('unresolved', 'watch', `changes something in a way that Holdpoint does not know (${shown})`, range);
  }
  gathering.effect('runs-code', 'plain', `runs ${readable(name)}, which Holdpoint does not know`, range);
  return true;
}
